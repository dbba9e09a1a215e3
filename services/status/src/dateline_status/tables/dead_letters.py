"""Counts dead letters by group and type of error, and knows the newest without their bytes."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dateline.kafka.records import Record
from dateline_schemas import ContractError, DeadLetter
from dateline_schemas.headers import DL_RESOLVES, header

from dateline_status.report import DeadLetterReport, LetterCount, LetterReport
from dateline_status.tables.letter_cause import LetterCause, message_shape

__all__ = ["READ_LIMIT", "KnownLetter", "LetterTable"]

READ_LIMIT = 5000
"""At most this many dead letters are read and kept, since they hold the original bytes and can be large."""

LAST_LETTERS = 10
"""A report shows this many letters one by one."""

UNKNOWN = "unknown"
"""Group, stage and error type of a record without the headers of a dead letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLetter:
    """A dead letter without its bytes.

    Attributes:
        position: its position in the topic of dead letters, as `partition:offset`.
        origin: position or file that the record came from.
        group: consumer group, or service, that failed.
        stage: stage of the group that failed.
        error_type: class of the error.
        error_message: message of the error.
        failed_at: when it failed.
        from_kafka: whether it can be sent back to the topic that it came from.
        cause: why it failed.
    """

    position: str
    origin: str
    group: str
    stage: str
    error_type: str
    error_message: str
    failed_at: datetime
    from_kafka: bool
    cause: LetterCause = field(init=False)

    def __post_init__(self) -> None:
        cause = LetterCause(self.group, self.error_type, message_shape(self.error_message))
        object.__setattr__(self, "cause", cause)

    @property
    def offset(self) -> int:
        """Its offset in the topic of dead letters."""
        return int(self.position.partition(":")[2])


class LetterTable:
    """The newest dead letters, by position."""

    def __init__(self) -> None:
        self._letters: OrderedDict[str, KnownLetter] = OrderedDict()
        self._resolved: set[str] = set()
        self.unread = 0
        """Number of older offsets that are not known."""

    def fold(self, record: Record) -> None:
        """Add a record of the topic: a dead letter, or a marker that one was replayed."""
        resolves = header(record.headers, DL_RESOLVES)
        if resolves is not None:
            if resolves in self._letters:
                self._resolved.add(resolves)
            return
        letter = _letter(record)
        self._letters[letter.position] = letter
        if len(self._letters) > READ_LIMIT:
            position, _ = self._letters.popitem(last=False)
            self._resolved.discard(position)
            self.unread += 1

    def expire(self, beginnings: dict[int, int]) -> None:
        """Remove letters that retention has deleted; `beginnings` has the first offset of each partition."""
        for position in list(self._letters):
            partition, offset = map(int, position.split(":"))
            if offset < beginnings.get(partition, 0):
                del self._letters[position]
                self._resolved.discard(position)

    def newest_first(self) -> Iterator[KnownLetter]:
        """Yield the letters in the order in which they were written, the last one first."""
        yield from reversed(self._letters.values())

    def find(self, position: str) -> KnownLetter | None:
        """Return the letter at a position; None if it is not known."""
        return self._letters.get(position)

    def was_replayed(self, position: str) -> bool:
        """Return whether a letter was replayed to its group."""
        return position in self._resolved

    def resolve(self, positions: Iterable[str]) -> None:
        """Note that letters were replayed, before their markers are read."""
        self._resolved.update(each for each in positions if each in self._letters)

    def report(self, now: datetime, *, recent_seconds: float) -> DeadLetterReport:
        """Count the letters.

        Args:
            now: the current time.
            recent_seconds: letters younger than this are recent.
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
            unread=self.unread,
            counts=[
                LetterCount(group=group, error_type=error, count=len(times), latest=max(times))
                for (group, error), times in sorted(counts.items(), key=lambda each: (-len(each[1]), each[0]))
            ],
            last=[self.show(position) for position in list(self._letters)[: -LAST_LETTERS - 1 : -1]],
        )

    def show(self, position: str) -> LetterReport:
        """Return what a report says of a letter."""
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


def _letter(record: Record) -> KnownLetter:
    position = f"{record.partition}:{record.offset}"
    try:
        known = DeadLetter.from_headers(record.headers)
    except ContractError as error:
        return KnownLetter(
            position=position,
            origin=record.position,
            group=UNKNOWN,
            stage=UNKNOWN,
            error_type=UNKNOWN,
            error_message=str(error),
            failed_at=datetime.fromtimestamp(max(0, record.timestamp) / 1000, UTC),
            from_kafka=False,
        )
    return KnownLetter(
        position=position,
        origin=known.source or f"{known.topic}[{known.partition}]@{known.offset}",
        group=known.group,
        stage=known.stage,
        error_type=known.error_type,
        error_message=known.error_message,
        failed_at=known.failed_at,
        from_kafka=bool(known.topic) and known.partition >= 0,
    )
