"""A topic for each codec, as Dateline's producers write it: two committed transactions and an aborted one."""

import asyncio
import json
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args

import pytest
from dateline.kafka.records import Output
from dateline.kafka.topics import ensure_topics
from dateline.kafka.writer import COMPRESSED_BYTES, TransactionalWriter
from dateline.settings import KafkaSettings
from dateline.settings.kafka import Compression
from dateline_broker import Broker
from dateline_schemas.headers import event_headers
from dateline_schemas.topics import FEEDS

collect_ignore_glob = [] if os.environ.get("DATELINE_TEST_CLIENTS") else ["test_*.py"]
"""They are no part of `make test`: `make test-clients` runs them."""

CODECS = get_args(Compression)
"""The codecs of the setting."""

Seen = tuple[str, str, str]
"""Key, value and the header `ce_id` of a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A topic and what a reader of committed records has to see."""

    servers: str
    topic: str
    records: list[Seen]


@pytest.fixture(scope="session", params=CODECS)
def written(request: pytest.FixtureRequest, kafka_broker: Broker) -> Written:
    """The topic of one codec."""
    return asyncio.run(_write(kafka_broker.bootstrap_servers, request.param))


async def _write(servers: str, codec: Compression) -> Written:
    kafka = KafkaSettings(
        bootstrap_servers=servers, topic_prefix=f"c{secrets.token_hex(4)}.{codec}.", compression=codec
    )
    topic = FEEDS.named(kafka.topic_prefix)
    await ensure_topics(kafka, [FEEDS])
    writer = await TransactionalWriter.open(kafka, f"{topic}-test", "test")
    try:
        large = [_output(topic, name, "The council met on Tuesday. " * 100) for name in ("large-1", "large-2", "lärge")]
        small = [_output(topic, "small", "a few bytes")]
        assert small[0].size < COMPRESSED_BYTES < large[0].size
        await writer.commit(large, "", {})
        await writer._begin()
        await writer._produce([_output(topic, "aborted", "never seen" * 500)])
        await writer._producer.abort_transaction()
        await writer.commit(small, "", {})
    finally:
        await writer.close()
    return Written(servers=servers, topic=topic, records=[_seen(each) for each in [*large, *small]])


def _output(topic: str, name: str, text: str) -> Output:
    headers = event_headers(FEEDS, id=f"id-of-{name}", source="urn:test", time=datetime(2026, 6, 28, tzinfo=UTC))
    value = json.dumps({"name": name, "text": text}, ensure_ascii=False).encode()
    return Output(topic, name.encode(), value, 0, tuple(headers))


def _seen(output: Output) -> Seen:
    assert output.key is not None
    assert output.value is not None
    return output.key.decode(), output.value.decode(), dict(output.headers)["ce_id"].decode()
