"""The instants that an interval of ISO 8601 stands for, within the years that databases and Python know."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

__all__ = ["FIRST", "LAST", "interval_instants"]

FIRST = datetime.min.replace(tzinfo=UTC)
"""The first instant of year 1; no earlier instant is stored."""

LAST = datetime.max.replace(tzinfo=UTC)
"""The last instant of year 9999; no later instant is stored."""

POINT = re.compile(
    r"([+-]?)(\d{4,})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?(?:Z|([+-])(\d\d):(\d\d))?)?)?)?",
    re.ASCII,
)
"""A point in time as `IsoPoint` has it: sign, year, month, day, hour, minute, second, fraction, and offset from UTC."""


def interval_instants(start: str, end: str) -> tuple[datetime | None, datetime | None]:
    """Return the first instant of an interval and the first one after it.

    Parts that a point does not state are filled with their first value; a time without an offset is in UTC. An interval
    that begins before year 1 is open at its start, and one that ends after year 9999 is open at its end.

    Args:
        start: the first point (`IsoPoint`).
        end: the first point after the interval (`IsoPoint`).

    Returns:
        the two instants, in UTC. None is an open side; both are None if the interval is open on both sides, if a
        point does not exist, such as February 30, and if the interval does not end after its start.
    """
    first, after = _instant(start), _instant(end)
    if first is None or after is None:
        return None, None
    # All of it is outside the years 1 to 9999.
    if first == after == FIRST:
        return None, FIRST
    if first == after == LAST:
        return LAST, None
    if first >= after:
        return None, None
    return None if first == FIRST else first, None if after == LAST else after


@lru_cache(maxsize=4096)
def _instant(point: str) -> datetime | None:
    """Return the instant of a point, `FIRST` or `LAST` if it is beyond them, and None if it does not exist."""
    match = POINT.fullmatch(point)
    if match is None:
        return None
    sign, year, month, day, hour, minute, second, fraction, side, off_hours, off_minutes = match.groups()
    hours, minutes, seconds = int(hour or 0), int(minute or 0), int(second or 0)
    # Midnight may be written as 24:00 of the day before, and a leap second has the number 60.
    if hours > 24 or minutes > 59 or seconds > 60 or (hours == 24 and (minutes or seconds)):
        return None
    if not 1 <= int(month or 1) <= 12 or not 1 <= int(day or 1) <= 31:
        return None
    # A year of thousands of digits is not worth a conversion.
    digits = year.lstrip("0")
    if sign == "-" or not digits:
        return FIRST
    if len(digits) > 4:
        return LAST
    offset = timedelta(hours=int(off_hours or 0), minutes=int(off_minutes or 0))
    if offset >= timedelta(days=1):
        return None
    time = timedelta(
        hours=hours, minutes=minutes, seconds=seconds, microseconds=int((fraction or "0")[:6].ljust(6, "0"))
    )
    shift = time + offset if side == "-" else time - offset
    try:
        date = datetime(int(digits), int(month or 1), int(day or 1), tzinfo=UTC)
    except ValueError:
        return None
    try:
        return date + shift
    except OverflowError:
        return FIRST if date.year == 1 else LAST
