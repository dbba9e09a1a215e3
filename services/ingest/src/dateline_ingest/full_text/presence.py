"""Watches for the service that reads pages: requests for pages are written only after it was seen."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError
from dateline.clock import utc_now
from dateline.concurrency.deadline import sleep_unless, unless
from dateline.errors import TransientError
from dateline.kafka.follower import PartitionFollower
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.records import Record
from dateline.log import get_logger
from dateline.settings import KafkaSettings
from dateline_schemas import ContractError, Heartbeat
from dateline_schemas.topics import HEARTBEATS

__all__ = ["PagesPresence", "heartbeats_of"]

log = get_logger("dateline.ingest")

SERVICE = "pages"
"""The name of the service in heartbeats."""

STALE_INTERVALS = 12
"""A heartbeat that is older than this many of its intervals is of an instance that was killed."""

ENDED = frozenset({"stopped", "failed"})
"""States of an instance that does not work any more."""

RETRY_SECONDS = 2.0
"""After an error of Kafka, the heartbeats are read again after this time."""

MAX_FAILURES = 5
"""After this many errors nobody waits any longer to know whether the service is there."""

WAIT_SECONDS = 1.0
"""Heartbeats are waited for at most this long at a time."""

MAX_RECORDS = 1000
"""At most this many heartbeats are read at a time."""

LOST = "heartbeats were deleted before they were read"
"""The warning when retention was faster than this reader."""

OpenHeartbeats = Callable[[], AbstractAsyncContextManager[PartitionFollower]]
"""Opens a reader at the beginning of the heartbeats."""


@dataclass(slots=True, kw_only=True)
class PagesPresence:
    """Whether an instance of the service was seen at work. Once seen, it is expected to return after a stop."""

    open: OpenHeartbeats
    now: Callable[[], datetime] = utc_now
    running: bool = False
    """Whether the service was seen."""
    _known: asyncio.Event = field(default_factory=asyncio.Event)

    async def known(self) -> None:
        """Wait until the heartbeats that were there at the start have been read, or cannot be read."""
        await self._known.wait()

    async def run(self, stop: asyncio.Event) -> None:
        """Read heartbeats until the service was seen; return when `stop` is set."""
        failures = 0
        while not stop.is_set() and not self.running:
            try:
                await unless(stop, self._watch())
            except (TransientError, KafkaError, OSError) as error:
                failures += 1
                log.warning("heartbeats cannot be read; trying again", reason=f"{type(error).__name__}: {error}")
                if failures >= MAX_FAILURES:
                    # Feeds are polled all the same, and their articles published as they are.
                    self._known.set()
                await sleep_unless(stop, RETRY_SECONDS)
        await stop.wait()

    async def _watch(self) -> None:
        async with self.open() as heartbeats:
            # Of each instance only the last heartbeat counts: the topic may still hold the ones before.
            last: dict[bytes, Record] = {}
            async for records in heartbeats.present(MAX_RECORDS):
                last |= _of_service(records)
            self._look(last, self.now())
            self._known.set()
            while not self.running:
                # What arrives now is new, whatever the clock of its sender says.
                self._look(_of_service(await heartbeats.take(MAX_RECORDS, WAIT_SECONDS)), None)

    def _look(self, last: dict[bytes, Record], now: datetime | None) -> None:
        if any(_is_at_work(record, now) for record in last.values()):
            self.running = True
            log.info("the service that reads pages is there: articles that lack text are sent to it")


def _of_service(records: list[Record]) -> dict[bytes, Record]:
    """Return the last heartbeat of each instance of the service."""
    beginning = f"{SERVICE}/".encode()
    return {record.key: record for record in records if record.key is not None and record.key.startswith(beginning)}


def _is_at_work(record: Record, now: datetime | None) -> bool:
    if record.value is None:
        return False
    try:
        beat = Heartbeat.from_bytes(record.value)
    except ContractError:
        return False
    if now is not None and now - beat.at > STALE_INTERVALS * timedelta(seconds=beat.interval_seconds):
        return False
    return beat.service == SERVICE and beat.state not in ENDED


def heartbeats_of(kafka: KafkaSettings, client_id: str) -> OpenHeartbeats:
    """Return what opens a reader of the heartbeats in Kafka."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[PartitionFollower]:
        offsets = await OffsetReader.connect(kafka, client_id)
        try:
            partition = TopicPartition(HEARTBEATS.named(kafka.topic_prefix), 0)
            follower = await PartitionFollower.open(
                kafka, partition, None, lost=LOST, offsets=offsets, client_id=client_id
            )
            try:
                yield follower
            finally:
                await follower.close()
        finally:
            await offsets.close()

    return opened
