"""The configured feeds and their verdicts."""

from collections import Counter

from dateline.kafka.records import Record
from dateline_schemas import Contract, Feed, Timestamp
from pydantic import ConfigDict

from dateline_status.report import FeedProblem, FeedReport
from dateline_status.tables.values import read_value

__all__ = ["FeedVerdictTable"]

PROBLEM_FEEDS = 20
"""A report names at most this many feeds."""

FEED_SEVERITY = {"GONE": 0, "FAILING": 1, "QUIET": 2}
"""Verdicts that a report names, the worst first."""


class FeedSummary(Contract):
    """The part of a feed's state that is shown; the rest can have megabytes and is dropped."""

    model_config = ConfigDict(extra="ignore")

    url: str
    last_poll: Timestamp | None = None
    verdict: str | None = None
    reason: str | None = None


class FeedVerdictTable:
    """The configured feeds and their states."""

    def __init__(self) -> None:
        self._feeds: dict[bytes, Feed] = {}
        self._states: dict[bytes, FeedSummary] = {}

    def fold_feed(self, record: Record) -> None:
        """Add a record of the configured feeds; a tombstone removes the feed."""
        key = record.key or b""
        feed = read_value(Feed, record) if record.value is not None else None
        if feed is not None:
            self._feeds[key] = feed
        elif record.value is None:
            self._feeds.pop(key, None)

    def fold_state(self, record: Record) -> None:
        """Add a record of the feeds' states; a tombstone removes the state."""
        key = record.key or b""
        state = read_value(FeedSummary, record) if record.value is not None else None
        if state is not None:
            self._states[key] = state
        elif record.value is None:
            self._states.pop(key, None)

    def report(self) -> FeedReport:
        """Count the feeds by verdict, and name those with problems."""
        verdicts: Counter[str] = Counter()
        problems = []
        for key, feed in self._feeds.items():
            state = self._states.get(key)
            verdict = (state.verdict if state else None) or "NEW"
            verdicts[verdict] += 1
            if state is not None and verdict in FEED_SEVERITY and not feed.paused:
                problems.append(
                    FeedProblem(
                        # The state has the address without the credentials that `feeds` may hold.
                        url=state.url,
                        name=feed.name,
                        verdict=verdict,
                        reason=state.reason,
                        last_poll=state.last_poll,
                    )
                )
        problems.sort(key=lambda each: (FEED_SEVERITY[each.verdict], each.url))
        return FeedReport(
            total=len(self._feeds),
            paused=sum(feed.paused for feed in self._feeds.values()),
            verdicts=dict(sorted(verdicts.items())),
            problems=problems[:PROBLEM_FEEDS],
        )
