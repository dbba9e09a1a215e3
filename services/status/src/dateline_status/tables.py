"""What the topics of the pipeline say, folded into tables as their records arrive."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog
from dateline.kafka.records import Record
from dateline_schemas import Contract, ContractError, Feed, GroupOffset, Heartbeat, Timestamp
from pydantic import ConfigDict

from dateline_status.report import FeedProblem, FeedReport

__all__ = ["Beat", "FeedTable", "GroupTable", "HeartbeatTable"]

ContractT = TypeVar("ContractT", bound=Contract)

log = structlog.get_logger("dateline.status")

PROBLEM_FEEDS = 20
"""Most feeds that a report names."""

FEED_SEVERITY = {"GONE": 0, "FAILING": 1, "QUIET": 2}
"""Verdicts on feeds that are worth a line, the worst first."""


@dataclass(frozen=True, slots=True)
class Beat:
    """The last heartbeat of an instance and when it was seen here, which needs no agreement of clocks."""

    heartbeat: Heartbeat
    seen: datetime


class HeartbeatTable:
    """The last heartbeat of each instance."""

    def __init__(self) -> None:
        self._beats: dict[bytes, Beat] = {}

    def fold(self, record: Record, now: datetime, *, live: bool) -> None:
        """Take a record; `live` says that it was written since the last look, whatever its clock says."""
        key = record.key or b""
        if record.value is None:
            self._beats.pop(key, None)
            return
        heartbeat = _read(Heartbeat, record)
        if heartbeat is not None:
            self._beats[key] = Beat(heartbeat, now if live else min(now, heartbeat.at))

    def __iter__(self) -> Iterator[Beat]:
        return iter(self._beats.values())


class GroupTable:
    """Which groups exist, and on which partitions they were given a first offset."""

    def __init__(self) -> None:
        self._offsets: dict[bytes, GroupOffset] = {}

    def fold(self, record: Record) -> None:
        """Take a record."""
        key = record.key or b""
        if record.value is None:
            self._offsets.pop(key, None)
            return
        offset = _read(GroupOffset, record)
        if offset is not None:
            self._offsets[key] = offset

    def by_group(self) -> dict[str, list[GroupOffset]]:
        """Return the partitions of each group, in order."""
        groups: dict[str, list[GroupOffset]] = {}
        for offset in sorted(self._offsets.values(), key=lambda each: (each.group, each.topic, each.partition)):
            groups.setdefault(offset.group, []).append(offset)
        return groups


class _FeedSummary(Contract):
    """The part of a feed's state that is shown; the rest can be megabytes and is not kept."""

    model_config = ConfigDict(extra="ignore")

    url: str
    last_poll: Timestamp | None = None
    verdict: str | None = None
    reason: str | None = None


class FeedTable:
    """The feeds that are configured, and how they do."""

    def __init__(self) -> None:
        self._feeds: dict[bytes, Feed] = {}
        self._states: dict[bytes, _FeedSummary] = {}

    def fold_feed(self, record: Record) -> None:
        """Take a record of the feeds that are configured."""
        key = record.key or b""
        feed = _read(Feed, record) if record.value is not None else None
        if feed is not None:
            self._feeds[key] = feed
        elif record.value is None:
            self._feeds.pop(key, None)

    def fold_state(self, record: Record) -> None:
        """Take a record of their states."""
        key = record.key or b""
        state = _read(_FeedSummary, record) if record.value is not None else None
        if state is not None:
            self._states[key] = state
        elif record.value is None:
            self._states.pop(key, None)

    def report(self) -> FeedReport:
        """Count the feeds by verdict and name those that are not well."""
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


def _read(model: type[ContractT], record: Record) -> ContractT | None:
    try:
        return model.from_bytes(record.value or b"")
    except ContractError as error:
        # One bad record, which anybody may write, must not blind the service.
        log.debug("a record was passed over", position=record.position, error=str(error))
        return None
