"""What a poll changes: the feed's state, its verdict, its next poll, and the articles to publish."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from dateline_schemas import Article, Feed, FeedPoll, FeedSeen, FeedState
from dateline_schemas.records.feed import MAX_POLLS
from dateline_web.address import without_credentials
from dateline_web.answer import Validators
from yarl import URL

from dateline_ingest.articles.items import FeedItem
from dateline_ingest.full_text.page_evidence import PageEvidence
from dateline_ingest.full_text.routing import SiteRequest
from dateline_ingest.polling.failures import FailureRules, failed_poll
from dateline_ingest.polling.poll import PollRequest
from dateline_ingest.polling.publication import FeedPublication, publication
from dateline_ingest.polling.results import Failed, FeedResponse, PollResult, Pushed, Read, Unchanged
from dateline_ingest.polling.rhythm import Rhythm
from dateline_ingest.settings import IngestSettings

__all__ = ["FeedChange", "FeedProgress"]

NO_EVIDENCE = PageEvidence()
"""Nothing is known about pages, and none can be asked for."""

MAX_TITLE_CHARACTERS = 200
"""Longest title in a feed's state; a longer one is cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedChange:
    """What a poll changes. All of it must be written in one transaction."""

    state: FeedState
    articles: Sequence[Article] = ()
    """Articles to publish: new, changed and retracted ones."""
    requests: Sequence[SiteRequest] = ()
    """Requests to write for articles that go to the tasks that read pages."""
    parts: Mapping[int, FeedSeen | None] = field(default_factory=dict)
    """The changed parts of the seen items, by number; None deletes a part."""

    observed: datetime | None = None
    """The articles' time of observation, None if there are none."""
    items: Mapping[str, int] = field(default_factory=dict)
    """Number of the document's items by outcome: `new`, `changed`, `known` or `retracted`."""

    @property
    def found(self) -> int:
        """Number of articles that are new, changed or retracted."""
        return len(self.articles) + len(self.requests)


@dataclass(slots=True, kw_only=True)
class FeedProgress:
    """The rules for what to request in a poll, and for what its result changes."""

    settings: IngestSettings
    chance: Callable[[], float] = field(default=random.random)
    """Returns a number from 0 to 1, for jitter."""
    rhythm: Rhythm = field(init=False)
    _failures: FailureRules = field(init=False)

    def __post_init__(self) -> None:
        self.rhythm = Rhythm(settings=self.settings, chance=self.chance)
        self._failures = FailureRules(settings=self.settings, rhythm=self.rhythm)

    def request(self, key: bytes, feed: Feed, state: FeedState | None, now: datetime) -> PollRequest:
        """Return what the next poll of a feed requests."""
        if state is None:
            return PollRequest(key=key, feed=feed, address=feed.url)
        validators = Validators(etag=state.etag, last_modified=state.last_modified)
        full = state.last_full is None or now - state.last_full >= timedelta(seconds=self.settings.full_fetch_seconds)
        # A feed moves to another address only after documents have come from there: a 304 does not count.
        if full or state.redirect_to is not None:
            validators = Validators()
        address = feed.url if state.moved_to is None else _with_credentials(state.moved_to, feed.url)
        return PollRequest(key=key, feed=feed, address=address, validators=validators, body_hash=state.body_hash)

    def due(self, feed: Feed, state: FeedState | None, now: datetime) -> datetime | None:
        """Return when a feed is polled next: at once if it is new, None if never."""
        if state is None:
            return now
        if state.next_poll is None or state.last_poll is None:
            return None if state.verdict == "GONE" else now
        # A last poll in the future was written under a clock that was ahead: the pause after it still counts.
        last = min(state.last_poll, now)
        planned = last + (state.next_poll - state.last_poll)
        if state.failures or feed.interval_seconds is None:
            return planned
        # The feed's own interval may have become shorter since.
        longest = feed.interval_seconds * (1 + self.settings.poll_jitter)
        return min(planned, last + timedelta(seconds=longest))

    def revived(self, feed: Feed, state: FeedState) -> FeedState | None:
        """Return the new state of a feed whose record was just written; None if nothing changes.

        A feed that is failing or gone is polled again at once. A feed with another address starts from scratch there.
        """
        changed: dict[str, object] = {}
        if state.failures or state.verdict == "GONE":
            changed = {"failures": 0, "verdict": None, "reason": None, "next_poll": None, "next_poll_reason": None}
        url = without_credentials(feed.url)
        if url != state.url:
            changed |= {"url": url, "etag": None, "last_modified": None, "body_hash": None, "next_poll": None}
            changed |= {"moved_to": None, "redirect_to": None, "redirect_polls": 0, "fetched_from": None}
        return state.model_copy(update=changed) if changed else None

    def after(
        self,
        feed: Feed,
        state: FeedState | None,
        result: PollResult | Pushed,
        part: Callable[[int], FeedSeen | None],
        pages: PageEvidence = NO_EVIDENCE,
    ) -> FeedChange:
        """Return what a poll or a push changes.

        Args:
            feed: the feed.
            state: its state before; None for a new feed.
            result: what the poll or the push brought.
            part: returns a part of the feed's seen items by its number.
            pages: what is known about the pages of the feed's articles.
        """
        url = without_credentials(feed.url)
        before = state.model_copy(update={"url": url}) if state else FeedState(url=url)
        change = self._after(feed, before, result, part, pages)
        return replace(change, state=_with_observation(before, change))

    def _after(
        self,
        feed: Feed,
        state: FeedState,
        result: PollResult | Pushed,
        part: Callable[[int], FeedSeen | None],
        pages: PageEvidence,
    ) -> FeedChange:
        match result:
            case Failed():
                after = self._failures.after(feed, state, result)
                return FeedChange(state=_with_poll(after, failed_poll(result)))
            case Unchanged(at=at, response=response):
                outcome = None if response.status == 304 else "same document"
                poll = FeedPoll(at=at.replace(microsecond=0), status=response.status, outcome=outcome)
                return FeedChange(state=self._answered(feed, _with_poll(state, poll), response, at))
            case Read() | Pushed():
                return self._took(
                    feed,
                    state,
                    result,
                    publication(feed, state, result, part, pages=pages, max_seen=self.settings.max_seen),
                )

    def _took(self, feed: Feed, state: FeedState, result: Read | Pushed, published: FeedPublication) -> FeedChange:
        """Return what a new document changes."""
        changed = self._learned(state, result, published.added) | published.fields
        poll = FeedPoll(
            at=result.at.replace(microsecond=0),
            status=result.response.status if isinstance(result, Read) else None,
            items=len(result.document.items),
            new=len(published.articles) + len(published.requests),
            outcome="read" if isinstance(result, Read) else "pushed",
        )
        after = _with_poll(state.model_copy(update=changed), poll)
        if isinstance(result, Read):
            after = self._answered(feed, after, result.response, result.at)
        if published.waits:
            after = after.model_copy(update={"etag": None, "last_modified": None, "body_hash": None})
        return FeedChange(
            state=after,
            articles=published.articles,
            requests=published.requests,
            parts=published.seen.changes(),
            observed=published.observed if published.articles or published.requests else None,
            items={
                "new": len(published.added),
                "changed": len(published.fresh) - len(published.added),
                "known": published.known,
                "retracted": published.retracted,
            },
        )

    def _learned(self, state: FeedState, result: Read | Pushed, added: Sequence[FeedItem]) -> dict[str, object]:
        """Return what a new document changes of what is known about the feed itself."""
        document = result.document
        dates = [item.article.published for item in document.items if item.article.published is not None]
        reach = (result.at - min(dates)).total_seconds() if dates else 0.0
        changed: dict[str, object] = {"hints": document.hints, "reach_seconds": round(reach) if reach > 0 else None}
        if document.title:
            changed["title"] = document.title[:MAX_TITLE_CHARACTERS]
        counted = document.items if state.last_full is None else added
        if counted or state.last_full is None:
            changed |= self.rhythm.learned(state, result.at, (item.article.published for item in counted))
        return changed

    def _answered(self, feed: Feed, state: FeedState, response: FeedResponse, at: datetime) -> FeedState:
        """Return the state of a feed whose server answered well, with its verdict and its next poll."""
        changed: dict[str, object] = {
            "last_poll": at,
            "last_status": response.status,
            "failures": 0,
            "last_error": None,
            "candidates": [],
            "fetched_from": response.url,
            **_validators(state, response),
            **self._moved(state, response),
        }
        if response.status != 304:
            changed |= {"last_full": at, "body_hash": response.body_hash}
        after = state.model_copy(update=changed)
        silence = self.rhythm.silence(feed, after, at)
        plan = self.rhythm.next_poll(feed, after, at, response.hint)
        verdict = "OK" if silence is None else "QUIET"
        return after.model_copy(update={"verdict": verdict, "reason": silence, **plan.fields()})

    def _moved(self, state: FeedState, response: FeedResponse) -> dict[str, object]:
        """Return what the redirects of a poll change: enough documents in a row from one target move the feed there."""
        target = response.permanent
        if target is None or target == state.moved_to:
            return {"redirect_to": None, "redirect_polls": 0}
        polls = (state.redirect_polls if target == state.redirect_to else 0) + (response.status == 200)
        if polls < self.settings.redirect_polls:
            return {"redirect_to": target, "redirect_polls": polls}
        moved = None if target == state.url else target
        return {"moved_to": moved, "redirect_to": None, "redirect_polls": 0}


def _with_observation(before: FeedState, change: FeedChange) -> FeedState:
    """Return the new state, which remembers the latest time of observation if the last poll does not tell it."""
    times = [at for at in (before.last_poll, before.observed, change.observed) if at is not None]
    latest, last_poll = max(times, default=None), change.state.last_poll
    if latest is not None and last_poll is not None and latest <= last_poll:
        latest = None
    return change.state if latest == change.state.observed else change.state.model_copy(update={"observed": latest})


def _with_poll(state: FeedState, poll: FeedPoll) -> FeedState:
    return state.model_copy(update={"polls": [*state.polls, poll][-MAX_POLLS:]})


def _validators(state: FeedState, response: FeedResponse) -> dict[str, object]:
    """Return the validators for the next request; a 304 replaces only those that it names."""
    given = response.validators
    if response.status != 304:
        return {"etag": given.etag, "last_modified": given.last_modified}
    return {"etag": given.etag or state.etag, "last_modified": given.last_modified or state.last_modified}


def _with_credentials(address: str, of: str) -> str:
    """Return an address with the credentials of another address, if both are on one server."""
    target, owner = URL(address), URL(of)
    if owner.user is None or target.origin() != owner.origin():
        return address
    return str(target.with_user(owner.user).with_password(owner.password))
