"""The record of a group's initial offset on a partition."""

from typing import Literal

from pydantic import Field

from dateline_schemas.contract import Contract, Timestamp

__all__ = ["GroupOffset", "GroupRole"]

GroupRole = Literal["pipeline", "consumer"]
"""A group of the pipeline decides about its health; a consumer's group does not."""


class GroupOffset(Contract):
    """Value of `groups`: it distinguishes a group that has lost its committed offsets from a new one."""

    group: str = Field(min_length=1, description="Consumer group.")
    topic: str = Field(min_length=1, description="Full name of the topic.")
    partition: int = Field(ge=0, description="Number of the partition.")
    offset: int = Field(ge=0, description="Offset that the group started from.")
    created: Timestamp = Field(description="Time when the offset was assigned.")
    role: GroupRole | None = Field(
        default=None,
        description="Whether the group is part of the pipeline or somebody's consumer; null in earlier records.",
    )
    host: str | None = Field(default=None, description="Name of the machine on which the group was started.")
    user: str | None = Field(default=None, description="Name of the user who started it.")
    program: str | None = Field(default=None, description="What was started, such as `dateline run headlines`.")
    changelog: str | None = Field(default=None, description="Full name of the topic with the group's state.")
    output: str | None = Field(default=None, description="Full name of the topic that the group writes its results to.")

    @staticmethod
    def key_of(group: str, topic: str, partition: int) -> bytes:
        """Return the record key `group|topic|partition`."""
        # A topic name contains no bar, so the key is unambiguous if it is split from the right.
        return f"{group}|{topic}|{partition}".encode()

    def to_record(self) -> tuple[bytes, bytes]:
        """Return the key and value to publish."""
        return self.key_of(self.group, self.topic, self.partition), self.to_bytes()
