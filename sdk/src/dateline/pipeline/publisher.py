"""Publishes articles at least once: those that a command reads, which has no offset to commit with them."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    InvalidProducerEpoch,
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    OutOfOrderSequenceNumber,
    ProducerFenced,
)
from dateline_schemas import Article

from dateline.concurrency.backoff import Backoff
from dateline.errors import DatelineError
from dateline.kafka.cluster import with_instance
from dateline.kafka.connection import discard, producer_options, start_patiently
from dateline.kafka.records import Output
from dateline.log import get_logger
from dateline.pipeline.events import article_output
from dateline.settings import KafkaSettings

__all__ = ["ArticlePublisher"]

log = get_logger("dateline.publisher")

MAX_PENDING = 2000
"""At most this many articles are unconfirmed; further ones wait."""

RECOVERABLE = (KafkaTimeoutError, KafkaConnectionError, OutOfOrderSequenceNumber, InvalidProducerEpoch, ProducerFenced)
"""Errors that aiokafka does not mark as retriable, but that a new producer resolves."""


@dataclass(slots=True)
class ArticlePublisher:
    """An idempotent producer of `articles.parsed`: delivers at least once, in order for each article.

    Unconfirmed articles are sent again until Kafka confirms them. If an article is written twice, both
    records have the same id and content, and enrich drops the second.
    """

    producer: Any
    kafka: KafkaSettings
    client_id: str
    source: str
    confirmed: int = 0
    """Number of articles that Kafka has confirmed."""
    _pending: deque[tuple[Output, "asyncio.Future[Any]"]] = field(default_factory=deque)

    @classmethod
    @asynccontextmanager
    async def open(cls, kafka: KafkaSettings, *, client_id: str, source: str) -> AsyncIterator["ArticlePublisher"]:
        """Connect, waiting until Kafka answers; when the block ends without an error, all articles are delivered.

        Args:
            kafka: how to connect.
            client_id: the client id in requests to the brokers.
            source: the service in the CloudEvents `source` of the articles, such as `ingest`.
        """
        kafka = await with_instance(kafka)
        publisher = cls(await _start(kafka, client_id), kafka, client_id, kafka.event_source(source))
        try:
            yield publisher
            await publisher.flush()
        finally:
            await discard(publisher.producer)

    async def publish(self, article: Article) -> None:
        """Accept an article for delivery.

        Raises:
            PermanentError: the article is too large for the topic.
            DatelineError: Kafka rejects an article permanently.
        """
        output = article_output(article, self.kafka.topic_prefix, source=self.source)
        self._pending.append((output, await self._send(output)))
        while len(self._pending) > MAX_PENDING:
            await self._settle()

    async def flush(self) -> None:
        """Wait until Kafka has confirmed all articles.

        Raises:
            DatelineError: Kafka rejects an article permanently.
        """
        while self._pending:
            await self._settle()

    async def _settle(self) -> None:
        """Wait for the oldest delivery."""
        try:
            await self._pending[0][1]
        except KafkaError as error:
            await self._renew(error)
        else:
            self._pending.popleft()
            self.confirmed += 1

    async def _renew(self, error: KafkaError) -> None:
        """Send unconfirmed articles with a new producer: a lost batch leaves a gap in the old sequence numbers."""
        _refuse_permanent(error)
        log.warning("delivery to Kafka failed; sending the articles again", error=f"{type(error).__name__}: {error}")
        await discard(self.producer)
        self.producer = await _start(self.kafka, self.client_id)
        pending, self._pending = self._pending, deque()
        for output, delivery in pending:
            if delivery.done() and not delivery.cancelled() and delivery.exception() is None:
                self.confirmed += 1
            else:
                self._pending.append((output, await self._send(output)))

    async def _send(self, output: Output) -> "asyncio.Future[Any]":
        backoff = Backoff(longest_seconds=5.0)
        while True:
            try:
                delivery: asyncio.Future[Any] = await self.producer.send(
                    output.topic, key=output.key, value=output.value, headers=list(output.headers)
                )
            except KafkaError as error:
                _refuse_permanent(error)
                backoff.warn(log, "Kafka does not accept articles; waiting", error=f"{type(error).__name__}: {error}")
                await backoff.pause()
            else:
                # Retrieve the error: if an earlier delivery fails, this one is never awaited.
                delivery.add_done_callback(lambda done: done.cancelled() or done.exception())
                return delivery


async def _start(kafka: KafkaSettings, client_id: str) -> AIOKafkaProducer:
    options = producer_options(kafka, client_id) | {"linger_ms": 5}
    return await start_patiently(lambda: AIOKafkaProducer(**options), "publisher", kafka)


def _refuse_permanent(error: KafkaError) -> None:
    if not (error.retriable or isinstance(error, RECOVERABLE)):
        raise DatelineError(f"Kafka rejects an article: {type(error).__name__}: {error}") from error
