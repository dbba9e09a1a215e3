"""The registry of topics."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from dateline_schemas.records.article import Article
from dateline_schemas.records.enriched_article import EnrichedArticle
from dateline_schemas.records.feed import Feed, FeedSeen, FeedState
from dateline_schemas.records.feed_delivery import FeedDelivery
from dateline_schemas.records.figures import Figures
from dateline_schemas.records.group_offset import GroupOffset
from dateline_schemas.records.heartbeat import Heartbeat
from dateline_schemas.records.page import FeedPages, PageRequest, SiteSettings
from dateline_schemas.records.seen import Seen
from dateline_schemas.records.site_memory import HandedArticles, LearnedSite
from dateline_schemas.records.site_state import HostRules, PageLook, SiteState, WaitingPage
from dateline_schemas.records.sitemap_job import SitemapJob
from dateline_schemas.topic import MIB, Topic

__all__ = [
    "ARTICLES_ENRICHED",
    "ARTICLES_PARSED",
    "DEAD_LETTERS",
    "FEEDS",
    "FEED_PAGES",
    "FEED_PUSHES",
    "FEED_SEEN",
    "FEED_STATE",
    "FIGURES",
    "GROUPS",
    "HEARTBEATS",
    "PAGE_REQUESTS",
    "PAGE_STATE",
    "SEEN",
    "SITES",
    "TOPICS",
]

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
    producers=("ingest", "pages"),
    consumers=("enrich", "status"),
    description=(
        "Articles as their sources publish them. Exactly once per feed, item and content hash for feeds, "
        "at least once for files and pushes."
    ),
    family="articles",
)
"""Articles as their sources publish them."""

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
    family="articles",
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
    events=False,
    producers=("enrich",),
    consumers=("enrich",),
    description=(
        "Changelog of enrich: latest content and revision of each article. Every group but the default one "
        "has its own topic, whose name ends with the group's name."
    ),
    segment_bytes=64 * MIB,
    family="articles",
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
    family="feeds",
)
"""Feeds to poll."""

FEED_SEEN = "seen"
"""Name of the parts of `feed-state` that hold the seen items."""

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
    events=False,
    producers=("ingest",),
    consumers=("ingest", "status"),
    description="Changelog of ingest: validators, next poll and verdict of each feed, and its seen items in parts.",
    segment_bytes=64 * MIB,
    parts=((FEED_SEEN, FeedSeen),),
    family="feeds",
)
"""Changelog of ingest."""

FEED_PUSHES = Topic(
    name="feed-pushes",
    partitions=4,
    cleanup="delete",
    retention=timedelta(days=1),
    max_message_bytes=4 * MIB,
    key="hash of the canonical feed URL",
    model=FeedDelivery,
    event="org.dateline.feed.pushed",
    version=1,
    producers=("ingest",),
    consumers=("ingest",),
    description=(
        "Messages of WebSub hubs, forwarded from the replica that received them to the one that owns the feed. "
        "Partitioned like `feeds`."
    ),
    segment=timedelta(hours=1),
    segment_bytes=64 * MIB,
    family="feeds",
)
"""Messages of WebSub hubs."""

FEED_PAGES = Topic(
    name="feed-pages",
    partitions=4,
    cleanup="compact,delete",
    retention=timedelta(days=90),
    max_message_bytes=MIB,
    key="hash of the canonical feed URL, and the site",
    model=FeedPages,
    event="org.dateline.pages.read",
    version=1,
    producers=("pages",),
    consumers=("ingest",),
    description="What the pages of each site gave to the articles of each feed. Partitioned like `feeds`.",
    segment_bytes=16 * MIB,
    family="feeds",
)
"""What pages gave, by feed."""

PAGE_REQUESTS = Topic(
    name="page-requests",
    partitions=4,
    cleanup="delete",
    retention=timedelta(days=30),
    max_message_bytes=4 * MIB,
    key="site",
    model=PageRequest,
    event="org.dateline.page.requested",
    version=1,
    producers=("ingest", "pages"),
    consumers=("pages",),
    description="Articles whose page has to be read, and other work for the task that owns the site.",
    family="pages",
)
"""Work for the tasks of pages."""

PAGE_STATE = Topic(
    name="page-state",
    partitions=4,
    cleanup="compact",
    retention=None,
    max_message_bytes=4 * MIB,
    key="site",
    model=SiteState,
    event="org.dateline.site.visited",
    version=1,
    events=False,
    producers=("pages",),
    consumers=("pages", "status"),
    description="Changelog of pages: what each site has answered, and, in parts, what waits in its queue.",
    segment_bytes=64 * MIB,
    parts=(
        ("request", WaitingPage),
        ("failed", WaitingPage),
        ("look", PageLook),
        ("rules", HostRules),
        ("feed", FeedPages),
        ("sitemap", SitemapJob),
        ("lessons", LearnedSite),
        ("handed", HandedArticles),
    ),
    family="pages",
)
"""Changelog of pages."""

SITES = Topic(
    name="sites",
    partitions=4,
    cleanup="compact",
    retention=None,
    max_message_bytes=MIB,
    key="site",
    model=SiteSettings,
    event="org.dateline.site.configured",
    version=1,
    producers=("pages",),
    consumers=("pages", "status"),
    description="What an operator has decided about a site; a tombstone removes the decision. "
    "Partitioned like `page-requests`.",
    segment_bytes=16 * MIB,
    family="pages",
)
"""Decisions about sites."""

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
    events=False,
    producers=("ingest", "pages", "enrich", "any consumer"),
    consumers=("status",),
    description=(
        "Records that could not be processed: the original key, bytes and headers, and the error in further headers."
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
    producers=("ingest", "pages", "enrich", "status", "any consumer"),
    consumers=("status", "ingest"),
    description="Heartbeats of every instance of every service.",
    segment=timedelta(hours=1),
    segment_bytes=16 * MIB,
)
"""Heartbeats."""

FIGURES = Topic(
    name="figures",
    partitions=1,
    cleanup="delete",
    retention=timedelta(days=2),
    max_message_bytes=MIB,
    key="service/instance",
    model=Figures,
    event="org.dateline.service.measured",
    version=1,
    producers=("ingest", "pages", "enrich", "sinks", "status", "any consumer"),
    consumers=("status",),
    description="Once a minute, what each instance of each service has counted and measured since its start.",
    segment=timedelta(hours=4),
    segment_bytes=64 * MIB,
)
"""Figures of the last two days."""

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
    events=False,
    producers=("enrich", "ingest", "pages", "any consumer"),
    consumers=("enrich", "ingest", "pages", "any consumer"),
    description=("Initial offsets of groups, so that a group that has lost its offsets is not taken for a new one."),
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
            FEED_PUSHES,
            FEED_PAGES,
            PAGE_REQUESTS,
            PAGE_STATE,
            SITES,
            DEAD_LETTERS,
            HEARTBEATS,
            FIGURES,
            GROUPS,
        )
    }
)
"""Every topic by its name without prefix."""
