"""The status service as a process, with a real Kafka."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.structs import OffsetAndMetadata
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.settings import KafkaSettings
from dateline_broker import Broker, RunningBroker
from dateline_schemas import TOPICS, Article, EnrichedArticle, GroupOffset
from dateline_status.kafka.cluster import KafkaCluster
from dateline_status.verdicts.lag import LagMeter, RecordLag
from support.articles import an_article
from support.status_fakes import START, beat

pytestmark = pytest.mark.kafka

PATIENCE = 120.0
"""An expected event that has not happened after this many seconds is a failure."""


class Service:
    """A running status service."""

    def __init__(self, process: "subprocess.Popen[str]", url: str) -> None:
        self.process = process
        self.url = url
        self.slowest = 0.0
        self.client = httpx.Client(timeout=10.0, verify=False)

    def get(self, path: str) -> httpx.Response:
        began = time.monotonic()
        answer = self.client.get(self.url + path)
        self.slowest = max(self.slowest, time.monotonic() - began)
        return answer

    def until(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Request the status until a condition holds, and return it."""
        deadline = time.monotonic() + PATIENCE
        while True:
            status: dict[str, Any] = self.get("/status").json()
            if holds(status):
                return status
            assert time.monotonic() < deadline, json.dumps(status, indent=2)
            time.sleep(0.1)


Start = Callable[[KafkaSettings], Service]


@pytest.fixture
def start_service(tmp_path: Path) -> Iterator[Start]:
    """A function that starts the service and waits until it listens."""
    processes: list[subprocess.Popen[str]] = []
    services: list[Service] = []

    def start(kafka: KafkaSettings) -> Service:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")} | {
            "DATELINE_KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
            "DATELINE_KAFKA__TOPIC_PREFIX": kafka.topic_prefix,
            "DATELINE_STATUS__PORT": "0",
            "DATELINE_STATUS__REFRESH_SECONDS": "0.2",
            "DATELINE_RUNTIME__HEARTBEAT_SECONDS": "0.5",
            "DATELINE_RUNTIME__LOG_FORMAT": "json",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "dateline_status"], env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True
        )
        processes.append(process)
        assert process.stderr is not None
        for line in process.stderr:
            if '"listening"' in line:
                services.append(Service(process, json.loads(line)["url"]))
                return services[-1]
        raise AssertionError(f"the service ended with {process.wait()}")

    yield start
    for service in services:
        service.client.close()
    for process in processes:
        process.kill()
        process.communicate()


def settings_of(broker: Broker) -> KafkaSettings:
    return KafkaSettings(bootstrap_servers=broker.bootstrap_servers, topic_prefix=f"t{uuid.uuid4().hex[:8]}.")


async def write_transactions(kafka: KafkaSettings, transactions: list[int], group: str) -> None:
    """Write transactions with the given numbers of records, and create a group that has read the first one."""
    parsed, groups = (kafka.topic_prefix + name for name in ("articles.parsed", "groups"))
    partition = TopicPartition(parsed, 0)
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers, transactional_id=uuid.uuid4().hex)
    await producer.start()
    try:
        for number in transactions:
            async with producer.transaction():
                for _ in range(number):
                    await producer.send_and_wait(parsed, b"{}", partition=0)
        await producer.begin_transaction()
        await producer.send_and_wait(parsed, b"never seen", partition=0)
        await producer.abort_transaction()
        # Last, since a read in between would see the group at the end and remember that it had caught up.
        async with producer.transaction():
            first = GroupOffset(group=group, topic=parsed, partition=0, offset=0, created=START)
            key, value = first.to_record()
            await producer.send_and_wait(groups, key=key, value=value)
            await producer.send_offsets_to_transaction({partition: OffsetAndMetadata(transactions[0], "")}, group)
    finally:
        await producer.stop()


async def write_heartbeat(kafka: KafkaSettings) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers)
    await producer.start()
    try:
        value = beat("headlines", "h-1", at=datetime.now(UTC), state="failed", reason="a person has to look").to_bytes()
        await producer.send_and_wait(kafka.topic_prefix + "heartbeats", key=b"headlines/1", value=value)
    finally:
        await producer.stop()


async def test_lag_counts_neither_markers_nor_aborted_records(kafka_broker: Broker) -> None:
    kafka = settings_of(kafka_broker)
    await ensure_topics(kafka, TOPICS.values())
    await write_transactions(kafka, [3, 2, 1], "readers")
    partition = TopicPartition(kafka.topic_prefix + "articles.parsed", 0)
    cluster = await KafkaCluster.connect(kafka, TopicLayout(), 10.0)
    try:
        end = (await cluster.ends([partition]))[partition]
        assert end == 3 + 1 + 2 + 1 + 1 + 1 + 1 + 1
        lags = await LagMeter(1000).measure(cluster, [(partition, 0, end), (partition, 3, end), (partition, 8, end)])
        assert set(await cluster.existing()) > {partition.topic}
    finally:
        await cluster.close()
    assert lags == {
        (partition, 0): RecordLag(6, exact=True),
        (partition, 3): RecordLag(3, exact=True),
        (partition, 8): RecordLag(0, exact=True),
    }


async def test_the_service_shows_groups_topics_and_services(kafka_broker: Broker, start_service: Start) -> None:
    kafka = settings_of(kafka_broker)
    service = start_service(kafka)
    status = service.until(lambda status: status["kafka"]["reachable"])
    assert status["status"] == "warn"
    assert "missing; `dateline topics` creates them" in status["problems"][0]
    await ensure_topics(kafka, TOPICS.values())
    await write_transactions(kafka, [3, 2], "readers")

    def complete(status: dict[str, Any]) -> bool:
        # STOP takes some seconds without members.
        pipeline = status["pipeline"]
        groups = [(group["lag"], group["verdict"]) for group in pipeline["groups"]]
        return groups == [(2, "STOP")] and bool(pipeline["services"])

    status = service.until(complete)
    (group,) = status["pipeline"]["groups"]
    assert (group["group"], group["verdict"], group["lag"], group["exact"]) == ("readers", "STOP", 2, True)
    assert status["pipeline"]["topics"][0]["records"] == 5
    (own,) = status["pipeline"]["services"]
    assert (own["service"], own["verdict"]) == ("status", "alive")
    assert own["instances"][0]["details"] == {"url": service.url}
    # A consumer of somebody's does not fail the pipeline.
    assert (group["own"], group["status"], service.get("/health").status_code) == (False, "warn", 200)
    assert service.get("/readyz").status_code == 200
    assert "readers" in service.get("/").text
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap_servers)
    await admin.start()
    await admin.delete_topics([topic.named(kafka.topic_prefix) for topic in TOPICS.values()])
    await admin.close()


def run_command(kafka: KafkaSettings, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")} | {
        "DATELINE_KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "DATELINE_KAFKA__TOPIC_PREFIX": kafka.topic_prefix,
        "DATELINE_STATUS__PORT": "9",
    }
    command = [sys.executable, "-m", "dateline", *arguments]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)


async def test_the_command_reads_kafka_itself_if_no_service_runs(kafka_broker: Broker, tmp_path: Path) -> None:
    kafka = settings_of(kafka_broker)
    await ensure_topics(kafka, TOPICS.values())
    await write_heartbeat(kafka)
    done = run_command(kafka, tmp_path, "status", "--json")
    assert "reading Kafka directly" in done.stderr
    report = json.loads(done.stdout)
    assert report["problems"] == ["headlines: h-1: a person has to look"]
    assert (done.returncode, report["status"]) == (0, "warn")


async def write_article(kafka: KafkaSettings, article: Article) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers)
    await producer.start()
    try:
        for number in range(600):
            value = article if number == 7 else an_article(url=f"https://news.example/{number}")
            await producer.send(kafka.topic_prefix + "articles.parsed", key=value.id.encode(), value=value.to_bytes())
        enriched = EnrichedArticle(article=article, revision=1)
        await producer.send(
            kafka.topic_prefix + "articles.enriched", key=article.id.encode(), value=enriched.to_bytes()
        )
    finally:
        await producer.stop()


async def test_an_article_is_found_by_its_address_with_and_without_the_service(
    kafka_broker: Broker, start_service: Start, tmp_path: Path
) -> None:
    kafka = settings_of(kafka_broker)
    await ensure_topics(kafka, TOPICS.values())
    article = an_article("The needle")
    await write_article(kafka, article)
    service = start_service(kafka)
    service.until(lambda status: status["kafka"]["reachable"])
    answer = service.get(f"/articles/{article.url}")
    assert (answer.status_code, answer.json()["state"], answer.json()["title"]) == (200, "enriched", "The needle")
    assert service.get("/articles/https://news.example/nowhere").status_code == 404
    done = await asyncio.to_thread(run_command, kafka, tmp_path, "where", str(article.url), "--json")
    assert (done.returncode, json.loads(done.stdout)["enriched"]) == (0, answer.json()["enriched"])


async def publish(kafka: KafkaSettings, title: str) -> None:
    value = EnrichedArticle(article=an_article(title, url=f"https://news.example/{uuid.uuid4()}"), revision=1)
    topic = kafka.topic_prefix + "articles.enriched"
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers, transactional_id=uuid.uuid4().hex)
    await producer.start()
    try:
        async with producer.transaction():
            await producer.send_and_wait(topic, key=value.id.encode(), value=value.to_bytes())
    finally:
        await producer.stop()


async def test_an_article_that_is_committed_appears_on_an_open_page_and_is_found(
    kafka_broker: Broker, start_service: Start
) -> None:
    kafka = settings_of(kafka_broker)
    await ensure_topics(kafka, TOPICS.values())
    await publish(kafka, "Here before the service")
    service = start_service(kafka)
    stream = {"accept": "text/event-stream"}
    async with (
        asyncio.timeout(PATIENCE),
        httpx.AsyncClient(base_url=service.url, timeout=PATIENCE, verify=False) as client,
        client.stream("GET", "/articles", headers=stream) as answer,
    ):
        lines = answer.aiter_lines()
        async for line in lines:
            if "Here before the service" in line:
                break
        await publish(kafka, "Here while the page is open")
        async for line in lines:
            if "Here while the page is open" in line:
                break
    found = service.get("/articles?q=%22page+is+open%22").json()
    assert [each["title"] for each in found["articles"]] == ["Here while the page is open"]
    page = service.client.get(f"{service.url}/articles/{found['articles'][0]['id']}", headers={"accept": "text/html"})
    assert (page.status_code, "Here while the page is open" in page.text) == (200, True)


def test_the_service_answers_while_kafka_is_down(
    own_kafka_broker: Callable[..., RunningBroker], start_service: Start, tmp_path: Path
) -> None:
    broker = own_kafka_broker()
    kafka = KafkaSettings(bootstrap_servers=broker.bootstrap_servers)
    service = start_service(kafka)
    service.until(lambda status: status["kafka"]["reachable"])
    broker.kill()
    status = service.until(lambda status: not status["kafka"]["reachable"])
    assert status["status"] == "fail"
    assert status["kafka"]["error"]
    assert status["pipeline"]["topics"]
    assert status["problems"][0].startswith(f"kafka: not reachable at {broker.bootstrap_servers} since ")
    since = status["kafka"]["since"]
    for _ in range(5):
        assert service.get("/livez").status_code == 200
        assert service.get("/readyz").status_code == 503
        assert service.get("/health").status_code == 503
        assert "has not answered since" in service.get("/").text
    assert service.get("/status").json()["kafka"]["since"] == since
    assert service.slowest < 5.0
    done = run_command(kafka, tmp_path, "status", "--url", service.url)
    assert (done.returncode, "has been down since" in done.stdout) == (1, True)
    broker.restart()
    service.until(lambda status: status["kafka"]["reachable"])
    assert service.get("/readyz").status_code == 200
    service.process.send_signal(signal.SIGTERM)
    assert service.process.wait(PATIENCE) == 0


def test_the_service_starts_and_answers_without_kafka(start_service: Start) -> None:
    service = start_service(KafkaSettings(bootstrap_servers="127.0.0.1:9"))
    status = service.until(lambda status: "9" in (status["kafka"]["error"] or ""))
    assert (status["status"], status["pipeline"]) == ("fail", None)
    service.process.send_signal(signal.SIGTERM)
    assert service.process.wait(PATIENCE) == 0


def test_a_taken_port_ends_the_service_with_exit_code_2(start_service: Start, tmp_path: Path) -> None:
    service = start_service(KafkaSettings(bootstrap_servers="127.0.0.1:9"))
    port = service.url.rpartition(":")[2]
    environment = os.environ | {"DATELINE_STATUS__PORT": port}
    done = subprocess.run(
        [sys.executable, "-m", "dateline_status"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    problem = f"dateline: DATELINE_STATUS__PORT={port}: cannot listen on 127.0.0.1:{port}"
    assert done.stderr.splitlines()[-1].startswith(problem)
