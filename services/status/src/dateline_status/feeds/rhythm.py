"""Draws the last polls of a feed on a time line: what each of them gave, and when the next one is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from dateline.duration import in_words

from dateline_status.feeds.models import PollNote

__all__ = ["PollMark", "RhythmPicture", "TimeTick", "rhythm_of"]

WIDTH, LEFT, RIGHT = 760.0, 34.0, 726.0
"""The picture's width, and the first and the last place on its time line."""

TOP, BASE = 16.0, 96.0
"""The end of the highest bar, and the foot of all bars."""

STEPS = (60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000, 31_536_000)
"""Seconds between two ticks of the time line."""

MOST_TICKS = 6
"""At most this many ticks are drawn, so that their labels have room."""

OUTCOMES = {
    "new": "found something new",
    "nothing new": "found nothing new",
    "pushed": "pushed by the hub",
    "failed": "failed",
}
"""The outcomes in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollMark:
    """A poll in the picture: a mark of its outcome, and a bar as high as it found new items."""

    x: float
    kind: str
    y: float
    """The top of its bar; the foot of all bars if it found nothing new."""
    new: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeTick:
    """A time on the time line."""

    x: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RhythmPicture:
    """The picture: places of everything in it, and the same in words."""

    marks: Sequence[PollMark]
    ticks: Sequence[TimeTick]
    next_x: float | None
    """The place of the next poll; None if there is none, or if it is not after the last one."""
    most: int
    """The number of items that the highest bar stands for."""
    description: str
    """The polls in words, without times."""
    width: float = WIDTH
    top: float = TOP
    base: float = BASE


def rhythm_of(polls: Sequence[PollNote], next_poll: datetime | None) -> RhythmPicture | None:
    """Return the picture of polls, or None if there are none.

    Args:
        polls: the polls in any order.
        next_poll: the time of the next poll; None if there is none.
    """
    if not polls:
        return None
    old_first = sorted(polls, key=lambda each: each.at)
    begin, last = old_first[0].at, old_first[-1].at
    end = max(last, next_poll or last)
    # A single poll needs some room around it.
    seconds = max((end - begin).total_seconds(), 60.0)
    most = max(each.new for each in old_first)

    def place(at: datetime) -> float:
        return _place((at - begin).total_seconds(), seconds)

    marks = [
        PollMark(
            x=place(each.at),
            kind=each.kind.replace(" ", "-"),
            y=round(BASE - (BASE - TOP) * each.new / most, 1) if most else BASE,
            new=each.new,
            label=_label(each),
        )
        for each in old_first
    ]
    return RhythmPicture(
        marks=marks,
        ticks=_ticks(begin, seconds),
        next_x=place(next_poll) if next_poll is not None and next_poll > last else None,
        most=most,
        description=_description(old_first, (last - begin).total_seconds()),
    )


def _label(poll: PollNote) -> str:
    status = "" if poll.status is None else f", status {poll.status}"
    why = f": {poll.reason}" if poll.reason else f", {poll.new} new of {poll.items} items"
    return f"{poll.at:%Y-%m-%d %H:%M:%S} UTC, {OUTCOMES[poll.kind]}{status}{why}"


def _ticks(begin: datetime, seconds: float) -> list[TimeTick]:
    step = next((each for each in STEPS if seconds / each <= MOST_TICKS), STEPS[-1])
    pattern = "%H:%M" if step < 43_200 else "%d %b" if step < 2_592_000 else "%b %Y"
    start = begin.timestamp()
    ticks: list[TimeTick] = []
    at = -(-start // step) * step
    while at <= start + seconds and len(ticks) <= MOST_TICKS:
        label = datetime.fromtimestamp(at, UTC).strftime(pattern)
        ticks.append(TimeTick(x=_place(at - start, seconds), label=label))
        at += step
    return ticks


def _place(after: float, seconds: float) -> float:
    """Return where a moment is that is `after` seconds after the first poll, in a picture that covers `seconds`."""
    return round(LEFT + (RIGHT - LEFT) * after / seconds, 1)


def _description(polls: Sequence[PollNote], seconds: float) -> str:
    counts = [
        f"{number} {words}" for kind, words in OUTCOMES.items() if (number := sum(each.kind == kind for each in polls))
    ]
    found = sum(each.new for each in polls)
    many = f"{len(polls)} polls within {in_words(seconds)}" if len(polls) > 1 else "1 poll"
    return f"{many}: {', '.join(counts)}; {found:,} new or changed item{'' if found == 1 else 's'}."
