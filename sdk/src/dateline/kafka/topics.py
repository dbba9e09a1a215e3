"""Creates topics and checks those that exist."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code
from aiokafka.protocol.metadata import MetadataRequest
from dateline_schemas import Topic
from dateline_schemas.topics import FIGURES

from dateline.concurrency.backoff import Backoff
from dateline.concurrency.deadline import bounded
from dateline.errors import StageError, TopicMismatchError, TransientError
from dateline.kafka.connection import client_options, described, discard, start_patiently, worth_a_retry
from dateline.log import get_logger
from dateline.settings import KafkaSettings

__all__ = ["TopicReport", "ensure_topics", "has_topic", "inspect_topics"]

log = get_logger("dateline.topics")

VISIBLE_SECONDS = 20.0
"""How long a new topic may take to appear in the brokers' list."""

DISPENSABLE = frozenset({FIGURES.name})
"""Topics that nothing but the dashboard needs: that one is missing and may not be created is logged and no error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicReport:
    """A wanted topic compared with Kafka's; `differences` holds (setting, wanted, found)."""

    topic: Topic
    name: str
    exists: bool
    created: bool = False
    partitions: int = 0
    differences: tuple[tuple[str, str, str], ...] = ()

    @property
    def fatal(self) -> list[tuple[str, str, str]]:
        """The differences with which the topic cannot be used."""
        return [each for each in self.differences if each[0] in ("partitions", "cleanup.policy")]


async def inspect_topics(
    kafka: KafkaSettings, topics: Iterable[Topic], *, patience_seconds: float | None = None
) -> list[TopicReport]:
    """Compare each of `topics` with Kafka's, and change nothing."""
    admin = await _admin(kafka, patience_seconds)
    try:
        return await _inspect(admin, kafka, list(topics))
    finally:
        await discard(admin)


async def has_topic(client: AIOKafkaClient, name: str) -> bool:
    """Return whether a topic exists and may be seen; asking does not create it, whatever the brokers' settings say.

    Raises:
        KafkaError: no broker answers.
    """
    node = client.get_random_node()
    response: Any = await client.send(node, MetadataRequest([name], allow_auto_topic_creation=False))
    return bool(response.topics) and all(topic[0] == 0 for topic in response.topics)


async def ensure_topics(
    kafka: KafkaSettings, topics: Iterable[Topic], *, patience_seconds: float | None = None
) -> list[TopicReport]:
    """Create those of `topics` that do not exist, and check the others.

    Args:
        kafka: the settings of Kafka.
        topics: the topics as they should be.
        patience_seconds: give up after this many seconds without an answer of a broker; None means never.

    Raises:
        KafkaError: no broker answered in time.
        TopicMismatchError: a topic exists with another number of partitions or cleanup policy.
        StageError: the brokers refuse to create a topic.
    """
    wanted = list({topic.name: topic for topic in topics}.values())
    backoff = Backoff(longest_seconds=5.0, patience_seconds=patience_seconds)
    while True:
        try:
            reports = await _ensure(kafka, wanted, backoff.seconds_left)
            break
        except (KafkaError, OSError, TransientError, AssertionError) as error:
            if not worth_a_retry(error) or backoff.exhausted:
                raise
            log.warning("Kafka did not complete a request; trying again", client="topics", error=described(error))
            await backoff.pause()
    absent = [report.name for report in reports if not report.exists and report.topic.name not in DISPENSABLE]
    if absent:
        raise StageError(f"{', '.join(absent)}: created {VISIBLE_SECONDS:g} s ago, but the brokers do not list it yet")
    problems = [
        f"topic {report.name} exists with {setting} {found}, and Dateline needs {needed}"
        for report in reports
        for setting, needed, found in report.fatal
    ]
    if problems:
        raise TopicMismatchError(
            "; ".join(problems) + ". Delete or rename the topic, or choose another DATELINE_KAFKA__TOPIC_PREFIX"
        )
    return reports


async def _ensure(kafka: KafkaSettings, wanted: Sequence[Topic], patience_seconds: float | None) -> list[TopicReport]:
    admin = await _admin(kafka, patience_seconds)
    try:
        seconds = VISIBLE_SECONDS + 3 * kafka.request_timeout_seconds
        return await bounded(_create_and_inspect(admin, kafka, wanted), seconds, "creating topics")
    finally:
        await discard(admin)


async def _create_and_inspect(
    admin: AIOKafkaAdminClient, kafka: KafkaSettings, wanted: Sequence[Topic]
) -> list[TopicReport]:
    missing = {report.topic.name for report in await _inspect(admin, kafka, wanted) if not report.exists}
    refused = await _create(admin, kafka, [topic for topic in wanted if topic.name in missing])
    reports = await _inspect(admin, kafka, wanted, created=missing)
    deadline = time.monotonic() + VISIBLE_SECONDS
    # A broker acknowledges a new topic before its own list has it.
    while not all(report.exists for report in reports if report.name not in refused) and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
        reports = await _inspect(admin, kafka, wanted, created=missing)
    return reports


async def _admin(kafka: KafkaSettings, patience_seconds: float | None) -> AIOKafkaAdminClient:
    options = client_options(kafka, "dateline-admin")
    return await start_patiently(
        lambda: AIOKafkaAdminClient(**options), "topics", kafka, patience_seconds=patience_seconds
    )


def settings_of(topic: Topic, kafka: KafkaSettings) -> dict[str, str]:
    """Return the settings to create `topic` with."""
    return topic.config(replication_factor=kafka.replication_factor) | {
        "min.insync.replicas": str(kafka.min_insync_replicas)
    }


async def _create(admin: AIOKafkaAdminClient, kafka: KafkaSettings, topics: Sequence[Topic]) -> set[str]:
    """Create `topics`; return the full names of those that the brokers refuse and that nothing needs."""
    refused: set[str] = set()
    if not topics:
        return refused
    dispensable = {topic.named(kafka.topic_prefix) for topic in topics if topic.name in DISPENSABLE}
    new = [
        NewTopic(
            topic.named(kafka.topic_prefix),
            topic.partitions,
            kafka.replication_factor,
            topic_configs=settings_of(topic, kafka),
        )
        for topic in topics
    ]
    response: Any = await admin.create_topics(new)
    for name, code, *message in response.topic_errors:
        error = for_code(code)
        # Another service may have created it at the same time.
        if code != 0 and error is not TopicAlreadyExistsError:
            if error.retriable:
                raise error(f"topic {name} is not created yet")
            why = f"{error.__name__}: {message[0] if message else ''}"
            if name not in dispensable:
                raise StageError(f"topic {name} cannot be created: {why}")
            refused.add(name)
            log.warning("a topic cannot be created; the dashboard has gaps without it", topic=name, error=why)
    return refused


async def _inspect(
    admin: AIOKafkaAdminClient, kafka: KafkaSettings, topics: Sequence[Topic], created: Iterable[str] = ()
) -> list[TopicReport]:
    names = {topic.name: topic.named(kafka.topic_prefix) for topic in topics}
    existing = set(await admin.list_topics()) & set(names.values())
    counts = (
        {t["topic"]: len(t["partitions"]) for t in await admin.describe_topics(sorted(existing))} if existing else {}
    )
    configs = await _configs(admin, sorted(existing)) if existing else {}
    reports = []
    for topic in topics:
        name = names[topic.name]
        differences: list[tuple[str, str, str]] = []
        if name in existing:
            if counts[name] != topic.partitions:
                differences.append(("partitions", str(topic.partitions), str(counts[name])))
            for key, value in settings_of(topic, kafka).items():
                actual = configs.get(name, {}).get(key, value)
                if _sorted(actual) != _sorted(value):
                    differences.append((key, value, actual))
        reports.append(
            TopicReport(
                topic=topic,
                name=name,
                exists=name in existing,
                created=topic.name in created,
                partitions=counts.get(name, 0),
                differences=tuple(differences),
            )
        )
    return reports


def _sorted(value: str) -> list[str]:
    return sorted(value.split(","))


async def _configs(admin: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, dict[str, str]]:
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    configs: dict[str, dict[str, str]] = {}
    for response in await admin.describe_configs(resources):
        for _code, _message, _type, name, entries in _resources(response):
            configs[name] = {entry[0]: entry[1] for entry in entries}
    return configs


def _resources(response: Any) -> Iterable[Any]:
    return response.resources or ()
