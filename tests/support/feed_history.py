"""A feed that a test polls step by step, with its own clock and its own jitter."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from dateline_ingest.articles.items import FeedItem
from dateline_ingest.articles.teasers import Lack
from dateline_ingest.full_text.page_evidence import PageEvidence
from dateline_ingest.polling.progress import FeedChange, FeedProgress
from dateline_ingest.polling.results import (
    DeletedItem,
    Failed,
    FeedDocument,
    FeedResponse,
    PollResult,
    Pushed,
    Read,
    Unchanged,
)
from dateline_ingest.settings import IngestSettings
from dateline_schemas import Feed, FeedHints, FeedSeen, FeedState
from dateline_web.answer import Validators
from support.articles import an_article

__all__ = ["NOW", "FeedHistory", "a_feed", "an_item"]

NOW = datetime(2024, 6, 27, 10, tzinfo=UTC)


def a_feed(url: str = "https://news.example/rss", **changes: Any) -> Feed:
    return Feed.model_validate({"url": url, "added": NOW, **changes})


def an_item(
    key: str, body: str = "Body", published: datetime | None = None, site: str | None = None, lack: Lack | None = None
) -> FeedItem:
    article = an_article(key, body, url=f"https://news.example/{key}", published=published)
    return FeedItem(key=key, article=article, page_site=site, lack=lack)


@dataclass
class FeedHistory:
    """The state of one feed, and the rules that change it."""

    settings: dict[str, Any] = field(default_factory=dict)
    feed: Feed = field(default_factory=a_feed)
    chance: float = 0.0
    now: datetime = NOW
    state: FeedState | None = None
    parts: dict[int, FeedSeen] = field(default_factory=dict)
    changes: list[FeedChange] = field(default_factory=list)
    pages: PageEvidence = field(default_factory=PageEvidence)
    """What is known about the pages of the feed's articles."""
    rules: FeedProgress = field(init=False)

    def __post_init__(self) -> None:
        self.rules = FeedProgress(settings=IngestSettings.model_validate(self.settings), chance=lambda: self.chance)

    def wait(self, **duration: float) -> None:
        self.now += timedelta(**duration)

    def tell(self, result: PollResult | Pushed) -> list[str]:
        """Apply a result; return the titles of the published articles."""
        change = self.rules.after(self.feed, self.state, result, self.parts.get, self.pages)
        self.changes.append(change)
        # The state goes through its wire format, as it does in the changelog.
        self.state = FeedState.from_bytes(change.state.to_bytes())
        for number, part in change.parts.items():
            if part is None:
                del self.parts[number]
            else:
                self.parts[number] = FeedSeen.from_bytes(part.to_bytes())
        assert sorted(self.parts) == list(range(self.state.seen_first, self.state.seen_next))
        return [article.title for article in change.articles]

    def read(
        self, *items: FeedItem, hints: FeedHints | None = None, deleted: Sequence[DeletedItem] = (), **response: Any
    ) -> list[str]:
        """Let a poll read a document; return the titles of the published articles."""
        values: dict[str, Any] = {"status": 200, "validators": Validators(etag="e"), "body_hash": "h"}
        document = FeedDocument(items=items, hints=hints, deleted=deleted)
        return self.tell(
            Read(key=b"k", at=self.now, response=FeedResponse(**{**values, **response}), document=document)
        )

    def push(self, *items: FeedItem) -> list[str]:
        """Let a hub push a document; return the titles of the published articles."""
        return self.tell(Pushed(key=b"k", at=self.now, document=FeedDocument(items=items)))

    def unchanged(self, status: int = 304, **response: Any) -> None:
        """Let a poll find the same document."""
        values: dict[str, Any] = {"body_hash": "h" if status == 200 else None}
        answer = FeedResponse(status=status, **{**values, **response})
        assert self.tell(Unchanged(key=b"k", at=self.now, response=answer)) == []

    def fail(self, error: str = "time-out", **more: Any) -> None:
        """Let a poll fail."""
        values: dict[str, Any] = {"trouble": "unreachable"}
        assert self.tell(Failed(key=b"k", at=self.now, error=error, **{**values, **more})) == []

    @property
    def known(self) -> FeedState:
        assert self.state is not None
        return self.state

    @property
    def pause(self) -> timedelta:
        """The time until the next poll."""
        assert self.known.next_poll is not None
        return self.known.next_poll - self.now

    def many(self, keys: Sequence[object]) -> list[str]:
        return self.read(*(an_item(str(key)) for key in keys))
