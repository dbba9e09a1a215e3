"""Publishes articles that have no partition to be exact by: files, standard input, a feed fetched once."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from dateline.connection import backoff, discard, producer_options, start_patiently
from dateline.errors import DatelineError
from dateline.records import Output
from dateline.settings import KafkaSettings
from dateline_schemas import Article

from dateline_ingest.outputs import article_output

__all__ = ["ArticlePublisher"]

log = structlog.get_logger("dateline.ingest")

MOST_PENDING = 2000
"""Articles on their way at the same time; further ones wait."""


@dataclass(slots=True)
class ArticlePublisher:
    """An idempotent producer of `articles.parsed`: at least once, in order for each article.

    What Kafka has not confirmed is sent again for as long as it takes; an article that was
    confirmed twice has the same id and content, and enrich drops the second.
    """

    producer: Any
    kafka: KafkaSettings
    confirmed: int = 0
    """Articles that Kafka has."""
    _pending: deque[tuple[Output, "asyncio.Future[Any]"]] = field(default_factory=deque)

    @classmethod
    @asynccontextmanager
    async def open(cls, kafka: KafkaSettings) -> AsyncIterator["ArticlePublisher"]:
        """Connect, waiting patiently for a Kafka that is away; all is delivered when the block ends well."""
        options = producer_options(kafka, "dateline-ingest") | {"linger_ms": 5}
        producer = await start_patiently(lambda: AIOKafkaProducer(**options), "publisher", kafka)
        publisher = cls(producer, kafka)
        try:
            yield publisher
            await publisher.flush()
        finally:
            await discard(producer)

    async def publish(self, article: Article) -> None:
        """Take an article for delivery.

        Raises:
            PermanentError: when it is too large for the topic.
            DatelineError: when Kafka refuses it for good.
        """
        output = article_output(article, self.kafka.topic_prefix)
        self._pending.append((output, await self._send(output)))
        while len(self._pending) > MOST_PENDING:
            await self._settle()

    async def flush(self) -> None:
        """Wait until Kafka has everything.

        Raises:
            DatelineError: when Kafka refuses something for good.
        """
        while self._pending:
            await self._settle()

    async def _settle(self) -> None:
        """Wait for the oldest delivery; one that failed in passing begins anew."""
        output, delivery = self._pending.popleft()
        attempt = 0
        while True:
            try:
                await delivery
            except KafkaError as error:
                await self._pause(error, attempt)
                attempt += 1
                delivery = await self._send(output)
            else:
                self.confirmed += 1
                return

    async def _send(self, output: Output) -> "asyncio.Future[Any]":
        attempt = 0
        while True:
            try:
                delivery: asyncio.Future[Any] = await self.producer.send(
                    output.topic, key=output.key, value=output.value, headers=list(output.headers)
                )
            except KafkaError as error:
                await self._pause(error, attempt)
                attempt += 1
            else:
                # When the first of many fails, nobody may come to ask for the others.
                delivery.add_done_callback(lambda done: done.cancelled() or done.exception())
                return delivery

    async def _pause(self, error: KafkaError, attempt: int) -> None:
        if not getattr(error, "retriable", False):
            raise DatelineError(f"Kafka refuses an article: {type(error).__name__}: {error}") from error
        if attempt % 5 == 0:
            log.warning("Kafka does not take articles; trying again", error=f"{type(error).__name__}: {error}")
        await asyncio.sleep(backoff(attempt, longest=5.0))
