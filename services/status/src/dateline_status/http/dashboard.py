"""What the pages show beside the report; a part that is None has no page."""

import asyncio
from dataclasses import dataclass, field

from dateline.figures.meter import Meter

from dateline_status.feed_changes.desk import FeedEditing
from dateline_status.feeds.source import FeedSource
from dateline_status.groups.desk import GroupForgetting
from dateline_status.history.view import History
from dateline_status.http.access.access import Access
from dateline_status.http.articles import ArticleSource
from dateline_status.letters.letters import DeadLetters
from dateline_status.pulse import Pulse

__all__ = ["Dashboard"]


@dataclass(slots=True, kw_only=True)
class Dashboard:
    """The parts of the dashboard."""

    pulse: Pulse = field(default_factory=Pulse)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    access: Access = field(default_factory=Access)
    history: History | None = None
    articles: ArticleSource | None = None
    feeds: FeedSource | None = None
    letters: DeadLetters | None = None
    groups: GroupForgetting | None = None
    actions: FeedEditing | None = None
    figures: Meter | None = None
