"""Reads a partition's log from its files, and tells how each transaction in it ended.

It uses no Kafka client, so that no client checks itself. The format is that of record batches of version 2
(Kafka's documentation, "Message format").
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from struct import Struct
from typing import Any

import cramjam

__all__ = ["Batch", "LogRecord", "Partition", "read_partition"]

HEADER = Struct(">qiibIhiqqqhii")
"""The header of a batch.

Base offset, length, leader epoch, magic, checksum, attributes, last delta, first and last timestamp, producer id,
epoch, first sequence, count.
"""

CODECS: Mapping[int, Callable[[bytes], Any]] = {
    0: bytes,
    1: cramjam.gzip.decompress,
    3: cramjam.lz4.decompress,
    4: cramjam.zstd.decompress,
}
"""Decompressors by the lowest three bits of the attributes; 2, Snappy, is not used here."""

TRANSACTIONAL, CONTROL = 0x10, 0x20
"""Bits of a batch's attributes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRecord:
    """A record in the log; `producer` is its producer id and epoch."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, bytes]
    producer: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch; `marker` is the type of a control batch: commit, abort or other."""

    first: int
    last: int
    producer: int
    epoch: int
    transactional: bool
    marker: str | None
    records: tuple[LogRecord, ...]


@dataclass(slots=True)
class Partition:
    """A partition's log, with its records sorted by how their transactions ended."""

    batches: list[Batch] = field(default_factory=list)
    committed: list[LogRecord] = field(default_factory=list)
    aborted: list[LogRecord] = field(default_factory=list)
    open: list[LogRecord] = field(default_factory=list)
    """Records of transactions without a marker."""

    @classmethod
    def of(cls, batches: Iterable[Batch]) -> "Partition":
        """Build the partition from `batches` in log order."""
        found = cls()
        open_by_producer: dict[int, list[LogRecord]] = {}
        for batch in batches:
            found.batches.append(batch)
            if batch.marker is not None:
                ended = open_by_producer.pop(batch.producer, [])
                (found.committed if batch.marker == "commit" else found.aborted).extend(ended)
            elif batch.transactional:
                open_by_producer.setdefault(batch.producer, []).extend(batch.records)
            else:
                found.committed.extend(batch.records)
        found.committed.sort(key=lambda record: record.offset)
        found.open = [record for records in open_by_producer.values() for record in records]
        return found

    @property
    def end(self) -> int:
        """The offset after the last one."""
        return self.batches[-1].last + 1 if self.batches else 0


def read_partition(folder: Path) -> Partition:
    """Read the log whose segments are in `folder`."""
    return Partition.of(batch for path in sorted(folder.glob("*.log")) for batch in _batches(path.read_bytes()))


def _batches(data: bytes) -> Iterator[Batch]:
    position = 0
    while position + HEADER.size <= len(data):
        first, length, _, magic, _, attributes, last_delta, timestamp, _, producer, epoch, _, count = (
            HEADER.unpack_from(data, position)
        )
        end = position + 12 + length
        if length <= 0 or end > len(data) or magic != 2:
            return  # the rest of the segment is empty or half written
        body = CODECS[attributes & 7](data[position + HEADER.size : end])
        records = tuple(_records(bytes(body), first, timestamp, count, (producer, epoch)))
        marker = None
        if attributes & CONTROL:
            kind = int.from_bytes((records[0].key or b"\0\0\0\0")[2:4], "big")
            marker, records = {0: "abort", 1: "commit"}.get(kind, "other"), ()
        yield Batch(
            first=first,
            last=first + last_delta,
            producer=producer,
            epoch=epoch,
            transactional=bool(attributes & TRANSACTIONAL),
            marker=marker,
            records=records,
        )
        position = end


def _records(
    body: bytes, base: int, first_timestamp: int, count: int, producer: tuple[int, int]
) -> Iterator[LogRecord]:
    at = 0
    for _ in range(count):
        length, at = _varint(body, at)
        end = at + length
        time_delta, at = _varint(body, at + 1)
        offset_delta, at = _varint(body, at)
        key, at = _bytes(body, at)
        value, at = _bytes(body, at)
        number, at = _varint(body, at)
        headers = {}
        for _ in range(number):
            name, at = _bytes(body, at)
            content, at = _bytes(body, at)
            headers[(name or b"").decode()] = content or b""
        yield LogRecord(
            offset=base + offset_delta,
            timestamp=first_timestamp + time_delta,
            key=key,
            value=value,
            headers=headers,
            producer=producer,
        )
        at = end


def _bytes(body: bytes, at: int) -> tuple[bytes | None, int]:
    length, at = _varint(body, at)
    return (None, at) if length < 0 else (body[at : at + length], at + length)


def _varint(body: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = body[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (number >> 1) ^ -(number & 1), at
        shift += 7
