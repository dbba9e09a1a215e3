"""The registry of topics: one place that says what each is called, holds and costs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from dateline_schemas.article import Article
from dateline_schemas.contract import Contract
from dateline_schemas.enriched_article import EnrichedArticle
from dateline_schemas.feed import Feed, FeedState
from dateline_schemas.group_offset import GroupOffset
from dateline_schemas.heartbeat import Heartbeat
from dateline_schemas.seen import Seen

__all__ = [
    "ARTICLES_ENRICHED",
    "ARTICLES_PARSED",
    "DEAD_LETTERS",
    "DEFAULT_PREFIX",
    "FEEDS",
    "FEED_STATE",
    "GROUPS",
    "HEARTBEATS",
    "SEEN",
    "TOPICS",
    "Cleanup",
    "Topic",
]

DEFAULT_PREFIX = "dateline."
"""Prefix of every topic unless a setting says otherwise."""

MAX_NAME_LENGTH = 249
"""Longest name of a topic that Kafka takes."""

Cleanup = Literal["delete", "compact", "compact,delete"]
"""Kafka's ways to clean a topic up."""

KIB = 1024
MIB = 1024 * KIB


# Without slots: `event_type` is computed once for each topic, because it goes into every record.
@dataclass(frozen=True, kw_only=True)
class Topic:
    """A topic: its shape, its settings and what its records are.

    Attributes:
        name: Name without prefix.
        partitions: Number of partitions.
        cleanup: Kafka's `cleanup.policy`.
        retention: How long records are kept, None for ever; of a compacted topic, `delete` has to be part
            of its clean-up for this to count.
        max_message_bytes: Largest batch of records, after compression.
        key: What the key of a record is.
        model: Model of the value, None where the value is bytes as they came.
        event: Type of event (CloudEvents) without version.
        version: Major version of the schema.
        producers: Services that write it.
        consumers: Services that read it.
        description: What it is for.
        content_type: Media type of the value.
        segment: Age at which a segment is closed; only closed segments are cleaned up.
        segment_bytes: Size at which a segment is closed.
    """

    name: str
    partitions: int
    cleanup: Cleanup
    retention: timedelta | None
    max_message_bytes: int
    key: str
    model: type[Contract] | None
    event: str
    version: int
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    description: str
    content_type: str = "application/json"
    segment: timedelta = timedelta(days=1)
    segment_bytes: int = 256 * MIB

    def named(self, prefix: str = DEFAULT_PREFIX) -> str:
        """Name of the topic in Kafka.

        Raises:
            ValueError: Kafka takes no such name.
        """
        name = prefix + self.name
        if len(name) > MAX_NAME_LENGTH or not re.fullmatch(r"[A-Za-z0-9._-]+", name):
            raise ValueError(
                f"{name!r} is no name for a topic: letters, digits, '.', '_' and '-', {MAX_NAME_LENGTH} at most"
            )
        return name

    def for_group(self, group: str) -> "Topic":
        """The changelog of the same shape that belongs to another group."""
        return replace(self, name=f"{self.name}.{group}")

    @cached_property
    def event_type(self) -> bytes:
        """Value of the header `ce_type`: type of event with the schema's major version."""
        return f"{self.event}.v{self.version}".encode()

    def config(self, *, replication_factor: int = 1) -> dict[str, str]:
        """Settings to create the topic with, all explicit.

        Args:
            replication_factor: Copies of each partition; all but one have to be in sync for a write.

        Returns:
            Kafka's names and values.
        """
        settings = {
            "cleanup.policy": self.cleanup,
            # As the producer sent it: a codec of the topic's own would make the broker pack batches again.
            "compression.type": "producer",
            "max.message.bytes": str(self.max_message_bytes),
            "message.timestamp.type": "CreateTime",
            "min.insync.replicas": str(max(1, replication_factor - 1)),
            "retention.ms": _milliseconds(self.retention),
            "retention.bytes": "-1",
            "segment.ms": _milliseconds(self.segment),
            "segment.bytes": str(self.segment_bytes),
            "unclean.leader.election.enable": "false",
        }
        if "compact" in self.cleanup:
            # Restoring reads the whole changelog: clean often, so that it stays about as long as its keys.
            settings["min.cleanable.dirty.ratio"] = "0.1"
            settings["delete.retention.ms"] = _milliseconds(timedelta(days=1))
        return settings


def _milliseconds(duration: timedelta | None) -> str:
    return "-1" if duration is None else str(duration // timedelta(milliseconds=1))


ARTICLES_PARSED = Topic(
    name="articles.parsed",
    partitions=4,
    cleanup="delete",
    retention=timedelta(days=30),
    max_message_bytes=2 * MIB,
    key="article id",
    model=Article,
    event="org.dateline.article.parsed",
    version=1,
    producers=("ingest",),
    consumers=("enrich", "status"),
    description=(
        "Articles as their sources have them. Exactly once per feed, item and content hash for feeds, at least "
        "once for files and pushes."
    ),
)
"""Articles as their sources have them."""

ARTICLES_ENRICHED = Topic(
    name="articles.enriched",
    partitions=4,
    cleanup="delete",
    retention=timedelta(days=30),
    max_message_bytes=4 * MIB,
    key="article id",
    model=EnrichedArticle,
    event="org.dateline.article.enriched",
    version=1,
    producers=("enrich",),
    consumers=("status", "any consumer"),
    description="Articles with entities and resolved dates, exactly once per article id and revision.",
)
"""Articles with entities and resolved dates."""

SEEN = Topic(
    name="seen",
    partitions=4,
    cleanup="compact,delete",
    retention=timedelta(days=90),
    max_message_bytes=MIB,
    key="article id",
    model=Seen,
    event="org.dateline.article.seen",
    version=1,
    producers=("enrich",),
    consumers=("enrich",),
    description=(
        "Changelog of enrich: latest content and revision of each article. A group other than the first has a "
        "topic of its own, with the group's name at the end."
    ),
    segment_bytes=64 * MIB,
)
"""Changelog of enrich."""

FEEDS = Topic(
    name="feeds",
    partitions=4,
    cleanup="compact",
    retention=None,
    max_message_bytes=MIB,
    key="hash of the canonical feed URL",
    model=Feed,
    event="org.dateline.feed.configured",
    version=1,
    producers=("ingest",),
    consumers=("ingest", "status"),
    description="Feeds to poll; a tombstone removes one.",
    segment_bytes=16 * MIB,
)
"""Feeds to poll."""

FEED_STATE = Topic(
    name="feed-state",
    partitions=4,
    cleanup="compact",
    retention=None,
    max_message_bytes=4 * MIB,
    key="hash of the canonical feed URL",
    model=FeedState,
    event="org.dateline.feed.polled",
    version=1,
    producers=("ingest",),
    consumers=("ingest", "status"),
    description="Changelog of ingest: validators, items seen, next poll and verdict of each feed.",
    segment_bytes=64 * MIB,
)
"""Changelog of ingest."""

DEAD_LETTERS = Topic(
    name="dead-letters",
    partitions=1,
    cleanup="delete",
    retention=timedelta(days=90),
    max_message_bytes=8 * MIB,
    key="key of the original record",
    model=None,
    event="org.dateline.record.failed",
    version=1,
    producers=("ingest", "enrich", "any consumer"),
    consumers=("status",),
    description=(
        "Records that could not be processed: the original bytes are the value, everything else is in headers."
    ),
    content_type="application/octet-stream",
)
"""Records that could not be processed."""

HEARTBEATS = Topic(
    name="heartbeats",
    partitions=1,
    cleanup="compact,delete",
    retention=timedelta(days=1),
    max_message_bytes=MIB,
    key="service/instance",
    model=Heartbeat,
    event="org.dateline.service.beat",
    version=1,
    producers=("ingest", "enrich", "status", "any consumer"),
    consumers=("status",),
    description="Signs of life of every instance of every service.",
    segment=timedelta(hours=1),
    segment_bytes=16 * MIB,
)
"""Signs of life."""

GROUPS = Topic(
    name="groups",
    partitions=1,
    cleanup="compact",
    retention=None,
    max_message_bytes=MIB,
    key="group|topic|partition",
    model=GroupOffset,
    event="org.dateline.group.created",
    version=1,
    producers=("enrich", "ingest", "any consumer"),
    consumers=("enrich", "ingest", "any consumer"),
    description=(
        "Initial offsets that groups were given, so that a group that lost its offsets is not taken for a new one."
    ),
    segment_bytes=16 * MIB,
)
"""Initial offsets of groups."""

TOPICS: Mapping[str, Topic] = MappingProxyType(
    {
        topic.name: topic
        for topic in (
            ARTICLES_PARSED,
            ARTICLES_ENRICHED,
            SEEN,
            FEEDS,
            FEED_STATE,
            DEAD_LETTERS,
            HEARTBEATS,
            GROUPS,
        )
    }
)
"""Every topic by its name without prefix."""
