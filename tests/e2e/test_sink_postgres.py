"""PostgreSQL through a real broker: kill -9 of the sink, of the server, and a group that is shared."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from subprocess import Popen

import psycopg
import pytest
from dateline.settings import KafkaSettings
from dateline_broker import Broker
from dateline_sinks.servers.postgres import PostgresServer
from support.enriched_topic import enriched_topic
from support.postgres_lab import PostgresLab
from support.relay_lab import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.xdist_group("postgres"), pytest.mark.timeout(120)]

COUNT = 300


@pytest.fixture
async def kafka(kafka_broker: Broker) -> KafkaSettings:
    return await enriched_topic(kafka_broker.bootstrap_servers, COUNT)


def start(kafka: KafkaSettings, url: str) -> "Popen[bytes]":
    settings = {
        "DATELINE_KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "DATELINE_KAFKA__TOPIC_PREFIX": kafka.topic_prefix,
        "DATELINE_KAFKA__SESSION_TIMEOUT_SECONDS": "3",
        "DATELINE_KAFKA__TRANSACTION_TIMEOUT_SECONDS": "2",
    }
    command = [sys.executable, "-m", "dateline", "sink", "postgres", url, "--group", f"{kafka.topic_prefix}sink"]
    return Popen(command, env=os.environ | settings)


@asynccontextmanager
async def two_sinks(kafka: KafkaSettings, url: str) -> AsyncIterator[Sequence["Popen[bytes]"]]:
    processes = [start(kafka, url), start(kafka, url)]
    try:
        yield processes
    finally:
        for each in processes:
            each.kill()
            await asyncio.to_thread(each.wait, 20)


def written(lab: PostgresLab) -> int:
    try:
        return lab.counts()[1]
    except psycopg.Error:
        # The tables are not there yet, or the server is not.
        return 0


async def test_each_article_is_written_once_over_kills_of_sink_and_server(
    kafka: KafkaSettings, postgres_server: PostgresServer, postgres_url: str
) -> None:
    lab = PostgresLab(postgres_url)
    async with two_sinks(kafka, postgres_url) as processes:
        await eventually("the first articles", lambda: written(lab))
        processes[0].send_signal(signal.SIGKILL)
        await asyncio.to_thread(postgres_server.kill)
        await asyncio.to_thread(postgres_server.start)
        await eventually("all articles", lambda: written(lab) == COUNT)
        processes[1].send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(processes[1].wait, 20) == 0
    assert list(lab.counts()[:2]) == [COUNT, COUNT]
