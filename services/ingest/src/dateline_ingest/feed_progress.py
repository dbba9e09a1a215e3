"""What a poll changes: the feed's state, its verdict, when it is due again, and what is to be published."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dateline_schemas import Article, Feed, FeedPoll, FeedState, FeedVerdict
from dateline_schemas.feed import MAX_POLLS

from dateline_ingest.address import without_credentials
from dateline_ingest.items import FeedItem
from dateline_ingest.poll import PollResult
from dateline_ingest.settings import IngestSettings

__all__ = ["FeedProgress"]

GONE = 410
"""Status of HTTP: it was here and will not come back."""

LONGEST_REASON = 500
"""Characters of a reason that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedProgress:
    """The rules by which a feed's state goes on from one poll to the next."""

    settings: IngestSettings
    chance: Callable[[], float] = field(default=random.random)
    """A number from 0 to 1, for jitter."""

    def after(self, feed: Feed, state: FeedState | None, result: PollResult) -> tuple[FeedState, list[Article]]:
        """Return the state after a poll and the articles that are new or changed."""
        url = without_credentials(feed.url)
        state = state.model_copy(update={"url": url}) if state else FeedState(url=url)
        if result.error is not None:
            return self._failed(feed, state, result), []
        items = result.items or ()
        new = [item for item in items if state.seen.get(item.key) != item.article.content_hash]
        validators = result.validators
        changed: dict[str, object] = {"failures": 0, "last_error": None, "verdict": "OK", "reason": None}
        if validators is not None and result.status != 304:
            changed |= {"etag": validators.etag, "last_modified": validators.last_modified}
        if result.items is not None:
            changed |= {"body_hash": result.body_hash, "seen": self._seen(state.seen, items)}
        poll = FeedPoll(at=result.at, status=result.status, items=len(items), new=len(new))
        return self._polled(state, result, poll, self._interval(feed), changed), [item.article for item in new]

    def due(self, feed: Feed, state: FeedState | None, now: datetime) -> datetime:
        """Return when `feed` is to be polled next: at once if it is new, sooner if its interval became shorter."""
        if state is None or state.next_poll is None or state.last_poll is None:
            return now
        if state.failures:
            return state.next_poll
        longest = self._interval(feed) * (1 + self.settings.poll_jitter)
        return min(state.next_poll, state.last_poll + timedelta(seconds=longest))

    def _failed(self, feed: Feed, state: FeedState, result: PollResult) -> FeedState:
        error = (result.error or "")[:LONGEST_REASON]
        failures = state.failures + 1
        verdict: FeedVerdict = "GONE" if result.status == GONE else "FAILING"
        times = "1 poll" if failures == 1 else f"{failures} polls in a row"
        reason = error if verdict == "GONE" else f"{times} failed: {error}"
        longest = max(self.settings.backoff_max_seconds, self._interval(feed))
        pause = longest if verdict == "GONE" else min(longest, self._interval(feed) * 2.0 ** min(failures - 1, 30))
        poll = FeedPoll(at=result.at, status=result.status, reason=error)
        changed = {"failures": failures, "last_error": error, "verdict": verdict, "reason": reason}
        return self._polled(state, result, poll, pause, changed)

    def _polled(
        self, state: FeedState, result: PollResult, poll: FeedPoll, pause: float, changed: dict[str, object]
    ) -> FeedState:
        jitter = 1 + self.settings.poll_jitter * (2 * self.chance() - 1)
        return state.model_copy(
            update={
                "last_poll": result.at,
                "last_status": result.status,
                "next_poll": result.at + timedelta(seconds=pause * jitter),
                "polls": [*state.polls, poll][-MAX_POLLS:],
                **changed,
            }
        )

    def _interval(self, feed: Feed) -> float:
        return feed.interval_seconds or self.settings.poll_interval_seconds

    def _seen(self, before: dict[str, str], items: Sequence[FeedItem]) -> dict[str, str]:
        """Return what is seen now: the items of this document last, before them the most recent others."""
        current = {item.key: item.article.content_hash for item in items}
        others = [key for key in before if key not in current]
        kept = others[max(0, len(others) - self.settings.max_seen) :]
        return {key: before[key] for key in kept} | current
