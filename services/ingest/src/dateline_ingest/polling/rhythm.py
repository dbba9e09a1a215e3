"""How often a feed publishes, when it is asked next because of that, and when its silence is too long."""

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dateline.duration import in_words
from dateline_schemas import Feed, FeedState
from dateline_web.hints import Hint

from dateline_ingest.polling.hints import feed_hint, news_from
from dateline_ingest.settings import IngestSettings

__all__ = ["Plan", "Rhythm"]

HOUR = 3600.0
"""`poll_interval_seconds` is meant for a feed that publishes so often."""

MEMORY = 20.0
"""Publications over which the mean is taken, older ones fading."""

FIRST_WEIGHT = 5.0
"""Publications that the dates of the first document count for at most: they are claims, arrivals are facts."""

ONE_MOMENT = 300.0
"""Seconds within which several items are one publication: editors publish in bursts."""

SILENT_TIMES = 10.0
"""A feed is silent beyond its rhythm after so many times its mean; at random that happens once in 20,000 times."""

UNREAD_SHARE = 0.3
"""Share of a document that may be new: no server's hint makes the interval longer than that takes."""

UNKNOWN_SILENCE = 30 * 86_400.0
"""Seconds of silence that are too long for a feed of which no rhythm is known."""


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
    """The rules of time for feeds; each answer is a function of its arguments and of chance."""

    settings: IngestSettings
    chance: Callable[[], float] = field(default=random.random)
    """A number from 0 to 1, for jitter."""

    def own_interval(self, state: FeedState, now: datetime) -> float:
        """Return the seconds between polls that suit how often the feed publishes, within the settings' limits.

        The interval grows with the square root of the time between publications: of all ways to spend
        a number of polls on feeds this is the one with the least mean delay of an item (Sia, Cho and Cho,
        "Efficient Monitoring Algorithm for Fast News Alerts", IEEE TKDE 19(7), 2007).
        """
        gap = self.gap(state, now)
        base = self.settings.poll_interval_seconds
        return self._within(base if gap is None else base * math.sqrt(gap / HOUR))

    def gap(self, state: FeedState, now: datetime) -> float | None:
        """Return the seconds to expect between publications, None where nothing is known.

        The silence that goes on now counts as one more time between two, as soon as it is longer than usual.
        """
        silence = _since(state.last_item, now)
        if state.rhythm_seconds is None:
            return None if state.last_item is None else max(HOUR, silence)
        weight = state.rhythm_weight
        return max(state.rhythm_seconds, (state.rhythm_seconds * weight + silence) / (weight + 1))

    def next_poll(self, feed: Feed, state: FeedState, now: datetime, server: Hint | None = None) -> Plan:
        """Return when a feed that answers well is due.

        Args:
            feed: the feed; an interval that a person set for it holds, whatever else says.
            state: what is known of it, the poll of now included.
            now: when it was polled.
            server: how long the server says that its answer stays fresh.
        """
        if feed.interval_seconds is not None:
            return self._jittered(
                now, feed.interval_seconds, f"{in_words(feed.interval_seconds)} are set for this feed"
            )
        own = self.own_interval(state, now)
        seconds, reason = own, self._own_reason(own, state, now)
        hint = self._strongest(state, now, server)
        if hint is not None:
            seconds = max(own, hint.seconds)
            beside = "above" if hint.seconds > own else "below" if hint.seconds < own else "just"
            reason = f"{hint.text} is {beside} the feed's own rhythm of {in_words(own)}"
        at = now + timedelta(seconds=seconds)
        later = news_from(state.hints, at)
        if later is not None and (later[0] - now).total_seconds() <= self.settings.poll_max_seconds:
            seconds = (later[0] - now).total_seconds()
            reason += f", and {later[1]} (feed) say no news before {later[0]:%H:%M}"
        return self._jittered(now, seconds, reason)

    def retry(self, now: datetime, seconds: float, reason: str) -> Plan:
        """Return when a feed that failed is asked again: after `seconds`, never before."""
        return self._jittered(now, seconds, reason)

    def learned(self, state: FeedState, now: datetime, published: Iterable[datetime | None]) -> dict[str, object]:
        """Return what new items change of the rhythm.

        When items arrive counts; their dates only tell how many publications arrived together, and what the
        rhythm was before the first poll.

        Args:
            state: what was known before them.
            now: when they were found.
            published: their dates, as far as they have any.
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
        """Return in words that a feed is silent beyond its own rhythm, None while it is not."""
        silence = _since(state.last_item or feed.added, now)
        usual = state.rhythm_seconds
        longest = UNKNOWN_SILENCE if usual is None else usual * SILENT_TIMES
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
        """Return the hint that asks for the longer time, after limits."""
        known = self.gap(state, now) if state.rhythm_seconds is not None else None
        gap = math.inf if known is None else known
        hints = []
        if server is not None:
            # Beyond an hour a feed's own rhythm says more than a server's, which is often set for all it serves.
            longest = max(HOUR, gap)
            if state.reach_seconds is not None:
                # A document that has turned over by then has lost what stood in it between.
                longest = min(longest, state.reach_seconds * UNREAD_SHARE)
            hints.append(self._clamped(server, min(server.seconds, longest)))
        stated = feed_hint(state.hints)
        if stated is not None:
            # Many feeds state an hour by default: what one really does says more.
            hints.append(self._clamped(stated, min(stated.seconds, gap)))
        return max(hints, key=lambda hint: hint.seconds, default=None)

    def _clamped(self, hint: Hint, seconds: float) -> Hint:
        taken = self._within(seconds)
        return Hint(taken, hint.text if taken == hint.seconds else f"{hint.text}, taken as {in_words(taken)},")

    def _within(self, seconds: float) -> float:
        return min(max(seconds, self.settings.poll_min_seconds), self.settings.poll_max_seconds)

    def _jittered(self, now: datetime, seconds: float, reason: str) -> Plan:
        # Only ever later: who asked to be left alone for a time is.
        jitter = seconds * self.settings.poll_jitter * self.chance()
        return Plan(now + timedelta(seconds=seconds + jitter), f"{reason}; jitter {in_words(jitter)}")


def _since(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max(0.0, (now - moment).total_seconds())


def _moments(dates: Iterable[datetime]) -> list[datetime]:
    """Return the first date of each burst, of dates in order."""
    found: list[datetime] = []
    for date in dates:
        if not found or (date - found[-1]).total_seconds() >= ONE_MOMENT:
            found.append(date)
    return found


def _first_guess(moments: list[datetime], now: datetime) -> dict[str, object]:
    """Return what the dates of a first document say, as far as they say anything."""
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
