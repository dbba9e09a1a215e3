"""The figures of a consumer arrive in their topic and at its port, once the cluster has the topic."""

import asyncio
import json
import re
import signal
import urllib.request

from aiokafka import TopicPartition
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.reader import read_to_end
from dateline.kafka.topics import ensure_topics
from dateline_schemas import Figures
from dateline_schemas.topics import FIGURES
from support.relay_lab import Lab, eventually

QUICK = {
    "RUNTIME__FIGURES_SECONDS": "0.5",
    "RUNTIME__HEARTBEAT_SECONDS": "0.5",
    "RUNTIME__METRICS_PORT": "0",
    "RUNTIME__LOG_FORMAT": "json",
}


async def figures_of(lab: Lab) -> list[Figures]:
    """Return all records of figures; none if the topic does not exist."""
    offsets = await OffsetReader.connect(lab.kafka, "test-figures")
    try:
        partition = TopicPartition(FIGURES.named(lab.prefix), 0)
        reading = read_to_end(lab.kafka, partition, client_id="test-figures", offsets=offsets)
        return [Figures.from_bytes(record.value or b"") async for records in reading for record in records]
    finally:
        await offsets.close()


def page_at(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        text: str = answer.read().decode()
        return text


async def test_a_consumer_works_without_the_topic_and_publishes_its_figures_when_it_is_there(lab: Lab) -> None:
    await lab.publish(20)
    await lab.publish(1, order="refuse")
    worker = lab.process(QUICK)
    await lab.wait_relayed(20)
    await eventually("the warning", lambda: b"`dateline topics` creates it" in worker.log.read_bytes())
    found = re.search(rb'"url": ?"(http://[^"]+/metrics)"', worker.log.read_bytes())
    assert found is not None

    await ensure_topics(lab.kafka, [FIGURES])

    series = f'{{group="{lab.group}",outcome="%s"}}'
    wanted = {
        f"dateline_records_total{series % 'processed'}": 20.0,
        f"dateline_records_total{series % 'dead_letter'}": 1.0,
        f'dateline_outputs_total{{group="{lab.group}",topic="relayed"}}': 20.0,
    }

    async def published() -> bool:
        records = await figures_of(lab)
        return bool(records) and wanted.items() <= records[-1].counters.items()

    await eventually("the figures", published)
    text = await asyncio.to_thread(page_at, found[1].decode())
    assert {name: value for name, value in wanted.items() if f"{name} {value}" not in text} == {}

    worker.send(signal.SIGTERM)
    assert await worker.ended() == 0
    records = await figures_of(lab)
    assert records[-1].events[-1].kind == "stopped"
    assert [event.kind for event in records[-1].events][:2] == ["started", "assigned"]
    assert max(len(record.to_bytes()) for record in records) <= 8192
    warnings = [line for line in worker.log.read_bytes().splitlines() if b"`dateline topics`" in line]
    assert len(warnings) == 1, json.loads(warnings[-1])
