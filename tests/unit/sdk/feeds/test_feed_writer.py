"""Writing many feeds at a time, with a fake producer."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from aiokafka.errors import KafkaTimeoutError
from dateline.errors import TransientError
from dateline.feeds import writer as feed_writer
from dateline.feeds.writer import FeedWriter
from dateline.settings import KafkaSettings
from dateline_schemas import Feed

FEED = Feed(url="https://a.example/f", added=datetime(2024, 6, 1, tzinfo=UTC))


class FakeProducer:
    """Records what is sent; `answers` says whether deliveries are confirmed."""

    def __init__(self, error: Exception | None = None) -> None:
        self.sent: list[tuple[bytes, bytes | None]] = []
        self.futures: list[asyncio.Future[Any]] = []
        self.error = error
        self.answers = True

    async def send(self, topic: str, *, key: bytes, value: bytes | None, headers: Any) -> "asyncio.Future[Any]":
        assert topic == "x.feeds"
        assert dict(headers)["ce_type"] == b"org.dateline.feed.configured.v1"
        self.sent.append((key, value))
        future = asyncio.get_running_loop().create_future()
        self.futures.append(future)
        if self.answers:
            asyncio.get_running_loop().call_soon(self.settle, future)
        return future

    def settle(self, future: "asyncio.Future[Any]") -> None:
        if self.error is None:
            future.set_result(None)
        else:
            future.set_exception(self.error)


def writer(producer: FakeProducer) -> FeedWriter:
    return FeedWriter(producer, KafkaSettings(topic_prefix="x."))


async def test_records_are_sent_concurrently_and_a_flush_waits_for_all() -> None:
    producer = FakeProducer()
    made = writer(producer)
    await made.put(b"a", FEED)
    await made.put(b"b", None)
    assert not any(future.done() for future in producer.futures[1:])
    await made.flush()
    assert all(future.done() for future in producer.futures)
    assert producer.sent == [(b"a", FEED.to_bytes()), (b"b", None)]


async def test_the_number_of_unconfirmed_records_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_writer, "MAX_PENDING", 3)
    producer = FakeProducer()
    made = writer(producer)
    for number in range(10):
        await made.put(str(number).encode(), FEED)
        assert sum(not future.done() for future in producer.futures) < 3
    await made.flush()
    assert len(producer.sent) == 10


async def test_a_rejected_record_is_an_error() -> None:
    made = writer(FakeProducer(KafkaTimeoutError()))
    await made.put(b"a", FEED)
    await made.put(b"b", FEED)
    with pytest.raises(KafkaTimeoutError):
        await made.flush()
    await made.flush()


async def test_waiting_for_an_unresponsive_kafka_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_writer, "TIMEOUT_FACTOR", 0.001)
    producer = FakeProducer()
    producer.answers = False
    made = writer(producer)
    await made.put(b"a", FEED)
    with pytest.raises(TransientError, match="writing feeds took longer"):
        await made.flush()
    made.drop()
    # A later error is ignored; asyncio must not report it as never retrieved.
    producer.error = KafkaTimeoutError()
    producer.settle(producer.futures[0])
    await made.flush()
