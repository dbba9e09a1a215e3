"""What is published because of a feed's document: new and changed items, and retractions of deleted ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dateline.feeds.page_choice import page_choice
from dateline_schemas import Article, Feed, FeedSeen, FeedState, Source, content_hash, retraction_of
from dateline_web.address import without_credentials

from dateline_ingest.articles.items import FeedItem
from dateline_ingest.full_text.page_evidence import PageEvidence, pages_give_nothing
from dateline_ingest.full_text.routing import ItemRouting, SiteRequest
from dateline_ingest.full_text.texts import texts_after
from dateline_ingest.polling.results import DeletedItem, Pushed, Read
from dateline_ingest.polling.seen_items import SeenItems

__all__ = ["FeedPublication", "publication"]

SEEN_DOCUMENTS = 5
"""Remembered items, as a multiple of the feed's largest document, within `max_seen`."""

MIN_SEEN_DOCUMENTS = 2
"""Minimum of remembered items, as a multiple of the largest document, whatever `max_seen` is.

An item that leaves the document and returns must not be published again.
"""


@dataclass(slots=True, kw_only=True)
class FeedPublication:
    """The articles of a document, and what the feed's state remembers of them."""

    seen: SeenItems
    fields: dict[str, Any]
    """Changed fields of the feed's state."""
    fresh: Sequence[FeedItem]
    """The items that are new or have changed."""
    added: Sequence[FeedItem]
    """Those of them that are new."""
    articles: list[Article] = field(default_factory=list)
    """What is published directly."""
    requests: list[SiteRequest] = field(default_factory=list)
    """What goes to the tasks that read pages."""
    known: int = 0
    """Number of items that were published before and have not changed."""
    retracted: int = 0
    """Number of articles that are retracted."""
    observed: datetime
    """Time at which the feed carried the document."""
    waits: bool = False
    """Whether items wait until their pages can be asked for, so that the document has to be read again."""

    def send(self, sent: Article | SiteRequest) -> None:
        """Add an article to those that are published, or a request to those that are written."""
        if isinstance(sent, SiteRequest):
            self.requests.append(sent)
        else:
            self.articles.append(sent)


def publication(
    feed: Feed,
    state: FeedState,
    result: Read | Pushed,
    part: Callable[[int], FeedSeen | None],
    *,
    pages: PageEvidence,
    max_seen: int,
) -> FeedPublication:
    """Return what is published because of a document.

    Args:
        feed: the feed.
        state: its state before.
        result: the document.
        part: returns a part of the feed's seen items by its number.
        pages: what is known about the pages of the feed's articles.
        max_seen: the number of items to remember.
    """
    items = result.document.items
    seen = SeenItems.read(state, part)
    fresh = [item for item in items if not seen.holds(item.key, item.article.content_hash)]
    added = [item for item in fresh if not seen.has(item.key)]
    observed = _observed(state, result)
    known = len(items) - len(fresh)
    done = FeedPublication(seen=seen, fields={}, fresh=fresh, added=added, known=known, observed=observed)
    texts = None
    if feed.full_text == "auto":
        texts = texts_after(state.texts, items if state.texts is None else added)
    if texts is not None:
        nothing = pages_give_nothing(pages.results, result.at, before=texts.pages_give_nothing)
        texts = texts.model_copy(update={"pages_give_nothing": nothing})
    routing = ItemRouting(
        feed=result.key.decode("utf-8", "replace"),
        choice=page_choice(feed, texts, pages.results),
        running=pages.running,
        observed=observed,
        patient=state.last_full is None,
    )
    held: set[str] = set()
    for item in fresh:
        sent = routing.of(item, seen.site(item.key))
        if sent is None:
            # Not a seen item: a later poll may send it to its page.
            held.add(item.key)
            done.waits = done.waits or routing.choice.wants(item)
            continue
        site = sent.site if isinstance(sent, SiteRequest) else None
        seen.add(item.key, item.article.content_hash, article=item.article.id, site=site)
        done.send(sent)
    done.fresh = [item for item in fresh if item.key not in held]
    done.added = [item for item in added if item.key not in held]
    name = feed.name or result.document.title or state.title
    source = Source(kind="feed", uri=without_credentials(feed.url), name=name)
    _retract(done, source, result.document.deleted, routing)
    largest = max(state.largest_document, len(items))
    if isinstance(result, Read):
        # A push may hold only new items: the items that it lacks may still be in the feed's document.
        most = max(min(SEEN_DOCUMENTS * largest, max_seen), MIN_SEEN_DOCUMENTS * largest)
        seen.forget(most, [item.key for item in items])
    done.fields = {"largest_document": largest, "texts": texts, **seen.fields()}
    return done


def _observed(state: FeedState, result: Read | Pushed) -> datetime:
    """Return the time of observation of a document, which never goes back within a feed."""
    known = (result.at, state.last_poll, state.observed)
    return max(moment for moment in known if moment is not None)


def _retract(done: FeedPublication, source: Source, deleted: Sequence[DeletedItem], routing: ItemRouting) -> None:
    """Retract the articles of deleted items that the feed itself has published."""
    for item in deleted:
        key = next((key for key in item.keys if done.seen.article(key) is not None), None)
        article = None if key is None else done.seen.article(key)
        if key is None or article is None:
            continue
        known = Article(
            id=article,
            source=source,
            url=item.url,
            title="",
            body="",
            fetched=routing.observed,
            content_hash=content_hash("", ""),
        )
        done.send(routing.retraction(retraction_of(known, routing.observed), done.seen.site(key)))
        done.retracted += 1
        done.seen.retract(key)
