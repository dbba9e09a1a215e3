"""The registry of topics satisfies the design."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from dateline_schemas import DEFAULT_PREFIX, TOPICS, GroupOffset, Topic
from dateline_schemas.topic import part_key, whole_key
from dateline_schemas.topics import (
    ARTICLES_ENRICHED,
    ARTICLES_PARSED,
    DEAD_LETTERS,
    FEED_PAGES,
    FEED_PUSHES,
    FEED_STATE,
    FEEDS,
    GROUPS,
    HEARTBEATS,
    PAGE_REQUESTS,
    PAGE_STATE,
    SEEN,
    SITES,
)

EVERY_TOPIC = pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS.keys())


def test_topics_that_a_task_reads_and_writes_share_their_partition_count() -> None:
    assert ARTICLES_PARSED.partitions == ARTICLES_ENRICHED.partitions == SEEN.partitions == 4
    assert FEEDS.partitions == FEED_STATE.partitions == FEED_PUSHES.partitions == FEED_PAGES.partitions == 4
    assert PAGE_REQUESTS.partitions == PAGE_STATE.partitions == SITES.partitions == 4
    assert DEAD_LETTERS.partitions == HEARTBEATS.partitions == GROUPS.partitions == 1


def test_a_request_holds_the_largest_article() -> None:
    assert PAGE_REQUESTS.max_message_bytes >= 2 * ARTICLES_PARSED.max_message_bytes
    assert PAGE_STATE.max_message_bytes >= PAGE_REQUESTS.max_message_bytes


def test_dead_letters_accept_larger_records_than_any_other_topic() -> None:
    others = [topic.max_message_bytes for topic in TOPICS.values() if topic is not DEAD_LETTERS]

    assert DEAD_LETTERS.max_message_bytes >= 2 * max(others)


def test_enrich_remembers_articles_longer_than_they_are_kept() -> None:
    assert SEEN.retention is not None
    assert ARTICLES_PARSED.retention is not None
    assert SEEN.retention > ARTICLES_PARSED.retention


@EVERY_TOPIC
def test_settings_are_text_in_kafkas_form(topic: Topic) -> None:
    config = topic.config()

    assert all(isinstance(value, str) for value in config.values())
    assert config["cleanup.policy"] == topic.cleanup
    assert config["max.message.bytes"] == str(topic.max_message_bytes)
    assert config["min.insync.replicas"] == "1"
    assert ("min.cleanable.dirty.ratio" in config) == ("compact" in topic.cleanup)


@EVERY_TOPIC
def test_event_type_is_unique_to_its_topic(topic: Topic) -> None:
    assert re.fullmatch(rb"org\.dateline\.[a-z]+\.[a-z]+\.v[1-9]\d*", topic.event_type)
    assert [other for other in TOPICS.values() if other.event_type == topic.event_type] == [topic]


@EVERY_TOPIC
def test_segments_are_closed_well_before_their_records_expire(topic: Topic) -> None:
    assert topic.retention is None or topic.segment <= topic.retention / 10


def test_retention_is_in_milliseconds() -> None:
    assert SEEN.config()["retention.ms"] == str(90 * 24 * 3600 * 1000)
    assert FEEDS.config()["retention.ms"] == "-1"


@pytest.mark.parametrize(("copies", "in_sync"), [(1, "1"), (2, "1"), (3, "2")])
def test_writes_need_all_replicas_but_one(copies: int, in_sync: str) -> None:
    assert FEEDS.config(replication_factor=copies)["min.insync.replicas"] == in_sync


def test_name_in_kafka_has_the_prefix() -> None:
    assert SEEN.named() == "dateline.seen"
    assert SEEN.named("test-7.") == "test-7.seen"
    assert DEFAULT_PREFIX == "dateline."


def test_another_group_has_its_own_changelog() -> None:
    other = SEEN.for_group("enrich-2")

    assert other.named() == "dateline.seen.enrich-2"
    assert replace(other, name=SEEN.name) == SEEN


def test_the_default_group_has_the_changelog_of_the_registry() -> None:
    assert SEEN.for_group("enrich", usual="enrich") is SEEN
    assert SEEN.for_group("enrich-2", usual="enrich").name == "seen.enrich-2"


@pytest.mark.parametrize("group", ["with space", "a/b", "é", "x" * 250])
def test_group_that_makes_an_invalid_topic_name_is_rejected(group: str) -> None:
    with pytest.raises(ValueError, match="is not a valid topic name"):
        SEEN.for_group(group).named()


def test_shape_of_a_topic_can_be_set() -> None:
    smaller = replace(SEEN, partitions=1, retention=timedelta(days=7))

    assert smaller.config()["retention.ms"] == str(7 * 24 * 3600 * 1000)
    assert smaller.event_type == SEEN.event_type


def test_key_of_an_initial_offset_names_group_topic_and_partition() -> None:
    given_offset = GroupOffset(
        group="enrich",
        topic="dateline.articles.parsed",
        partition=2,
        offset=0,
        created=datetime(2024, 6, 27, tzinfo=UTC),
    )

    key, value = given_offset.to_record()

    assert key == GroupOffset.key_of("enrich", "dateline.articles.parsed", 2)
    assert GroupOffset.from_bytes(value) == given_offset


def test_whole_key_of_a_part_key_is_the_original_key() -> None:
    assert part_key(b"f00d", "seen", 12) == b"f00d/seen/12"
    assert whole_key(b"f00d/seen/12") == whole_key(b"f00d") == b"f00d"
