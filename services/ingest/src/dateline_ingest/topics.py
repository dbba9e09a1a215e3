"""The topics of ingest: the changelog of a group, and all topics that the service needs."""

from dateline_schemas import Topic
from dateline_schemas.topics import (
    ARTICLES_PARSED,
    DEAD_LETTERS,
    FEED_PAGES,
    FEED_PUSHES,
    FEED_STATE,
    FEEDS,
    FIGURES,
    GROUPS,
    HEARTBEATS,
    PAGE_REQUESTS,
)

from dateline_ingest.settings import IngestSettings

__all__ = ["needed_topics", "state_topic"]

USUAL_GROUP: str = IngestSettings.model_fields["group"].default
"""The group whose changelog is the registry's `feed-state`."""


def state_topic(group: str) -> Topic:
    """Return the changelog that keeps the feeds' states for `group`."""
    return FEED_STATE.for_group(group, usual=USUAL_GROUP)


def needed_topics(group: str) -> list[Topic]:
    """Return the topics that the service reads and writes as a member of `group`."""
    feeds = [FEEDS, state_topic(group), FEED_PUSHES, FEED_PAGES]
    return [ARTICLES_PARSED, PAGE_REQUESTS, *feeds, GROUPS, DEAD_LETTERS, HEARTBEATS, FIGURES]
