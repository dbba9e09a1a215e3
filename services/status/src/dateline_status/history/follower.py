"""Follows heartbeats and figures, and keeps the history up to date."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError
from dateline.concurrency.backoff import Backoff
from dateline.concurrency.deadline import sleep_unless, unless
from dateline.concurrency.threads import in_thread
from dateline.errors import TransientError
from dateline.log import get_logger
from dateline.settings import KafkaSettings
from dateline_schemas.topics import FIGURES, HEARTBEATS

from dateline_status.history.backlog import Backlog, add_in_slices, entries_of
from dateline_status.history.batches import batches_of
from dateline_status.history.log_reader import LogReader, RawPart
from dateline_status.history.store import HistoryStore

__all__ = ["HistoryFollower"]

log = get_logger("dateline.status")

FETCH_BYTES = 1024 * 1024
"""New records come at most this many bytes at a time."""

WAIT_SECONDS = 1.0
"""A broker that has nothing new says so after this time."""

TOPICS_SECONDS = 15.0
"""Topics that are missing are looked for this often."""

CHANGE_SECONDS = 1.0
"""A change is reported at most this often."""


@dataclass(slots=True, kw_only=True)
class HistoryFollower:
    """Reads over connections of its own, and survives outages; it continues where it was.

    Attributes:
        kafka: the settings of Kafka.
        store: what is kept.
        changed: called when there is something new, at most once a second.
    """

    kafka: KafkaSettings
    store: HistoryStore
    changed: Callable[[], None] = lambda: None
    _positions: dict[TopicPartition, int] = field(default_factory=dict)
    _reported: float = 0.0
    _reader: LogReader | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Follow the topics until `stop` is set."""
        backoff = Backoff(initial_seconds=0.4, longest_seconds=5.0)
        while not stop.is_set():
            try:
                await unless(stop, self._follow(backoff.reset))
            except (KafkaError, TransientError, OSError, AssertionError) as error:
                log.debug("the history has to wait", error=f"{type(error).__name__}: {error}")
            except Exception:
                # The service reports what is wrong, so it must survive its own bugs.
                log.exception("reading the history failed")
            # Work that was abandoned at the end does not close its connections in time.
            reader, self._reader = self._reader, None
            if reader is not None:
                await reader.close()
            await sleep_unless(stop, backoff.next_seconds())

    async def _follow(self, answered: Callable[[], None]) -> None:
        reader = self._reader = await LogReader.connect(self.kafka)
        looked = await self._look(reader)
        while True:
            if len({partition.topic for partition in self._positions}) < len(self._names()):
                if time.monotonic() - looked >= TOPICS_SECONDS:
                    looked = await self._look(reader)
                if not self._positions:
                    await asyncio.sleep(min(WAIT_SECONDS, TOPICS_SECONDS))
                    continue
            found = await reader.fetch(self._positions, most_bytes=FETCH_BYTES, wait_seconds=WAIT_SECONDS)
            answered()
            for partition, fetched in found.items():
                await self._add(reader, partition, fetched)

    async def _look(self, reader: LogReader) -> float:
        """Read what the topics hold that were not known before, and return when that was."""
        backlog = Backlog(reader=reader, store=self.store)
        heartbeats, figures = self._names()
        for partition in await reader.partitions([heartbeats, figures]):
            if partition not in self._positions:
                read = backlog.figures if partition.topic == figures else backlog.heartbeats
                self._positions[partition] = await read(partition)
                self._report()
        self.store.complete = True
        self.store.version += 1
        self._report()
        return time.monotonic()

    async def _add(self, reader: LogReader, partition: TopicPartition, fetched: RawPart) -> None:
        position, measured = self._positions[partition], partition.topic == self._names()[1]
        if fetched.data is None:
            # Retention was faster, or the topic was created again; what is known already is not counted twice.
            self._positions[partition] = (await reader.offsets.beginnings([partition]))[partition]
            return
        batches = list(batches_of(fetched.data))
        if not batches:
            return
        entries = await in_thread(entries_of, batches, position, measured)
        await add_in_slices(entries, self.store.add_figures if measured else self.store.add_beat)
        self._positions[partition] = batches[-1].next_offset
        if entries:
            self._report()

    def _report(self) -> None:
        if time.monotonic() - self._reported >= CHANGE_SECONDS:
            self._reported = time.monotonic()
            self.changed()

    def _names(self) -> tuple[str, str]:
        prefix = self.kafka.topic_prefix
        return HEARTBEATS.named(prefix), FIGURES.named(prefix)
