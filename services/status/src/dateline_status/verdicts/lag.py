"""Lag in records: transaction markers and aborted records take offsets too, but are not work."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from aiokafka import TopicPartition

from dateline_status.kafka.view import KafkaView, Span

__all__ = ["LagMeter", "RecordLag"]


@dataclass(frozen=True, slots=True)
class RecordLag:
    """Number of records between an offset and the end; an upper bound unless `exact`."""

    records: int
    exact: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """The offsets of the records in a span that was read."""

    begin: int
    end: int
    offsets: list[int]


class LagMeter:
    """Counts records where the distance to the end is small enough to read them.

    It keeps the offsets that it has read, so each record is read at most once, however many groups there are and
    however long they stand still.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._known: dict[TopicPartition, _Known] = {}

    async def measure(
        self, view: KafkaView, positions: Iterable[tuple[TopicPartition, int, int]]
    ) -> dict[tuple[TopicPartition, int], RecordLag]:
        """Return the lag for each (partition, committed offset, end)."""
        wanted = set(positions)
        near: dict[TopicPartition, Span] = {}
        for partition, offset, end in wanted:
            if 0 < end - offset <= self._limit:
                begin, _ = near.get(partition, (offset, end))
                near[partition] = (min(begin, offset), end)
        await self._read(view, near)
        return {(partition, offset): self._lag(partition, offset, end) for partition, offset, end in wanted}

    async def _read(self, view: KafkaView, near: dict[TopicPartition, Span]) -> None:
        known = {
            p: self._known[p] for p, (begin, end) in near.items() if p in self._known and self._covers(p, begin, end)
        }
        missing: dict[TopicPartition, Span] = {}
        for partition, (begin, end) in near.items():
            start = known[partition].end if partition in known else begin
            if start < end:
                missing[partition] = (start, end)
        read = await view.record_offsets(missing) if missing else {}
        for partition, (begin, end) in near.items():
            self._known[partition] = self._extend(known.get(partition), begin, end, read.get(partition, []))

    def _covers(self, partition: TopicPartition, begin: int, end: int) -> bool:
        known = self._known[partition]
        return known.begin <= begin <= known.end <= end

    def _lag(self, partition: TopicPartition, offset: int, end: int) -> RecordLag:
        if end - offset <= 0:
            return RecordLag(0, exact=True)
        if end - offset > self._limit:
            return RecordLag(end - offset, exact=False)
        offsets = self._known[partition].offsets
        return RecordLag(len(offsets) - bisect_left(offsets, offset), exact=True)

    def _extend(self, known: _Known | None, begin: int, end: int, more: list[int]) -> _Known:
        offsets = [*(known.offsets if known else []), *more]
        first = known.begin if known and end - known.begin <= self._limit else begin
        return _Known(first, end, offsets[bisect_left(offsets, first) :])
