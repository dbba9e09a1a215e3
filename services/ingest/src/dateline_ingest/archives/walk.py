"""The walk through the archives of a feed (RFC 5005), one document at a time: pure, so that a poller decides when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dateline.feeds.page_choice import page_choice
from dateline_schemas import Article, Feed, FeedArchives, FeedSeen, FeedState
from dateline_web.address import without_credentials

from dateline_ingest.articles.items import FeedItem
from dateline_ingest.full_text.page_evidence import PageEvidence
from dateline_ingest.full_text.routing import ItemRouting, SiteRequest
from dateline_ingest.polling.progress import FeedChange
from dateline_ingest.polling.results import PollTrouble
from dateline_ingest.polling.seen_items import SeenItems

__all__ = ["ArchiveDocument", "ArchiveFailed", "ArchiveResult", "after_archive", "archive_due", "archives_of"]

MAX_DOCUMENTS = 10_000
"""At most this many archive documents of a feed are read."""

MAX_FAILURES = 10
"""After this many failed requests in a row, the walk ends."""

RETRY_SECONDS = 60.0
"""Pause after the first failed request; each further failure doubles it."""

MAX_RETRY_SECONDS = 86_400.0
"""Longest pause after a failed request."""

PAGE_SECONDS = 5.0
"""Pause for each article whose page is wanted, so that pages are not asked for faster than they are read."""

TRANSIENT = frozenset({"unreachable", "origin", "busy", "held"})
"""Troubles after which a document is asked for again."""

MAX_REASON_CHARACTERS = 500
"""Longest reason in a feed's state; a longer one is cut."""

UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
"""Time of observation of an article without any date: every other content counts as later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveDocument:
    """A document of the walk that was read: an archive, or at the beginning the feed's own."""

    key: bytes
    """Key of the feed."""
    at: datetime
    url: str
    """The address that was requested, without credentials."""
    items: Sequence[FeedItem] = ()
    prev: str | None = None
    """Address of the archive before this document."""
    updated: datetime | None = None
    """Time of the last change, as the document states it."""
    is_complete: bool = False
    """Whether the document says that it holds all entries of the feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveFailed:
    """A document of the walk that could not be read."""

    key: bytes
    """Key of the feed."""
    at: datetime
    error: str
    trouble: PollTrouble
    retry_after_seconds: float | None = None


ArchiveResult = ArchiveDocument | ArchiveFailed
"""The outcome of one request of the walk."""


def archives_of(feed: Feed, state: FeedState | None) -> FeedArchives | None:
    """Return how far the archives were read that the feed's record asks for; None if it does not ask for them."""
    if feed.archives is None:
        return None
    known = state.archives if state is not None else None
    return (
        known if known is not None and known.asked == feed.archives.asked else FeedArchives(asked=feed.archives.asked)
    )


def archive_due(feed: Feed, state: FeedState | None, now: datetime) -> datetime | None:
    """Return when the next document is requested, None for never.

    The walk begins after the first good poll, because the feed's newest items come first.
    """
    archives = archives_of(feed, state)
    if archives is None or archives.ended is not None or feed.paused or state is None or state.last_full is None:
        return None
    return archives.next_request or now


def after_archive(
    feed: Feed,
    state: FeedState,
    result: ArchiveResult,
    part: Callable[[int], FeedSeen | None],
    pages: PageEvidence,
) -> FeedChange:
    """Return what a request of the walk changes; items that the feed itself has published are left out.

    Items of archives do not become seen items: they would displace those of the feed.

    Args:
        feed: the feed, whose record asks for its archives.
        state: its state before.
        result: the document, or the failure.
        part: returns a part of the feed's seen items by its number.
        pages: what is known about the pages of the feed's articles.
    """
    archives = archives_of(feed, state)
    if archives is None or archives.ended is not None:
        return FeedChange(state=state)
    if isinstance(result, ArchiveFailed):
        return FeedChange(state=_with(state, archives, _failure(archives, result)))
    sent: list[Article | SiteRequest] = []
    if archives.next is not None:
        sent = _sent(feed, state, archives, result, SeenItems.read(state, part), pages)
    requests = [each for each in sent if isinstance(each, SiteRequest)]
    changed = _progress(feed, archives, result, len(sent))
    if requests:
        changed["next_request"] = result.at + timedelta(seconds=PAGE_SECONDS * len(requests))
    return FeedChange(
        state=_with(state, archives, changed),
        articles=[each for each in sent if isinstance(each, Article)],
        requests=requests,
    )


def _with(state: FeedState, archives: FeedArchives, changed: dict[str, Any]) -> FeedState:
    return state.model_copy(update={"archives": archives.model_copy(update=changed)})


def _failure(archives: FeedArchives, failed: ArchiveFailed) -> dict[str, Any]:
    error = failed.error[:MAX_REASON_CHARACTERS]
    failures = archives.failures + (failed.trouble != "held")
    changed: dict[str, Any] = {"failures": failures, "problem": error}
    if failed.trouble not in TRANSIENT or failures >= MAX_FAILURES:
        what = "the feed" if archives.next is None else f"the archive {archives.next}"
        return changed | {"ended": failed.at, "reason": f"{what} could not be read: {error}", "next_request": None}
    pause = min(RETRY_SECONDS * 2 ** max(failures - 1, 0), MAX_RETRY_SECONDS)
    pause = min(max(pause, failed.retry_after_seconds or 0.0), MAX_RETRY_SECONDS)
    return changed | {"next_request": failed.at + timedelta(seconds=pause)}


def _progress(feed: Feed, archives: FeedArchives, document: ArchiveDocument, sent: int) -> dict[str, Any]:
    """Return the new cursor and counts."""
    is_archive = archives.next is not None
    documents = archives.documents + is_archive
    changed: dict[str, Any] = {
        "next": document.prev,
        "documents": documents,
        "items": archives.items + (len(document.items) if is_archive else 0),
        "published": archives.published + sent,
        "failures": 0,
        "problem": None,
        "next_request": None,
    }
    if documents & (documents - 1) == 0:
        # A mark at the powers of two finds every circle (Brent), without a list of all addresses.
        changed["mark"] = document.url
    reason = _end(feed, archives, document, changed)
    return changed | {"ended": document.at, "reason": reason, "mark": None} if reason else changed


def _end(feed: Feed, archives: FeedArchives, document: ArchiveDocument, changed: dict[str, Any]) -> str | None:
    asked = feed.archives
    assert asked is not None
    if asked.limit is not None and changed["published"] >= asked.limit:
        return f"{asked.limit} articles were published"
    if archives.next is None and document.prev is None:
        return "the feed says that it is complete" if document.is_complete else "the feed names no archive"
    if document.prev is None:
        return "the first archive was reached"
    if document.prev in (document.url, archives.mark, without_credentials(feed.url)):
        return "the archives name each other in a circle"
    if changed["documents"] >= MAX_DOCUMENTS:
        return f"{MAX_DOCUMENTS} documents were read"
    dates = [found for item in document.items if (found := _date(item.article)) is not None]
    if asked.since is not None and archives.next is not None and dates and max(dates) < asked.since:
        return f"articles before {asked.since:%Y-%m-%d} were reached"
    return None


def _sent(
    feed: Feed,
    state: FeedState,
    archives: FeedArchives,
    document: ArchiveDocument,
    seen: SeenItems,
    pages: PageEvidence,
) -> list[Article | SiteRequest]:
    asked = feed.archives
    assert asked is not None
    routing = ItemRouting(
        feed=document.key.decode(),
        choice=page_choice(feed, state.texts, pages.results),
        running=pages.running,
        observed=document.at,
        patient=True,
    )
    found: list[Article | SiteRequest] = []
    for item in document.items:
        if asked.limit is not None and archives.published + len(found) >= asked.limit:
            break
        date = _date(item.article)
        is_old = asked.since is not None and date is not None and date < asked.since
        sent = None if is_old or seen.has(item.key) else routing.of(item, None)
        if sent is not None:
            observed = item.article.updated or item.article.published or document.updated or UNKNOWN
            found.append(_archived(sent, min(observed, document.at)))
    return found


def _archived(sent: Article | SiteRequest, observed: datetime) -> Article | SiteRequest:
    """Return an article or its request, with the time of observation of an archive."""
    changed = {"observed": observed, "via": "archive"}
    if isinstance(sent, Article):
        return sent.model_copy(update=changed)
    article = sent.request.article
    assert article is not None
    request = sent.request.model_copy(update={"article": article.model_copy(update=changed)})
    return SiteRequest(site=sent.site, request=request)


def _date(article: Article) -> datetime | None:
    return article.published or article.updated
