"""Records that were read, and records to write."""

from typing import Any, NamedTuple

__all__ = ["Headers", "Output", "Record"]

Headers = tuple[tuple[str, bytes], ...]
"""Header names and values, in order; a name may occur several times."""


# Named tuples, because both are created for each record, and a frozen dataclass takes three times as long.
class Record(NamedTuple):
    """One record of a partition.

    Attributes:
        topic: full name of the topic.
        partition: number of the partition.
        offset: position in the partition.
        timestamp: milliseconds since the epoch.
        key: the key's bytes.
        value: the value's bytes; None is a tombstone.
        headers: names and values.
    """

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()

    @classmethod
    def read(cls, record: Any) -> "Record":
        """Return the record for aiokafka's `ConsumerRecord`."""
        return cls(
            record.topic,
            record.partition,
            record.offset,
            record.timestamp,
            record.key,
            record.value,
            record.headers,
        )

    @property
    def size(self) -> int:
        """Bytes of key and value."""
        return len(self.key or b"") + len(self.value or b"")

    @property
    def position(self) -> str:
        """The record's position, as `topic[partition]@offset`."""
        return f"{self.topic}[{self.partition}]@{self.offset}"


class Output(NamedTuple):
    """One record to write; `topic` is the full name, and with `partition` None the key decides."""

    topic: str
    key: bytes | None
    value: bytes | None
    partition: int | None = None
    headers: Headers = ()

    @property
    def size(self) -> int:
        """Bytes of key, value and headers."""
        size = len(self.key or b"") + len(self.value or b"")
        for name, value in self.headers:
            size += len(name) + len(value)
        return size
