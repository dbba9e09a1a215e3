"""Batches of records as they come over the network, most of which need not be unpacked.

The history of two days is in some hundred thousand batches. The header of a batch says who wrote it and when, and
only the last one of a writer in each ten minutes counts.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from aiokafka.record.memory_records import MemoryRecords

__all__ = ["RawBatch", "Thinning", "batches_of", "values_of"]

HEADER = struct.Struct(">qi4xb4xhi8xqq")
"""Offset, length, version, attributes, offset of the last record, newest time and writer in the header of a batch:
https://kafka.apache.org/documentation/#recordbatch"""

HEADER_BYTES = 61
"""Length of the whole header."""

PREFIX_BYTES = 12
"""Bytes before those that the length in the header counts."""

VERSION = 2
"""The version of the format since Kafka 0.11."""

CONTROL = 0x20
"""The attribute of a batch that ends a transaction."""

NO_WRITER = -1
"""The writer of a producer without an identity."""

MAX_HELD = 5000
"""At most this many batches are held at a time."""


class RawBatch(NamedTuple):
    """A batch.

    Attributes:
        offset: offset of its first record.
        next_offset: the offset after its last record.
        at: time of its newest record, in seconds since the epoch.
        writer: identifies the process that wrote it; -1 if that is not known.
        raw: the whole batch; empty if it has no records that can be read.
    """

    offset: int
    next_offset: int
    at: float
    writer: int
    raw: memoryview


def batches_of(data: bytes) -> Iterator[RawBatch]:
    """Yield the complete batches that a broker sent."""
    view, position, unpack = memoryview(data), 0, HEADER.unpack_from
    last_header = len(data) - HEADER_BYTES
    while position <= last_header:
        offset, length, version, attributes, last, newest, writer = unpack(data, position)
        end = position + PREFIX_BYTES + length
        if end > len(data) or length <= 0:
            return
        readable = version == VERSION and not attributes & CONTROL
        raw = view[position:end] if readable else view[:0]
        yield RawBatch(offset, offset + last + 1 if last > 0 else offset + 1, newest / 1000, writer, raw)
        position = end


def values_of(batch: RawBatch, begin: int) -> Iterator[tuple[float, bytes]]:
    """Yield time and value of the records of a batch from offset `begin` on; a damaged batch has none."""
    unpacked = MemoryRecords(bytes(batch.raw)).next_batch() if batch.raw else None
    if unpacked is None or not unpacked.validate_crc():
        return
    for record in unpacked:
        if record.value is not None and record.offset >= begin:
            yield (record.timestamp or 0) / 1000, record.value


@dataclass(slots=True)
class Thinning:
    """Keeps the last batch of each writer in each step, and passes them on in their order."""

    step_seconds: int
    _held: dict[tuple[int, int], RawBatch] = field(default_factory=dict)
    _latest: dict[int, float] = field(default_factory=dict)
    _step: int = 0

    def take(self, batches: Iterable[RawBatch]) -> Iterator[RawBatch]:
        """Yield those batches that are known to be the last ones of their step."""
        for batch in batches:
            if batch.writer == NO_WRITER:
                yield batch
                continue
            if not batch.raw or batch.at <= self._latest.get(batch.writer, 0.0):
                continue
            self._latest[batch.writer] = batch.at
            step = int(batch.at // self.step_seconds)
            self._held[batch.writer, step] = batch
            if step > self._step or len(self._held) > MAX_HELD:
                self._step = max(self._step, step)
                yield from self._release(self._step - 1 if len(self._held) <= MAX_HELD else self._step + 1)
        if len(self._latest) > MAX_HELD:
            self._latest.clear()

    def rest(self) -> Iterator[RawBatch]:
        """Yield what is left at the end."""
        return iter(self._release(self._step + 1))

    def _release(self, before: int) -> list[RawBatch]:
        ready = sorted(
            (step, batch.offset, (writer, step)) for (writer, step), batch in self._held.items() if step < before
        )
        return [self._held.pop(key) for _, _, key in ready]
