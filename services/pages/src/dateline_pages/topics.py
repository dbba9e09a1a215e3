"""The topics of pages: the changelog of a group, and all topics that the service needs."""

from dateline_schemas import Topic
from dateline_schemas.topics import (
    ARTICLES_PARSED,
    DEAD_LETTERS,
    FEED_PAGES,
    FIGURES,
    GROUPS,
    HEARTBEATS,
    PAGE_REQUESTS,
    PAGE_STATE,
    SITES,
)

from dateline_pages.settings import PagesSettings

__all__ = ["needed_topics", "page_state_topic"]

USUAL_GROUP: str = PagesSettings.model_fields["group"].default
"""The group whose changelog is the registry's `page-state`."""


def page_state_topic(group: str) -> Topic:
    """Return the changelog that keeps the states of sites for `group`."""
    return PAGE_STATE.for_group(group, usual=USUAL_GROUP)


def needed_topics(group: str) -> list[Topic]:
    """Return the topics that the service reads and writes as a member of `group`."""
    state = page_state_topic(group)
    return [ARTICLES_PARSED, PAGE_REQUESTS, state, SITES, FEED_PAGES, GROUPS, DEAD_LETTERS, HEARTBEATS, FIGURES]
