"""Says how far the archives of a feed were read."""

from collections.abc import Iterator
from datetime import datetime

from dateline_schemas import Feed, FeedArchives, FeedState

from dateline_status.feeds.models import FeedFact
from dateline_status.feeds.redaction import line

__all__ = ["archive_facts"]


def archive_facts(feed: Feed, state: FeedState | None, now: datetime) -> Iterator[FeedFact]:
    """Yield how far the archives were read; nothing if nobody asked for them."""
    asked = feed.archives
    if asked is None:
        return
    found = state.archives if state is not None else None
    # A later request starts from the feed again.
    archives = found if found is not None and found.asked == asked.asked else FeedArchives(asked=asked.asked)
    wish = "all of them" if asked.since is None else f"back to {asked.since:%Y-%m-%d %H:%M}"
    most = "" if asked.limit is None else f", at most {asked.limit:,} articles"
    yield FeedFact(name="archives", text=f"{_progress(feed, archives)} ({wish}{most})", at=archives.ended)
    if archives.documents:
        documents = f"{archives.documents:,} document{'' if archives.documents == 1 else 's'}"
        counts = f"{documents} with {archives.items:,} items, {archives.published:,} sent on"
        yield FeedFact(name="archives read", text=counts)
    if archives.ended is None and archives.problem is not None:
        again = archives.next_request
        later = again is not None and again > now
        text = f"{line(archives.problem)}{', again at' if later else ''}"
        yield FeedFact(name="archive failed", text=text, at=again if later else None)


def _progress(feed: Feed, archives: FeedArchives) -> str:
    if archives.ended is not None:
        return f"ended: {line(archives.reason or '')}"
    if feed.paused:
        return "wait because the feed is paused"
    if archives.documents or archives.next is not None:
        return f"next {line(archives.next or feed.url)}"
    return "asked for; they are read after the next good poll"
