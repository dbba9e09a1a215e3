"""What a poll changes: the feed's state, its verdict, when it is due again, and what is to be published."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dateline.duration import in_words
from dateline_schemas import Article, Feed, FeedPoll, FeedSeen, FeedState
from dateline_schemas.feed import MAX_POLLS
from dateline_web.address import without_credentials
from dateline_web.client import Validators
from yarl import URL

from dateline_ingest.articles.items import FeedItem
from dateline_ingest.polling.poll import PollRequest, PollResult
from dateline_ingest.polling.rhythm import Plan, Rhythm
from dateline_ingest.polling.seen_items import SeenItems
from dateline_ingest.settings import IngestSettings

__all__ = ["FeedChange", "FeedProgress"]

SEVERAL_DOCUMENTS = 5
"""Items are remembered of so many of the largest documents that a feed ever served."""

LEAST_DOCUMENTS = 2
"""And of so many whatever the settings say: what left a document for a while comes back."""

RETURN_AFTER = 3
"""Failures in a row at an address that a feed moved to after which its own address is asked again."""

LONGEST_REASON = 500
"""Characters of a reason that are kept."""

LONGEST_POLL_REASON = 160
"""Characters of what went wrong in each of the last polls."""

LONGEST_TITLE = 200
"""Characters of a feed's title that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedChange:
    """What a poll changes; all of it has to be written in one transaction, or nothing."""

    state: FeedState
    articles: Sequence[Article] = ()
    """Those that are new or changed, to be published."""
    parts: Mapping[int, FeedSeen | None] = field(default_factory=dict)
    """Parts of the items seen that changed, by number; None is to be deleted."""


@dataclass(slots=True, kw_only=True)
class FeedProgress:
    """The rules by which a feed's state goes on from one poll to the next."""

    settings: IngestSettings
    chance: Callable[[], float] = field(default=random.random)
    """A number from 0 to 1, for jitter."""
    rhythm: Rhythm = field(init=False)

    def __post_init__(self) -> None:
        self.rhythm = Rhythm(settings=self.settings, chance=self.chance)

    def request(self, key: bytes, feed: Feed, state: FeedState | None, now: datetime) -> PollRequest:
        """Return what is to be asked for."""
        if state is None:
            return PollRequest(key=key, feed=feed, address=feed.url)
        validators = Validators(etag=state.etag, last_modified=state.last_modified)
        full = state.last_full is None or now - state.last_full >= timedelta(seconds=self.settings.full_fetch_seconds)
        # An address that a feed may move to has to show the document itself.
        if full or state.redirect_to is not None:
            validators = Validators()
        address = feed.url if state.moved_to is None else _with_credentials(state.moved_to, feed.url)
        return PollRequest(key=key, feed=feed, address=address, validators=validators, body_hash=state.body_hash)

    def due(self, feed: Feed, state: FeedState | None, now: datetime) -> datetime | None:
        """Return when `feed` is to be polled next: at once if it is new, None for never."""
        if state is None:
            return now
        if state.next_poll is None or state.last_poll is None:
            return None if state.verdict == "GONE" else now
        # A poll in the future was written under a clock that was ahead: its pause counts, and not its moment.
        last = min(state.last_poll, now)
        planned = last + (state.next_poll - state.last_poll)
        if state.failures or feed.interval_seconds is None:
            return planned
        # Its interval may have become shorter.
        longest = feed.interval_seconds * (1 + self.settings.poll_jitter)
        return min(planned, last + timedelta(seconds=longest))

    def revived(self, feed: Feed, state: FeedState) -> FeedState | None:
        """Return the state of a feed that a person has just changed or resumed; None where it stays as it is.

        One that fails or is gone is asked again at once, and one with another address begins there.
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
        self, feed: Feed, state: FeedState | None, result: PollResult, part: Callable[[int], FeedSeen | None]
    ) -> FeedChange:
        """Return what a poll changes.

        Args:
            feed: the feed.
            state: what was known of it before.
            result: what the poll brought.
            part: returns a part of the items seen by its number.
        """
        url = without_credentials(feed.url)
        state = state.model_copy(update={"url": url}) if state else FeedState(url=url)
        if result.error is not None:
            return FeedChange(state=self._failed(feed, state, result))
        if result.items is None:
            return FeedChange(state=self._went_well(feed, state, result, {}, new=0))
        seen = SeenItems.read(state, part)
        items = result.items
        fresh = [item for item in items if not seen.holds(item.key, item.article.content_hash)]
        added = [item for item in fresh if not seen.has(item.key)]
        changed = self._read(state, result, added)
        seen.add((item.key, item.article.content_hash) for item in fresh)
        largest = max(state.largest_document, len(items))
        most = max(min(SEVERAL_DOCUMENTS * largest, self.settings.max_seen), LEAST_DOCUMENTS * largest)
        if not result.pushed:
            # A push holds only what is new: what it does not name is in the document all the same.
            seen.forget(most, [item.key for item in items])
        changed |= {"largest_document": largest, **seen.fields()}
        after = self._went_well(feed, state, result, changed, new=len(fresh))
        return FeedChange(state=after, articles=[item.article for item in fresh], parts=seen.changes())

    def _read(self, state: FeedState, result: PollResult, added: Sequence[FeedItem]) -> dict[str, object]:
        """Return what a document that was read changes."""
        dates = [item.article.published for item in result.items or () if item.article.published is not None]
        reach = (result.at - min(dates)).total_seconds() if dates else 0.0
        changed: dict[str, object] = {"hints": result.hints, "reach_seconds": round(reach) if reach > 0 else None}
        if result.title:
            changed["title"] = result.title[:LONGEST_TITLE]
        counted = (result.items or ()) if state.last_full is None else added
        if counted or state.last_full is None:
            changed |= self.rhythm.learned(state, result.at, (item.article.published for item in counted))
        return changed

    def _went_well(
        self, feed: Feed, state: FeedState, result: PollResult, changed: dict[str, object], *, new: int
    ) -> FeedState:
        # Of most polls the status says it all.
        outcome = None if result.status == 304 else "same document" if result.items is None else "read"
        poll = FeedPoll(
            at=result.at.replace(microsecond=0),
            status=result.status,
            items=len(result.items or ()),
            new=new,
            outcome="pushed" if result.pushed else outcome,
        )
        changed = changed | {"polls": [*state.polls, poll][-MAX_POLLS:]}
        if result.pushed:
            # It says nothing of how the feed answers when it is asked.
            return state.model_copy(update=changed)
        changed |= {
            "last_poll": result.at,
            "last_status": result.status,
            "failures": 0,
            "last_error": None,
            "candidates": [],
            "fetched_from": result.url,
            **_validators(state, result),
            **self._moved(state, result),
        }
        if result.status != 304:
            changed |= {"last_full": result.at, "body_hash": result.body_hash}
        after = state.model_copy(update=changed)
        silence = self.rhythm.silence(feed, after, result.at)
        plan = self.rhythm.next_poll(feed, after, result.at, result.hint)
        return after.model_copy(
            update={"verdict": "OK" if silence is None else "QUIET", "reason": silence, **_planned(plan)}
        )

    def _moved(self, state: FeedState, result: PollResult) -> dict[str, object]:
        """Return what a good poll says of where the feed lives: good documents there in a row are a move."""
        target = result.permanent
        if target is None or target == state.moved_to:
            return {"redirect_to": None, "redirect_polls": 0}
        polls = (state.redirect_polls if target == state.redirect_to else 0) + (result.status == 200)
        if polls < self.settings.redirect_polls:
            return {"redirect_to": target, "redirect_polls": polls}
        moved = None if target == state.url else target
        return {"moved_to": moved, "redirect_to": None, "redirect_polls": 0}

    def _failed(self, feed: Feed, state: FeedState, result: PollResult) -> FeedState:
        error = (result.error or "")[:LONGEST_REASON]
        poll = FeedPoll(
            at=result.at.replace(microsecond=0),
            status=result.status,
            reason=error[:LONGEST_POLL_REASON],
            outcome="failed",
        )
        changed: dict[str, object] = {
            "last_poll": result.at,
            "last_status": result.status,
            "last_error": error,
            "polls": [*state.polls, poll][-MAX_POLLS:],
            "redirect_polls": 0,
            "candidates": list(result.candidates),
        }
        if result.trouble == "held":
            # Nothing was asked of the feed's own server that it could have failed in.
            plan = self.rhythm.retry(result.at, self.settings.poll_min_seconds, error)
            return state.model_copy(update=changed | {"last_error": state.last_error} | _planned(plan))
        failures = state.failures + 1
        changed["failures"] = failures
        lost = result.trouble in ("gone", "missing") or failures >= RETURN_AFTER
        if state.moved_to is not None and lost:
            changed |= {"moved_to": None, "fetched_from": None, "etag": None, "last_modified": None}
        elif result.trouble == "gone":
            reason = f"{error}: it will not be asked again, unless it is resumed or its address is changed"
            plan = Plan(None, "the server says that the feed is gone for good")
            return state.model_copy(update=changed | {"verdict": "GONE", "reason": reason} | _planned(plan))
        times = "1 poll failed" if failures == 1 else f"{failures} polls in a row failed"
        plan = self._retry(feed, state, result, failures, times)
        return state.model_copy(update=changed | {"verdict": "FAILING", "reason": f"{times}: {error}"} | _planned(plan))

    def _retry(self, feed: Feed, state: FeedState, result: PollResult, failures: int, times: str) -> Plan:
        """Return when a feed that failed is asked again: each failure doubles the pause, up to a limit."""
        interval = feed.interval_seconds or self.rhythm.own_interval(state, result.at)
        missing = result.trouble == "missing"
        longest = self.settings.missing_max_seconds if missing else self.settings.backoff_max_seconds
        pause = min(interval * 2.0 ** min(failures - 1, 30), max(longest, interval))
        reason = f"{times}, which makes the pause {in_words(pause)}"
        asked = min(result.retry_after or 0.0, self.settings.backoff_max_seconds)
        if asked > pause:
            pause, reason = asked, f"the server asks to be left alone for {in_words(asked)} (Retry-After)"
        return self.rhythm.retry(result.at, pause, reason)


def _planned(plan: Plan) -> dict[str, object]:
    return {"next_poll": plan.at, "next_poll_reason": plan.reason}


def _validators(state: FeedState, result: PollResult) -> dict[str, object]:
    """Return the validators to send next: a 304 may bring new ones, and keeps those that it does not name."""
    given = result.validators
    if given is None:
        return {}
    if result.status != 304:
        return {"etag": given.etag, "last_modified": given.last_modified}
    return {"etag": given.etag or state.etag, "last_modified": given.last_modified or state.last_modified}


def _with_credentials(address: str, of: str) -> str:
    """Return an address with the credentials of another one, if both are of one server."""
    target, owner = URL(address), URL(of)
    if owner.user is None or target.origin() != owner.origin():
        return address
    return str(target.with_user(owner.user).with_password(owner.password))
