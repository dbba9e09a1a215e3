"""Counts dead letters by group and type of error, and keeps the newest."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dateline.kafka.records import Record
from dateline_schemas import ContractError, DeadLetter
from dateline_schemas.headers import DL_RESOLVES, header

from dateline_status.report import DeadLetterReport, LetterCount, LetterReport

__all__ = ["READ_LIMIT", "LetterTable"]

READ_LIMIT = 5000
"""At most this many dead letters are read and kept, since they hold the original bytes and can be large."""

LAST_LETTERS = 10
"""A report shows this many letters one by one."""

UNKNOWN = "unknown"
"""Group, stage and error type of a record without the headers of a dead letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    origin: str
    group: str
    stage: str
    error_type: str
    error_message: str
    failed_at: datetime


class LetterTable:
    """The newest dead letters, by position."""

    def __init__(self) -> None:
        self._letters: OrderedDict[str, _Letter] = OrderedDict()
        self._resolved: set[str] = set()
        self._forgotten = 0

    def fold(self, record: Record) -> None:
        """Add a record of the topic: a dead letter, or a marker that one was replayed."""
        resolves = header(record.headers, DL_RESOLVES)
        if resolves is not None:
            if resolves in self._letters:
                self._resolved.add(resolves)
            return
        self._letters[f"{record.partition}:{record.offset}"] = _letter(record)
        if len(self._letters) > READ_LIMIT:
            position, _ = self._letters.popitem(last=False)
            self._resolved.discard(position)
            self._forgotten += 1

    def expire(self, beginnings: dict[int, int]) -> None:
        """Remove letters that retention has deleted; `beginnings` has the first offset of each partition."""
        for position in list(self._letters):
            partition, offset = map(int, position.split(":"))
            if offset < beginnings.get(partition, 0):
                del self._letters[position]
                self._resolved.discard(position)

    def report(self, now: datetime, *, recent_seconds: float, unread: int) -> DeadLetterReport:
        """Count the letters.

        Args:
            now: the current time.
            recent_seconds: letters younger than this are recent.
            unread: number of older offsets that were not read.
        """
        counts: dict[tuple[str, str], list[datetime]] = {}
        recent = 0
        for position, letter in self._letters.items():
            if position in self._resolved:
                continue
            counts.setdefault((letter.group, letter.error_type), []).append(letter.failed_at)
            recent += now - letter.failed_at < timedelta(seconds=recent_seconds)
        return DeadLetterReport(
            open=sum(map(len, counts.values())),
            recent=recent,
            replayed=len(self._resolved),
            unread=unread + self._forgotten,
            counts=[
                LetterCount(group=group, error_type=error, count=len(times), latest=max(times))
                for (group, error), times in sorted(counts.items(), key=lambda each: (-len(each[1]), each[0]))
            ],
            last=[self._show(position) for position in list(self._letters)[: -LAST_LETTERS - 1 : -1]],
        )

    def _show(self, position: str) -> LetterReport:
        letter = self._letters[position]
        return LetterReport(
            position=position,
            origin=letter.origin,
            group=letter.group,
            stage=letter.stage,
            error_type=letter.error_type,
            error_message=letter.error_message,
            failed_at=letter.failed_at,
            replayed=position in self._resolved,
        )


def _letter(record: Record) -> _Letter:
    try:
        known = DeadLetter.from_headers(record.headers)
    except ContractError as error:
        return _Letter(
            origin=record.position,
            group=UNKNOWN,
            stage=UNKNOWN,
            error_type=UNKNOWN,
            error_message=str(error),
            failed_at=datetime.fromtimestamp(max(0, record.timestamp) / 1000, UTC),
        )
    return _Letter(
        origin=known.source or f"{known.topic}[{known.partition}]@{known.offset}",
        group=known.group,
        stage=known.stage,
        error_type=known.error_type,
        error_message=known.error_message,
        failed_at=known.failed_at,
    )
