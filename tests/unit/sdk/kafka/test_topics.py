"""Topics are created with patience: a broker that is not ready, or breaks off, is asked again."""

from collections.abc import Sequence
from typing import Any

import dateline.kafka.topics
import pytest
from aiokafka.errors import KafkaError, NodeNotReadyError, TopicAuthorizationFailedError
from dateline.kafka.topics import as_set, ensure_topics, inspect_topics
from dateline.settings import KafkaSettings
from dateline_schemas import TOPICS
from dateline_schemas.topics import FEEDS, GROUPS, SEEN

KAFKA = KafkaSettings()


class FakeAdmin:
    """A cluster that has all topics, and fails as often as it is told."""

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

    async def connect(*_: Any) -> FakeAdmin:
        return fake

    monkeypatch.setattr(dateline.kafka.topics, "_admin", connect)
    monkeypatch.setattr("dateline.concurrency.backoff.pause_seconds", lambda *_, **__: 0.0)
    return fake


async def test_a_broker_that_breaks_off_is_asked_again(admin: FakeAdmin) -> None:
    admin.failures = [NodeNotReadyError("not yet"), NodeNotReadyError("not yet")]
    reports = await ensure_topics(KAFKA, [FEEDS, GROUPS])
    assert all(report.exists for report in reports)
    assert not admin.failures


async def test_patience_ends(admin: FakeAdmin) -> None:
    admin.failures = [NodeNotReadyError("not yet")] * 3
    with pytest.raises(NodeNotReadyError):
        await ensure_topics(KAFKA, [FEEDS], patience=0.0)


async def test_what_no_waiting_mends_is_raised_at_once(admin: FakeAdmin) -> None:
    admin.failures = [TopicAuthorizationFailedError("no")]
    with pytest.raises(TopicAuthorizationFailedError):
        await ensure_topics(KAFKA, [FEEDS])


def test_settings_say_how_many_partitions_topics_have_and_how_long_they_keep() -> None:
    kafka = KafkaSettings(article_partitions=64, feed_partitions=32, article_days=7, seen_days=14)
    shapes = {name: as_set(topic, kafka) for name, topic in TOPICS.items()}
    counts = {name: topic.partitions for name, topic in shapes.items() if topic.partitions != 1}
    articles = dict.fromkeys(("articles.parsed", "articles.enriched", "seen"), 64)
    assert counts == articles | dict.fromkeys(("feeds", "feed-state", "feed-pushes"), 32)
    days = {name for name, topic in shapes.items() if topic.retention != TOPICS[name].retention}
    assert days == set(articles)
    assert shapes["seen"].config()["retention.ms"] == str(14 * 24 * 3600 * 1000)
    assert as_set(SEEN.for_group("v2"), kafka).partitions == 64, "a changelog of another group is one of them"


def test_by_default_topics_are_as_the_registry_says() -> None:
    assert [as_set(topic, KAFKA) for topic in TOPICS.values()] == list(TOPICS.values())


async def test_a_topic_is_compared_with_what_the_settings_say(admin: FakeAdmin) -> None:
    (report,) = await inspect_topics(KafkaSettings(feed_partitions=32), [FEEDS])
    assert report.fatal == [("partitions", "32", str(FEEDS.partitions))]


def test_articles_are_remembered_for_as_long_as_they_are_kept() -> None:
    with pytest.raises(ValueError, match=r"seen_days \(5\) must not be below article_days \(30\)"):
        KafkaSettings(seen_days=5)
