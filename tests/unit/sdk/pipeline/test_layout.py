"""The settings of the layout decide how topics are partitioned and how long they keep records."""

import pytest
from dateline.pipeline.layout import TopicLayout
from dateline_schemas import TOPICS
from dateline_schemas.topics import SEEN


def test_settings_determine_partitions_and_retention_of_topics() -> None:
    layout = TopicLayout(article_partitions=64, feed_partitions=32, page_partitions=16, article_days=7, seen_days=14)
    shapes = {name: layout.of(topic) for name, topic in TOPICS.items()}
    counts = {name: topic.partitions for name, topic in shapes.items() if topic.partitions != 1}
    articles = dict.fromkeys(("articles.parsed", "articles.enriched", "seen"), 64)
    feeds = dict.fromkeys(("feeds", "feed-state", "feed-pushes", "feed-pages"), 32)
    assert counts == articles | feeds | dict.fromkeys(("page-requests", "page-state", "sites"), 16)
    days = {name for name, topic in shapes.items() if topic.retention != TOPICS[name].retention}
    assert days == set(articles)
    assert shapes["seen"].config()["retention.ms"] == str(14 * 24 * 3600 * 1000)
    assert layout.of(SEEN.for_group("v2")).partitions == 64, "the changelog of another group is laid out alike"


def test_by_default_topics_are_those_of_the_registry() -> None:
    assert TopicLayout().of_registry() == list(TOPICS.values())


def test_articles_are_remembered_at_least_as_long_as_they_are_kept() -> None:
    with pytest.raises(ValueError, match=r"seen_days \(5\) must not be below article_days \(30\)"):
        TopicLayout(seen_days=5)
