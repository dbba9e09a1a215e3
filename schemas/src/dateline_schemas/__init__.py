"""The contracts of Dateline: the models of all records, the registry of topics, and the ids of articles."""

from dateline_schemas.contract import Contract, ContractError, Timestamp
from dateline_schemas.identity import article_id, content_hash, feed_key
from dateline_schemas.records.article import Article, DatePrecision, Media, Source, SourceKind, TextOrigin, Via
from dateline_schemas.records.date_mention import DateMention, DateReading, Interval, TimexModifier, TimexType
from dateline_schemas.records.dead_letter import DeadLetter, original_headers
from dateline_schemas.records.enriched_article import EnrichedArticle, EnricherInfo, check_offsets
from dateline_schemas.records.entity import Entity, EntityType, Link
from dateline_schemas.records.feed import (
    Feed,
    FeedHints,
    FeedPoll,
    FeedPush,
    FeedSeen,
    FeedState,
    FeedTexts,
    FeedVerdict,
    FullText,
    TextVerdict,
)
from dateline_schemas.records.feed_archives import ArchivesRequest, FeedArchives
from dateline_schemas.records.feed_delivery import FeedDelivery
from dateline_schemas.records.figures import EventKind, FigureEvent, Figures, FigureValues, Spread
from dateline_schemas.records.group_offset import GroupOffset
from dateline_schemas.records.heartbeat import Heartbeat, PartitionProgress, ServiceState
from dateline_schemas.records.mention import Mention, TextField
from dateline_schemas.records.page import FeedPages, PageRequest, RequestKind, SiteSettings
from dateline_schemas.records.seen import Seen
from dateline_schemas.records.site_state import HostRules, PageLook, SiteState, SiteVisit, WaitingPage
from dateline_schemas.records.sitemap_job import SitemapCounts, SitemapJob, SitemapPlace
from dateline_schemas.retraction import retraction_of
from dateline_schemas.site import SITE_VERSION, site_key
from dateline_schemas.topic import DEFAULT_PREFIX, Topic
from dateline_schemas.topics import TOPICS
from dateline_schemas.url import CANONICAL_VERSION, canonical_url

__all__ = [
    "CANONICAL_VERSION",
    "DEFAULT_PREFIX",
    "SITE_VERSION",
    "TOPICS",
    "ArchivesRequest",
    "Article",
    "Contract",
    "ContractError",
    "DateMention",
    "DatePrecision",
    "DateReading",
    "DeadLetter",
    "EnrichedArticle",
    "EnricherInfo",
    "Entity",
    "EntityType",
    "EventKind",
    "Feed",
    "FeedArchives",
    "FeedDelivery",
    "FeedHints",
    "FeedPages",
    "FeedPoll",
    "FeedPush",
    "FeedSeen",
    "FeedState",
    "FeedTexts",
    "FeedVerdict",
    "FigureEvent",
    "FigureValues",
    "Figures",
    "FullText",
    "GroupOffset",
    "Heartbeat",
    "HostRules",
    "Interval",
    "Link",
    "Media",
    "Mention",
    "PageLook",
    "PageRequest",
    "PartitionProgress",
    "RequestKind",
    "Seen",
    "ServiceState",
    "SiteSettings",
    "SiteState",
    "SiteVisit",
    "SitemapCounts",
    "SitemapJob",
    "SitemapPlace",
    "Source",
    "SourceKind",
    "Spread",
    "TextField",
    "TextOrigin",
    "TextVerdict",
    "Timestamp",
    "TimexModifier",
    "TimexType",
    "Topic",
    "Via",
    "WaitingPage",
    "article_id",
    "canonical_url",
    "check_offsets",
    "content_hash",
    "feed_key",
    "original_headers",
    "retraction_of",
    "site_key",
]
