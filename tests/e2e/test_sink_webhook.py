"""A webhook through a real broker: kill -9, a receiver that is down, and one that wants no more."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from dateline.errors import TargetEndedError
from dateline.kafka.offsets import OffsetReader
from dateline.runtime.worker import Worker
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline.sink.configured import ConfiguredSink, configure
from dateline.sink.running import sink_worker
from dateline.sink.totals import SinkTotals
from dateline_broker import Broker
from dateline_schemas.topics import ARTICLES_ENRICHED
from standardwebhooks import Webhook
from support.command import Command
from support.enriched_topic import enriched_topic
from support.published import published, until
from support.webhook_receiver import SECRET, Received, WebhookReceiver, a_webhook_receiver

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(120)]

COUNT = 40


@pytest.fixture
async def kafka(kafka_broker: Broker) -> KafkaSettings:
    return await enriched_topic(kafka_broker.bootstrap_servers, COUNT)


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    async with a_webhook_receiver() as serving:
        yield serving


def webhook(target: str) -> ConfiguredSink:
    options = {"secret": SECRET, "allow_networks": "127.0.0.0/8", "first_pause_seconds": 0.01, "attempts": 1}
    return configure("webhook", target, group="hook", options=options | {"longest_pause_seconds": 0.1})


@asynccontextmanager
async def sending(sink: ConfiguredSink, kafka: KafkaSettings, totals: SinkTotals) -> AsyncIterator[Worker]:
    stop = asyncio.Event()
    worker = sink_worker(sink, kafka, RuntimeSettings(), totals, client_id="hook")
    running = asyncio.ensure_future(worker.run(stop))
    yield worker
    stop.set()
    await running


def values(received: list[Received]) -> set[bytes]:
    return {each.body for each in received}


async def test_after_kill_9_and_outage_each_article_arrives_with_one_id_and_the_same_bytes(
    kafka: KafkaSettings, receiver: WebhookReceiver, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text(SECRET)
    command = [sys.executable, "-m", "dateline", "sink", "webhook", receiver.url, "--group", "hook"]
    process = await asyncio.create_subprocess_exec(
        *command,
        *("--secret-file", tmp_path / "secret", "--allow-networks", "127.0.0.0/8"),
        env=Command(kafka.bootstrap_servers, kafka.topic_prefix).environment(),
        stderr=asyncio.subprocess.DEVNULL,
    )

    def kill(received: Received) -> int:
        if len(receiver.requests) == COUNT // 2:
            os.kill(process.pid, signal.SIGKILL)
        return 200

    receiver.answer = kill
    assert await process.wait() == -signal.SIGKILL
    totals = SinkTotals(name="webhook", target="receiver")
    receiver.answer = lambda _: 503
    async with sending(webhook(receiver.url), kafka, totals):
        await until(lambda: asyncio.sleep(0, "answered 503" in str(totals.details().get("halted"))))
        receiver.answer = lambda _: 200
        wanted = {each.value for each in await published(kafka, ARTICLES_ENRICHED.name)}
        await until(lambda: asyncio.sleep(0, values(receiver.requests) == wanted and "halted" not in totals.details()))
    assert len(wanted) == COUNT
    assert len({(each.headers["webhook-id"], each.body) for each in receiver.requests}) == COUNT
    assert len({each.headers["webhook-id"] for each in receiver.requests}) == COUNT
    for each in receiver.requests:
        Webhook(SECRET).verify(each.body, each.headers)


async def test_after_410_the_sink_ends_and_its_position_stays(kafka: KafkaSettings, receiver: WebhookReceiver) -> None:
    receiver.answer = lambda _: 410
    totals = SinkTotals(name="webhook", target="receiver")
    with pytest.raises(TargetEndedError, match="wants no more articles"):
        await sink_worker(webhook(receiver.url), kafka, RuntimeSettings(), totals, client_id="hook").run(
            asyncio.Event()
        )
    assert "410" in totals.details()["halted"]
    offsets = await OffsetReader.connect(kafka, "test")
    partitions = await offsets.partitions(ARTICLES_ENRICHED.named(kafka.topic_prefix))
    committed = await offsets.committed("hook", partitions)
    await offsets.close()
    assert all(position is None or position.offset == 0 for position in committed.values())
