"""Publishing articles to a fake Kafka that fails as told."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiokafka.errors import KafkaError, KafkaTimeoutError, NotLeaderForPartitionError, TopicAuthorizationFailedError
from dateline.errors import DatelineError, PermanentError
from dateline.pipeline.publisher import ArticlePublisher
from dateline.settings import KafkaSettings
from support.articles import an_article

KAFKA = KafkaSettings(instance_uri="urn:test")


@dataclass
class FakeKafka:
    """Records what producers send; each send raises the next of `refusals`, each delivery the next of `losses`."""

    refusals: list[KafkaError] = field(default_factory=list)
    losses: list[KafkaError | None] = field(default_factory=list)
    titles: list[bytes] = field(default_factory=list)
    started: int = 0
    stopped: int = 0

    async def start(self) -> None:
        self.started += 1

    async def stop(self) -> None:
        self.stopped += 1

    async def send(self, topic: str, *, key: bytes, value: bytes, headers: Any) -> "asyncio.Future[Any]":
        if self.refusals:
            raise self.refusals.pop(0)
        delivery: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        loss = self.losses.pop(0) if self.losses else None
        if loss is None:
            self.titles.append(value)
            delivery.set_result(None)
        else:
            delivery.set_exception(loss)
        return delivery


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeKafka]:
    fake = FakeKafka()

    async def no_pause(_seconds: float) -> None:
        return

    monkeypatch.setattr("dateline.pipeline.publisher.AIOKafkaProducer", lambda **_options: fake)
    monkeypatch.setattr("dateline.pipeline.publisher.asyncio.sleep", no_pause)
    yield fake
    assert fake.stopped == fake.started


async def publish(count: int) -> int:
    async with ArticlePublisher.open(KAFKA, client_id="test", source="/test") as publisher:
        for number in range(count):
            await publisher.publish(an_article(f"Title {number}", url=f"https://news.example/{number}"))
    return publisher.confirmed


async def test_everything_is_delivered_when_the_block_ends(kafka: FakeKafka) -> None:
    assert await publish(5000) == 5000
    assert len(kafka.titles) == 5000


async def test_publishing_waits_for_a_full_buffer(kafka: FakeKafka) -> None:
    kafka.refusals = [KafkaTimeoutError(), KafkaTimeoutError()]
    assert await publish(3) == 3
    assert kafka.started == 1


async def test_only_lost_deliveries_are_sent_again_by_a_new_producer(kafka: FakeKafka) -> None:
    kafka.losses = [NotLeaderForPartitionError(), None, NotLeaderForPartitionError()]
    assert await publish(3) == 3
    assert kafka.started == 2
    assert [b'"Title 1"' in value for value in kafka.titles] == [True, False, False]


async def test_a_permanent_rejection_is_an_error(kafka: FakeKafka) -> None:
    kafka.losses = [TopicAuthorizationFailedError()]
    with pytest.raises(DatelineError, match="Kafka rejects an article: TopicAuthorizationFailedError"):
        await publish(1)


async def test_an_article_too_large_for_the_topic_is_refused_with_the_limit(kafka: FakeKafka) -> None:
    async with ArticlePublisher.open(KAFKA, client_id="test", source="/test") as publisher:
        with pytest.raises(PermanentError, match=r"articles\.parsed allows at most 2,096,640"):
            await publisher.publish(an_article(body="word " * 500_000))
        await publisher.publish(an_article())
    assert publisher.confirmed == 1
