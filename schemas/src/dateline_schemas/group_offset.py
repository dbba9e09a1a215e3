"""The record that a group was given initial offsets on a partition."""

from pydantic import Field

from dateline_schemas.contract import Contract, Timestamp

__all__ = ["GroupOffset"]


class GroupOffset(Contract):
    """Value of `groups`: tells a group that lost its committed offsets from one that is new."""

    group: str = Field(min_length=1, description="Consumer group.")
    topic: str = Field(min_length=1, description="Full name of the topic.")
    partition: int = Field(ge=0, description="Number of the partition.")
    offset: int = Field(ge=0, description="The offset that the group started from.")
    created: Timestamp = Field(description="When it was given.")

    @staticmethod
    def key_of(group: str, topic: str, partition: int) -> bytes:
        """The record key `group|topic|partition`."""
        # A topic holds no bar, so the key is unambiguous when it is read from the right.
        return f"{group}|{topic}|{partition}".encode()

    def to_record(self) -> tuple[bytes, bytes]:
        """Key and value to publish."""
        return self.key_of(self.group, self.topic, self.partition), self.to_bytes()
