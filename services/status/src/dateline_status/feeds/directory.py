"""The directory of all feeds, updated record by record."""

from collections import Counter
from heapq import nsmallest
from sys import intern

from dateline.kafka.records import Record
from dateline_schemas import Contract, Timestamp
from pydantic import ConfigDict, Field

from dateline_status.feeds.entry import NO_RECORD, FeedEntry, moment
from dateline_status.feeds.redaction import host_of, line
from dateline_status.report import FeedProblem, FeedReport
from dateline_status.tables.values import read_value

__all__ = ["FeedDirectory"]

PROBLEM_FEEDS = 20
"""A report names at most this many feeds."""

PROBLEM_VERDICTS = ("GONE", "FAILING", "QUIET")
"""Verdicts that a report names, the worst first."""

MAX_TEXT_CHARACTERS = 300
"""Longer names and reasons are cut in the directory."""

PART_SEPARATOR = b"/"
"""Occurs in the keys of records that hold a part of a state, but not in the keys of feeds."""


class _FeedSummary(Contract):
    """The part of a feed that the directory keeps."""

    model_config = ConfigDict(extra="ignore")

    url: str = Field(min_length=1)
    name: str | None = None
    paused: bool = False


class _StateSummary(Contract):
    """The part of a feed's state that the directory keeps; the rest can have megabytes and is dropped."""

    model_config = ConfigDict(extra="ignore")

    url: str
    title: str | None = None
    verdict: str | None = None
    reason: str | None = None
    last_poll: Timestamp | None = None
    next_poll: Timestamp | None = None
    last_item: Timestamp | None = None
    failures: int = 0


class FeedDirectory:
    """All feeds by key, with a count of each verdict."""

    def __init__(self) -> None:
        self.version = 0
        """Grows with every change."""
        self.membership = 0
        """Grows when a feed is added or removed, or gets another address."""
        self.total = 0
        """Number of configured feeds."""
        self.shown: Counter[str] = Counter()
        """Number of feeds by the verdict that a list shows."""
        self.followed: dict[int, int] = {}
        """The offset after the last record of `feeds` that was read, by partition."""
        self._entries: dict[bytes, FeedEntry] = {}
        self._verdicts: Counter[str] = Counter()
        self._paused = 0
        self._problems: dict[str, dict[bytes, FeedEntry]] = {verdict: {} for verdict in PROBLEM_VERDICTS}
        self._report: tuple[int, FeedReport] | None = None

    def snapshot(self) -> list[FeedEntry]:
        """Return the entries of all configured feeds, to be read in another thread."""
        return [entry for entry in self._entries.values() if entry.feed_offset != NO_RECORD]

    def get(self, key: bytes) -> FeedEntry | None:
        """Return a configured feed by its key."""
        entry = self._entries.get(key)
        return entry if entry is not None and entry.is_configured else None

    def fold_feed(self, record: Record) -> None:
        """Add a record of the configured feeds; a tombstone removes the feed."""
        self.followed[record.partition] = record.offset + 1
        key = record.key or b""
        feed = read_value(_FeedSummary, record) if record.value is not None else None
        if feed is None and record.value is not None:
            return
        entry = self._begin(key)
        before = entry.address if entry.is_configured else None
        if feed is None:
            entry.feed_offset, entry.paused = NO_RECORD, False
        else:
            entry.address = line(feed.url)
            entry.host = intern(host_of(entry.address))
            entry.given_name = _cut(feed.name)
            entry.paused = feed.paused
            entry.feed_partition, entry.feed_offset = record.partition, record.offset
        self.membership += before != (entry.address if entry.is_configured else None)
        self._end(entry)

    def fold_state(self, record: Record) -> None:
        """Add a record of the feeds' states; a tombstone removes the state, and parts of a state are skipped."""
        key = record.key or b""
        if PART_SEPARATOR in key:
            return
        state = read_value(_StateSummary, record) if record.value is not None else None
        if state is None and record.value is not None:
            return
        entry = self._begin(key)
        if state is None:
            entry.verdict, entry.reason, entry.state_offset, entry.failures = "NEW", None, NO_RECORD, 0
            entry.title = None
            entry.last_poll = entry.next_poll = entry.last_item = None
        else:
            entry.verdict = intern(_cut(state.verdict) or "NEW")
            entry.reason = _cut(state.reason)
            entry.title = _cut(state.title)
            entry.last_poll = state.last_poll.timestamp() if state.last_poll else None
            entry.next_poll = state.next_poll.timestamp() if state.next_poll else None
            entry.last_item = state.last_item.timestamp() if state.last_item else None
            entry.failures = state.failures
            entry.state_partition, entry.state_offset = record.partition, record.offset
        self._end(entry)

    def report(self) -> FeedReport:
        """Return the number of feeds by verdict, and those with problems; made again only after a change."""
        if self._report is None or self._report[0] != self.version:
            self._report = (self.version, self._count())
        return self._report[1]

    def _begin(self, key: bytes) -> FeedEntry:
        """Return the entry of a key, which is not counted until `_end`."""
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = FeedEntry(key)
        elif entry.is_configured:
            self._note(entry, -1)
            if entry.verdict in self._problems:
                self._problems[entry.verdict].pop(key, None)
        return entry

    def _end(self, entry: FeedEntry) -> None:
        if entry.is_configured:
            self._note(entry, 1)
            if entry.verdict in self._problems and not entry.paused:
                self._problems[entry.verdict][entry.key] = entry
        elif not entry.is_polled:
            self._entries.pop(entry.key, None)
        self.version += 1

    def _note(self, entry: FeedEntry, change: int) -> None:
        self.total += change
        self._paused += change * entry.paused
        self._verdicts[entry.verdict] += change
        self.shown[entry.shown_verdict] += change

    def _count(self) -> FeedReport:
        problems: list[FeedEntry] = []
        for verdict in PROBLEM_VERDICTS:
            left = PROBLEM_FEEDS - len(problems)
            if left:
                problems += nsmallest(left, self._problems[verdict].values(), key=lambda each: each.address)
        return FeedReport(
            total=self.total,
            paused=self._paused,
            verdicts={verdict: number for verdict, number in sorted(self._verdicts.items()) if number},
            problems=[
                FeedProblem(
                    url=each.address,
                    name=each.given_name,
                    verdict=each.verdict,
                    reason=each.reason,
                    last_poll=moment(each.last_poll),
                )
                for each in problems
            ],
        )


def _cut(text: str | None) -> str | None:
    return line(text[:MAX_TEXT_CHARACTERS]) or None if text else None
