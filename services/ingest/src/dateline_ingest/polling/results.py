"""What a poll, or a push of a hub, brought: one class for each outcome."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from dateline_schemas import FeedHints, article_id
from dateline_schemas.url import canonical_web_url
from dateline_web.address import without_credentials
from dateline_web.answer import Validators
from dateline_web.connectivity.outcome import Outcome
from dateline_web.errors import Trouble
from dateline_web.headers.hints import Hint

from dateline_ingest.articles.items import FeedItem, item_key
from dateline_ingest.feeds import DeletedEntry, ParsedFeed
from dateline_ingest.polling.hints import feed_hints

__all__ = [
    "DeletedItem",
    "Failed",
    "FeedDocument",
    "FeedResponse",
    "PollResult",
    "PollTrouble",
    "Pushed",
    "Read",
    "Unchanged",
]

PollTrouble = Trouble | Literal["bug"]
"""Why a poll failed: the troubles of a request, and those of a feed.

- document: the document exceeds a limit, or is not a feed.
- bug: an error in this program.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedItem:
    """An item that the document states to be deleted."""

    keys: Sequence[str]
    """The keys that the item may have been published under: that of its GUID, then those of its address."""
    url: str | None = None
    """The address of its page, if the document names it."""

    @classmethod
    def of(cls, entry: DeletedEntry) -> "DeletedItem":
        """Return the item of a deleted entry."""
        # An item without a GUID of its own is known by its article, whose id comes from the address.
        addresses = [address for address in (entry.link, entry.ref) if address and canonical_web_url(address)]
        ids = [
            article_id(url=address, source_uri="", guid=None, content_hash="", link_is_unique=True)
            for address in addresses
        ]
        keys = (item_key(entry.ref, ""), *(item_key(None, each) for each in ids))
        return cls(keys=keys, url=without_credentials(entry.link) if entry.link else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """A feed document: its items, and what it states about its feed."""

    items: Sequence[FeedItem] = field(default=(), repr=False)
    deleted: Sequence[DeletedItem] = ()
    """The items that the document states to be deleted."""
    title: str | None = None
    """The name of the items' source; None without items."""
    hints: FeedHints | None = None
    """How often the document says that it should be read."""
    hubs: Sequence[str] = ()
    """The WebSub hubs that the document names."""
    self_link: str | None = None
    """The address that the document gives itself."""

    @classmethod
    def of(cls, parsed: ParsedFeed, items: Sequence[FeedItem]) -> "FeedDocument":
        """Return the document that was parsed, with the items made from its entries."""
        return cls(
            items=items,
            deleted=[DeletedItem.of(entry) for entry in parsed.deleted],
            title=items[0].article.source.name if items else None,
            hints=feed_hints(parsed),
            hubs=tuple(parsed.hubs),
            self_link=parsed.self_link,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedResponse:
    """What the server's answer to a successful poll says besides its document."""

    status: int
    url: str | None = None
    """The address that answered; None for the address that was requested."""
    permanent: str | None = None
    """The target of the permanent redirects that were followed."""
    validators: Validators = field(default_factory=Validators)
    hint: Hint | None = None
    """How long the answer stays fresh."""
    body_hash: str | None = None
    """The hash of the document; None for a 304."""
    links: Sequence[str] = ()
    """The `Link` headers, unparsed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The poll brought no document."""

    key: bytes
    """Key of the feed."""
    at: datetime
    error: str
    trouble: PollTrouble
    """Who is at fault; `bug` for an unexpected error while the document was read."""
    status: int | None = None
    """HTTP status; None without an answer."""
    retry_after_seconds: float | None = None
    """The wait that the server asks for."""
    url: str | None = None
    """The address that answered; None for the address that was requested."""
    candidates: Sequence[str] = ()
    """Addresses of feeds that the page links to which came in place of the feed."""
    failure: Outcome | None = None
    """How the request was cut off, in which case it may be this machine's fault; None if it was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The document is the one that was read before: the server answered 304, or sent the same bytes."""

    key: bytes
    """Key of the feed."""
    at: datetime
    response: FeedResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The poll brought a document that was not read before."""

    key: bytes
    """Key of the feed."""
    at: datetime
    response: FeedResponse
    document: FeedDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """A hub sent a document; it may hold only the new items."""

    key: bytes
    """Key of the feed."""
    at: datetime
    document: FeedDocument


PollResult = Failed | Unchanged | Read
"""The outcome of a poll."""
