"""Writes many feeds to Kafka at a time."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from dateline.concurrency.deadline import bounded
from dateline.kafka.records import new_traceparent
from dateline.settings import KafkaSettings
from dateline_schemas import Feed
from dateline_schemas.headers import event_headers
from dateline_schemas.topics import FEEDS

__all__ = ["FeedWriter"]

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
            traceparent=new_traceparent(),
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
