"""Reads what Kafka already has: the last hours whole, and of the time before them only what counts."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiokafka import TopicPartition
from dateline.concurrency.threads import in_thread
from dateline.errors import TransientError

from dateline_status.history.batches import RawBatch, Thinning, batches_of, values_of
from dateline_status.history.entries import Entry, read_entry
from dateline_status.history.log_reader import LogReader
from dateline_status.history.store import HistoryStore
from dateline_status.history.tiers import BEATS, MINUTES, TENS

__all__ = ["Backlog", "add_in_slices", "entries_of"]

FETCH_BYTES = 4 * 1024 * 1024
"""A broker sends at most this many bytes at a time."""

WAIT_SECONDS = 0.5
"""A broker that has nothing more says so after this time."""

SLICE = 200
"""Other work gets its turn after this many records."""


def entries_of(batches: Iterable[RawBatch], begin: int, measured: bool) -> list[Entry]:
    """Return the valid records of batches from offset `begin` on.

    Args:
        batches: the batches.
        begin: the offset.
        measured: whether they are records of figures, not heartbeats.
    """
    read = (read_entry(value, at, measured=measured) for batch in batches for at, value in values_of(batch, begin))
    return [entry for entry in read if entry is not None]


async def add_in_slices(entries: Iterable[Entry], add: Callable[[Entry], None]) -> None:
    """Add entries, and let other work go on in between."""
    for number, entry in enumerate(entries, start=1):
        add(entry)
        if number % SLICE == 0:
            await asyncio.sleep(0)


@dataclass(slots=True)
class _LastOfSteps:
    """The last records of each process in each step of the two days, since older ones have to be added first."""

    _latest: dict[tuple[str, float], float] = field(default_factory=dict)
    _kept: dict[tuple[str, float, int], Entry] = field(default_factory=dict)

    def put(self, entry: Entry) -> None:
        sample = entry.sample
        if sample.at > self._latest.get(sample.process, 0.0):
            self._latest[sample.process] = sample.at
            self._kept[*sample.process, TENS.step(sample.at)] = entry

    def entries(self) -> list[Entry]:
        return list(self._kept.values())


@dataclass(slots=True, kw_only=True)
class Backlog:
    """Fills the history, the newest hours first, so that the page is useful at once."""

    reader: LogReader
    store: HistoryStore

    async def heartbeats(self, partition: TopicPartition) -> int:
        """Read the heartbeats of the last minutes, and return the offset after them.

        Raises:
            TransientError: Kafka does not answer.
            KafkaError: Kafka refuses.
        """
        begin, end = await self._since(partition, BEATS.seconds), await self._end(partition)
        async for entries in self._read(partition, begin, end, measured=False):
            await add_in_slices(entries, self.store.add_beat)
        return end

    async def figures(self, partition: TopicPartition) -> int:
        """Read the figures of two days, and return the offset after them.

        Raises:
            TransientError: Kafka does not answer.
            KafkaError: Kafka refuses.
        """
        store, end = self.store, await self._end(partition)
        recent, begin = await self._since(partition, MINUTES.seconds), await self._since(partition, TENS.seconds)
        kept = _LastOfSteps()

        def add(entry: Entry) -> None:
            store.add_figures(entry, old=False)
            kept.put(entry)

        async for entries in self._read(partition, recent, end, measured=True):
            await add_in_slices(entries, add)
        thinning = Thinning(TENS.step_seconds)
        async for entries in self._read(partition, begin, recent, measured=True, thinning=thinning):
            await add_in_slices(entries, lambda entry: store.add_figures(entry, recent=False))
        await add_in_slices(kept.entries(), lambda entry: store.add_figures(entry, recent=False))
        return end

    async def _since(self, partition: TopicPartition, seconds: float) -> int:
        # The whole step, so that its last records are those that a service read that was there all along.
        begin = (self.store.now() - seconds) // TENS.step_seconds * TENS.step_seconds
        moment = datetime.fromtimestamp(max(0.0, begin), UTC)
        return (await self.reader.offsets.since([partition], moment))[partition]

    async def _end(self, partition: TopicPartition) -> int:
        return (await self.reader.offsets.ends([partition]))[partition]

    async def _read(
        self, partition: TopicPartition, begin: int, end: int, *, measured: bool, thinning: Thinning | None = None
    ) -> AsyncIterator[list[Entry]]:
        """Yield the records before offset `end`; while some are unpacked, the next ones are on their way."""
        position = begin
        coming = asyncio.ensure_future(self._fetch(partition, position))
        try:
            while position < end:
                batches = [batch for batch in batches_of(await coming) if batch.offset < end]
                after = batches[-1].next_offset if batches else end
                if after < end:
                    coming = asyncio.ensure_future(self._fetch(partition, after))
                chosen = batches if thinning is None else list(thinning.take(batches))
                # Batches that were held back are older than the position.
                yield await in_thread(entries_of, chosen, begin, measured)
                position = after
        finally:
            coming.cancel()
        if thinning is not None:
            yield await in_thread(entries_of, thinning.rest(), begin, measured)

    async def _fetch(self, partition: TopicPartition, position: int) -> bytes:
        fetched = await self.reader.fetch({partition: position}, most_bytes=FETCH_BYTES, wait_seconds=WAIT_SECONDS)
        data = fetched[partition].data
        if data is None:
            raise TransientError(f"{partition.topic}[{partition.partition}] has no offset {position} any more")
        return data
