"""Writes many feeds to Kafka at a time."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from dateline_schemas import Feed
from dateline_schemas.headers import event_headers
from dateline_schemas.topics import FEEDS

from dateline.concurrency.deadline import bounded
from dateline.errors import DatelineError, TransientError
from dateline.kafka.cluster import with_instance
from dateline.kafka.connection import described, discard, producer_options, start_patiently
from dateline.kafka.offsets import OffsetReader
from dateline.settings import KafkaSettings
from dateline.tracing.trace_context import TraceContext

__all__ = ["FeedWriter", "write_feeds"]

CLIENT_ID = "dateline-feeds"
"""The client id in requests to the brokers."""

MAX_PENDING = 5000
"""At most this many records are unconfirmed."""

TIMEOUT_FACTOR = 4.0
"""A flush may take this many times the timeout of one request."""


class FeedWriter:
    """Sends records of `feeds` without waiting for each one; they are confirmed only after `flush`."""

    def __init__(self, producer: Any, kafka: KafkaSettings) -> None:
        self._producer = producer
        self._topic = FEEDS.named(kafka.topic_prefix)
        self._source = kafka.event_source("feeds")
        self._seconds = TIMEOUT_FACTOR * kafka.request_timeout_seconds
        self._pending: list[asyncio.Future[Any]] = []

    @classmethod
    @asynccontextmanager
    async def open(
        cls, kafka: KafkaSettings, *, offsets: OffsetReader | None = None, patience_seconds: float | None = None
    ) -> AsyncIterator["FeedWriter"]:
        """Connect; when the block ends, Kafka has confirmed everything.

        Args:
            kafka: the cluster.
            offsets: a reader that is connected already, which asks for the name of the cluster.
            patience_seconds: give up after this many seconds without an answer of a broker; None means never.

        Raises:
            DatelineError: Kafka rejects a change or does not answer.
        """
        options = producer_options(kafka, CLIENT_ID) | {"linger_ms": 5}
        try:
            named = await with_instance(kafka, offsets=offsets, patience_seconds=patience_seconds)
            producer: Any = await start_patiently(
                lambda: AIOKafkaProducer(**options), CLIENT_ID, kafka, patience_seconds=patience_seconds
            )
        except (KafkaError, TransientError, OSError, AssertionError) as error:
            raise DatelineError(f"Kafka does not answer: {described(error)}") from error
        writer = cls(producer, named)
        try:
            yield writer
            await writer.flush()
        except (KafkaError, TransientError) as error:
            raise DatelineError(f"Kafka did not accept the change: {type(error).__name__}: {error}") from error
        finally:
            writer.drop()
            await discard(producer)

    async def put(self, key: bytes, feed: Feed | None) -> None:
        """Add, change or (None) remove a feed; waits while too many records are unconfirmed.

        Raises:
            KafkaError: Kafka rejects this record or an earlier one.
            TransientError: Kafka does not answer in time.
        """
        now = datetime.now(UTC)
        headers = event_headers(
            FEEDS,
            id=f"{key.decode()}/{now.isoformat()}",
            source=self._source,
            time=now,
            traceparent=TraceContext.new().traceparent,
        )
        value = None if feed is None else feed.to_bytes()
        self._pending.append(await self._producer.send(self._topic, key=key, value=value, headers=headers))
        if len(self._pending) >= MAX_PENDING:
            await self.flush()

    async def flush(self) -> None:
        """Wait until Kafka has confirmed all records.

        Raises:
            KafkaError: Kafka rejects a record.
            TransientError: Kafka does not answer in time.
        """
        if self._pending:
            await bounded(asyncio.wait(self._pending), self._seconds, "writing feeds")
            pending, self._pending = self._pending, []
            for error in [each.exception() for each in pending]:
                if error is not None:
                    raise error

    def drop(self) -> None:
        """Abandon the unconfirmed records; their outcome is ignored."""
        for future in self._pending:
            future.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._pending = []


async def write_feeds(
    kafka: KafkaSettings,
    changes: Mapping[bytes, Feed | None],
    *,
    offsets: OffsetReader | None = None,
    patience_seconds: float | None = None,
) -> None:
    """Add, change or (None) remove feeds, and return when Kafka has confirmed the changes.

    Args:
        kafka: the cluster.
        changes: the feeds by key.
        offsets: a reader that is connected already, which asks for the name of the cluster.
        patience_seconds: give up after this many seconds without an answer of a broker; None means never.

    Raises:
        DatelineError: Kafka rejects a change or does not answer.
    """
    if not changes:
        return
    async with FeedWriter.open(kafka, offsets=offsets, patience_seconds=patience_seconds) as writer:
        for key, feed in changes.items():
            await writer.put(key, feed)
