"""Topics are created with retries, while brokers are not ready or fail."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import dateline.kafka.topics
import pytest
from aiokafka.admin import NewTopic
from aiokafka.errors import KafkaError, NodeNotReadyError, TopicAuthorizationFailedError
from dateline.errors import StageError
from dateline.kafka.topics import ensure_topics, inspect_topics
from dateline.settings import KafkaSettings
from dateline_schemas import Topic
from dateline_schemas.topics import FEEDS, FIGURES, GROUPS

KAFKA = KafkaSettings()


class FakeAdmin:
    """A cluster that has all topics; it first raises the given errors."""

    def __init__(self, failures: Sequence[KafkaError]) -> None:
        self.failures = list(failures)

    async def list_topics(self) -> list[str]:
        if self.failures:
            raise self.failures.pop(0)
        return [FEEDS.named(), GROUPS.named()]

    async def describe_topics(self, names: Sequence[str]) -> list[dict[str, Any]]:
        counts = {FEEDS.named(): FEEDS.partitions, GROUPS.named(): GROUPS.partitions}
        return [{"topic": name, "partitions": [None] * counts[name]} for name in names]

    async def describe_configs(self, resources: Sequence[Any]) -> list[Any]:
        return []

    async def close(self) -> None:
        pass


@pytest.fixture
def admin(monkeypatch: pytest.MonkeyPatch) -> FakeAdmin:
    fake = FakeAdmin([])

    async def connect(*_: Any, **__: Any) -> FakeAdmin:
        return fake

    monkeypatch.setattr(dateline.kafka.topics, "start_patiently", connect)
    monkeypatch.setattr("dateline.concurrency.backoff.pause_seconds", lambda *_, **__: 0.0)
    return fake


async def test_a_request_that_fails_half_way_is_retried(admin: FakeAdmin) -> None:
    admin.failures = [NodeNotReadyError("not yet"), NodeNotReadyError("not yet")]
    reports = await ensure_topics(KAFKA, [FEEDS, GROUPS])
    assert all(report.exists for report in reports)
    assert not admin.failures


async def test_patience_ends(admin: FakeAdmin) -> None:
    admin.failures = [NodeNotReadyError("not yet")] * 3
    with pytest.raises(NodeNotReadyError):
        await ensure_topics(KAFKA, [FEEDS], patience_seconds=0.0)


async def test_an_error_that_waiting_cannot_resolve_is_raised_at_once(admin: FakeAdmin) -> None:
    admin.failures = [TopicAuthorizationFailedError("no")]
    with pytest.raises(TopicAuthorizationFailedError):
        await ensure_topics(KAFKA, [FEEDS])


async def test_a_topic_is_compared_with_what_is_wanted(admin: FakeAdmin) -> None:
    (report,) = await inspect_topics(KAFKA, [replace(FEEDS, partitions=32)])
    assert report.fatal == [("partitions", "32", str(FEEDS.partitions))]


@pytest.mark.parametrize("refused", [FIGURES, FEEDS])
async def test_only_a_topic_that_nothing_needs_may_be_refused(
    admin: FakeAdmin, monkeypatch: pytest.MonkeyPatch, refused: Topic
) -> None:
    absent = {refused.named()}
    others = {FEEDS.named(), GROUPS.named(), FIGURES.named()} - absent

    async def list_topics() -> list[str]:
        return sorted(others)

    async def create_topics(topics: Sequence[NewTopic]) -> Any:
        assert {topic.name for topic in topics} == absent
        return SimpleNamespace(
            topic_errors=[(topic.name, TopicAuthorizationFailedError.errno, "no") for topic in topics]
        )

    async def describe_topics(names: Sequence[str]) -> list[dict[str, Any]]:
        counts = {topic.named(): topic.partitions for topic in (FEEDS, GROUPS, FIGURES)}
        return [{"topic": name, "partitions": [None] * counts[name]} for name in names]

    for name, fake in (
        ("list_topics", list_topics),
        ("create_topics", create_topics),
        ("describe_topics", describe_topics),
    ):
        monkeypatch.setattr(admin, name, fake, raising=False)
    if refused is FEEDS:
        with pytest.raises(StageError, match="cannot be created"):
            await ensure_topics(KAFKA, [FEEDS, GROUPS, FIGURES])
    else:
        reports = await ensure_topics(KAFKA, [FEEDS, GROUPS, FIGURES])
        assert [report.exists for report in reports] == [True, True, False]
