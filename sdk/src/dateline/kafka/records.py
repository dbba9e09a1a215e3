"""A record as it was read, and one that is to be written."""

import random
from typing import Any, NamedTuple

__all__ = ["Headers", "Output", "Record", "new_traceparent"]

Headers = tuple[tuple[str, bytes], ...]
"""Header names with their values, in order; a name may repeat."""


# Named tuples, for these two are made for each record: a frozen dataclass takes three times as long.
class Record(NamedTuple):
    """One record of a partition.

    `timestamp` is milliseconds since the epoch. `key` and `value` are the bytes on the wire;
    None as `value` is a tombstone.
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
        """Return the same record as aiokafka's `ConsumerRecord`."""
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
        """Where the record stands, as `topic[partition]@offset`."""
        return f"{self.topic}[{self.partition}]@{self.offset}"


class Output(NamedTuple):
    """One record to write; `topic` is the full name and `partition` None lets the key decide."""

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


def new_traceparent(parent: str | None = None) -> str:
    """Return a W3C `traceparent`: a new span of `parent`'s trace, or of a new one."""
    if parent is None:
        both = f"{random.getrandbits(192):048x}"
        return f"00-{both[:32]}-{both[32:]}-01"
    parts = parent.split("-")
    known = len(parts) >= 4 and len(parts[1]) == 32 and parts[1].strip("0") != "" and _is_hex(parts[1])
    return f"00-{parts[1]}-{random.getrandbits(64):016x}-01" if known else new_traceparent()


def _is_hex(text: str) -> bool:
    return all(character in "0123456789abcdef" for character in text)
