"""How often a feed publishes, when it is polled next, and when its silence is too long."""

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dateline.duration import in_words
from dateline_schemas import Feed, FeedState
from dateline_web.headers.hints import Hint

from dateline_ingest.polling.hints import feed_hint, news_from
from dateline_ingest.settings import IngestSettings

__all__ = ["Plan", "Rhythm"]

HOUR_SECONDS = 3600.0
"""The setting `poll_interval_seconds` is the interval of a feed that publishes once in this time."""

MEMORY = 20.0
"""The mean time between publications covers about this many; older ones count less and less."""

FIRST_WEIGHT = 5.0
"""Dates in the first document count as at most this many publications: they are claims, arrivals are facts."""

BURST_SECONDS = 300.0
"""Items within this many seconds are one publication: editors publish in bursts."""

SILENT_TIMES = 10.0
"""A silence of this many mean times is too long. By chance, one time in 20,000 is longer."""

UNREAD_SHARE = 0.3
"""A server's hint is limited to the time in which this share of the document is replaced."""

UNKNOWN_SILENCE_SECONDS = 30 * 86_400.0
"""A silence of this many seconds is too long if the feed's rhythm is not known."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When a feed is polled next, and why."""

    at: datetime | None
    """None if it is never polled again."""
    reason: str

    def fields(self) -> dict[str, object]:
        """Return the fields of the feed's state that hold the plan."""
        return {"next_poll": self.at, "next_poll_reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """The rules for when feeds are polled. Results depend only on arguments, settings and `chance`."""

    settings: IngestSettings
    chance: Callable[[], float] = field(default=random.random)
    """Returns a number from 0 to 1, for jitter."""

    def own_interval(self, state: FeedState, now: datetime) -> float:
        """Return the seconds between polls that fit the feed's rhythm, within the settings' limits.

        The interval grows with the square root of the time between publications. For a given number of polls over
        all feeds, this minimises the mean delay of an item (Sia, Cho and Cho, "Efficient Monitoring Algorithm for
        Fast News Alerts", IEEE TKDE 19(7), 2007).
        """
        gap = self.gap(state, now)
        base = self.settings.poll_interval_seconds
        return self._within(base if gap is None else base * math.sqrt(gap / HOUR_SECONDS))

    def gap(self, state: FeedState, now: datetime) -> float | None:
        """Return the expected seconds between publications, None if nothing is known.

        The current silence counts as one more gap as soon as it is longer than the mean.
        """
        silence = _since(state.last_item, now)
        if state.rhythm_seconds is None:
            return None if state.last_item is None else max(HOUR_SECONDS, silence)
        weight = state.rhythm_weight
        return max(state.rhythm_seconds, (state.rhythm_seconds * weight + silence) / (weight + 1))

    def next_poll(self, feed: Feed, state: FeedState, now: datetime, server: Hint | None = None) -> Plan:
        """Return when a feed is polled next after a successful poll.

        Args:
            feed: the feed; its own interval, if it has one, overrides rhythm and hints.
            state: the feed's state after the poll.
            now: the time of the poll.
            server: how long the server's answer stays fresh.
        """
        if feed.interval_seconds is not None:
            return self._jittered(
                now, feed.interval_seconds, f"the interval of this feed is set to {in_words(feed.interval_seconds)}"
            )
        own = self.own_interval(state, now)
        seconds, reason = own, self._own_reason(own, state, now)
        hint = self._strongest(state, now, server)
        if hint is not None:
            seconds = max(own, hint.seconds)
            beside = "above" if hint.seconds > own else "below" if hint.seconds < own else "exactly"
            reason = f"{hint.text} is {beside} the feed's own rhythm of {in_words(own)}"
        at = now + timedelta(seconds=seconds)
        later = news_from(state.hints, at)
        if later is not None and (later[0] - now).total_seconds() <= self.settings.poll_max_seconds:
            seconds = (later[0] - now).total_seconds()
            reason += f", and {later[1]} (feed) say no news before {later[0]:%H:%M}"
        return self._jittered(now, seconds, reason)

    def retry(self, now: datetime, seconds: float, reason: str) -> Plan:
        """Return when a feed that failed is polled again: after `seconds`, plus jitter."""
        return self._jittered(now, seconds, reason)

    def learned(self, state: FeedState, now: datetime, published: Iterable[datetime | None]) -> dict[str, object]:
        """Return the fields of the feed's state that new items change.

        The times of arrival count. The dates of items only tell how many publications arrived together, and give
        a first guess when the feed is new.

        Args:
            state: the feed's state before.
            now: when the items were found.
            published: the dates of the items, None for an item without one.
        """
        dates = sorted(date for date in published if date is not None and date <= now)
        if state.last_full is None:
            return _first_guess(_moments(dates), now)
        since = state.last_item or state.last_poll or now
        count = max(1, len(_moments(date for date in dates if date > since)))
        fading = (1 - 1 / MEMORY) ** count
        weight = state.rhythm_weight * fading
        seconds = (state.rhythm_seconds or 0.0) * weight + _since(since, now)
        weight += count
        return {
            "last_item": now,
            "rhythm_seconds": round(seconds / weight, 3),
            "rhythm_weight": round(weight, 3),
        }

    def silence(self, feed: Feed, state: FeedState, now: datetime) -> str | None:
        """Return a description of the feed's silence if it is too long for its rhythm, else None."""
        silence = _since(state.last_item or feed.added, now)
        usual = state.rhythm_seconds
        longest = UNKNOWN_SILENCE_SECONDS if usual is None else usual * SILENT_TIMES
        if silence <= max(longest, self.settings.quiet_seconds):
            return None
        rhythm = "" if usual is None else f"; it published every {in_words(usual)} before"
        return f"nothing new for {in_words(silence)}{rhythm}"

    def _own_reason(self, own: float, state: FeedState, now: datetime) -> str:
        gap = self.gap(state, now)
        if gap is None:
            return f"the feed's own rhythm is not known yet, and {in_words(own)} is the usual interval"
        return f"the feed's own rhythm is {in_words(own)} (something new every {in_words(gap)})"

    def _strongest(self, state: FeedState, now: datetime, server: Hint | None) -> Hint | None:
        """Return the hint with the longest time, after limits; None without hints."""
        known = self.gap(state, now) if state.rhythm_seconds is not None else None
        gap = math.inf if known is None else known
        hints = []
        if server is not None:
            # Servers often set one lifetime for everything they serve: beyond an hour the feed's rhythm counts more.
            longest = max(HOUR_SECONDS, gap)
            if state.reach_seconds is not None:
                # Items that enter and leave the document between two polls are lost.
                longest = min(longest, state.reach_seconds * UNREAD_SHARE)
            hints.append(self._clamped(server, min(server.seconds, longest)))
        stated = feed_hint(state.hints)
        if stated is not None:
            # Many feeds state an hour by default: the feed's rhythm counts more.
            hints.append(self._clamped(stated, min(stated.seconds, gap)))
        return max(hints, key=lambda hint: hint.seconds, default=None)

    def _clamped(self, hint: Hint, seconds: float) -> Hint:
        taken = self._within(seconds)
        return Hint(taken, hint.text if taken == hint.seconds else f"{hint.text}, taken as {in_words(taken)},")

    def _within(self, seconds: float) -> float:
        return min(max(seconds, self.settings.poll_min_seconds), self.settings.poll_max_seconds)

    def _jittered(self, now: datetime, seconds: float, reason: str) -> Plan:
        # Never earlier: a server that asks for a pause gets all of it.
        jitter = seconds * self.settings.poll_jitter * self.chance()
        return Plan(now + timedelta(seconds=seconds + jitter), f"{reason}; jitter {in_words(jitter)}")


def _since(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max(0.0, (now - moment).total_seconds())


def _moments(dates: Iterable[datetime]) -> list[datetime]:
    """Return the first date of each burst; `dates` are in order."""
    moments: list[datetime] = []
    for date in dates:
        if not moments or (date - moments[-1]).total_seconds() >= BURST_SECONDS:
            moments.append(date)
    return moments


def _first_guess(moments: list[datetime], now: datetime) -> dict[str, object]:
    """Return the fields of the feed's state that follow from the dates of its first document."""
    recent = moments[-int(MEMORY) :]
    if not recent:
        return {"last_item": now}
    if len(recent) == 1:
        return {"last_item": recent[0]}
    gaps = len(recent) - 1
    mean = (recent[-1] - recent[0]).total_seconds() / gaps
    return {
        "last_item": recent[-1],
        "rhythm_seconds": round(mean, 3),
        "rhythm_weight": min(float(gaps), FIRST_WEIGHT),
    }
