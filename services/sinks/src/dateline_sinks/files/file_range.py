"""The offsets that a file covers, as the file itself states them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from dateline.sink.place import SinkPlace

__all__ = ["FileRange"]

FORMAT = 1
"""Version of the layout of the files; a later version that older readers cannot read gets another number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRange:
    """The offsets that a file covers, and whose they are.

    Attributes:
        cluster_id: the id of the Kafka cluster.
        group: the consumer group that wrote the file.
        topic: full name of the topic.
        partition: number of the partition.
        first_offset: the first offset that the file covers, which is its name.
        next_offset: the offset after the last one.
    """

    cluster_id: str
    group: str
    topic: str
    partition: int
    first_offset: int
    next_offset: int

    @classmethod
    def of(cls, place: SinkPlace, first_offset: int, next_offset: int) -> "FileRange":
        """Return the range of a place."""
        return cls(
            cluster_id=place.cluster_id,
            group=place.group,
            topic=place.topic,
            partition=place.partition,
            first_offset=first_offset,
            next_offset=next_offset,
        )

    def fields(self) -> dict[str, str]:
        """Return the range as names and texts, which every kind of file can hold."""
        return {"format": str(FORMAT), **{name: str(value) for name, value in asdict(self).items()}}

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> "FileRange":
        """Return the range that `fields` state.

        Raises:
            ValueError: a field is missing or invalid.
        """
        try:
            if int(fields["format"]) != FORMAT:
                raise ValueError(f"format {fields['format']} is written by another version of this program")
            return cls(
                cluster_id=fields["cluster_id"],
                group=fields["group"],
                topic=fields["topic"],
                partition=int(fields["partition"]),
                first_offset=int(fields["first_offset"]),
                next_offset=int(fields["next_offset"]),
            )
        except KeyError as error:
            raise ValueError(f"the field {error} is missing") from error
