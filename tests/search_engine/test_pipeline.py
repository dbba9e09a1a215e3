"""The sink through a real broker: kill -9 of its process loses nothing and repeats nothing."""

import asyncio
import signal
import sys

import pytest
from dateline.kafka.offsets import OffsetReader
from dateline_broker import Broker
from dateline_schemas.topics import ARTICLES_ENRICHED
from search_engine.target import OpenSearchTarget
from support.command import Command
from support.enriched_topic import enriched_topic
from support.published import published, until

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]

COUNT = 4000


async def test_after_kill_9_of_the_sink_the_index_has_every_article(
    kafka_broker: Broker, target: OpenSearchTarget
) -> None:
    kafka = await enriched_topic(kafka_broker.bootstrap_servers, COUNT)
    environment = Command(kafka.bootstrap_servers, kafka.topic_prefix).environment()
    options = target.options
    command = [sys.executable, "-m", "dateline", "sink", "opensearch", target.url, "--group", "search"]
    command += ["--index", options.index, "--positions-index", options.positions_index, "--replicas", "0"]

    async def start() -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(*command, env=environment, stderr=asyncio.subprocess.DEVNULL)

    async def stored() -> int:
        if not target.client.indices.exists(index=options.index):
            return 0
        target.client.indices.refresh(index=options.index)
        return int(target.client.count(index=options.index)["count"])

    sink = await start()
    await until(stored)
    sink.send_signal(signal.SIGKILL)
    await sink.wait()
    before = await stored()
    sink = await start()

    async def complete() -> bool:
        return await stored() == COUNT and await positions(target) == wanted

    offsets = await OffsetReader.connect(kafka, "test")
    partitions = await offsets.partitions(ARTICLES_ENRICHED.named(kafka.topic_prefix))
    wanted = {each.partition: end for each, end in (await offsets.ends(partitions)).items()}
    await offsets.close()
    await until(complete)
    sink.terminate()
    assert await sink.wait() == 0
    records = await published(kafka, ARTICLES_ENRICHED.name)
    assert 0 < before <= len({record.key for record in records}) == COUNT


async def positions(target: OpenSearchTarget) -> dict[int, int]:
    """Return the position of each partition."""
    index = target.options.positions_index
    target.client.indices.refresh(index=index)
    hits = target.client.search(index=index, body={"size": 100})["hits"]["hits"]
    return {hit["_source"]["partition"]: hit["_source"]["next_offset"] for hit in hits}
