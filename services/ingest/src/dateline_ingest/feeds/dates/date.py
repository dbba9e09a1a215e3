"""Parses the dates in feeds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

from dateline_ingest.feeds.dates.freedate import free_date, full_year, local_moment
from dateline_ingest.feeds.dates.months import month_number
from dateline_ingest.feeds.dates.zones import named_zone, offset_zone
from dateline_ingest.feeds.model import Precision

__all__ = ["parse_date"]

MAX_CHARS = 100
"""Longer texts are not dates."""

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years outside this range are placeholders (0001-01-01) or mistakes."""

ISO_DATE = re.compile(
    r"(\d{4})(?:-?W(\d\d)(?:-?(\d))?|-?(\d\d)(?:-?(\d\d))?|-(\d{1,2})-(\d{1,2}))?"
    r"(?:[T _]+(\d{1,2})(?::?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?)?\s*(Z|[+-]\d\d?:?(?:\d\d)?)?",
    re.I,
)
EPOCH_NUMBER = re.compile(r"([+-]?\d{9,17})(?:\.\d+)?")
RFC_822 = re.compile(
    r"(?:[A-Za-z]{2,9}\.?,?\s*)?(\d{1,2})[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4}|\d\d)"
    r" (\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?: (?:([+-])(\d\d):?(\d\d)|([A-Za-z]{1,5})))?"
)


def parse_date(text: str, *, guess: bool = True) -> tuple[datetime, Precision] | None:
    """Parse a date, and return its moment in UTC and its precision.

    Supported are RFC 822 and ISO 8601 with their usual errors, month names of some twenty languages, zone
    names, numeric dates and epoch numbers. Without a zone, UTC is assumed. An ambiguous numeric date with
    slashes begins with the month, one with dots or dashes begins with the day.

    Args:
        text: the date as written.
        guess: whether to try forms that follow no standard, which is slower.

    Returns:
        None if the text is not a date, or the date does not exist.
    """
    text = " ".join(text[: MAX_CHARS + 1].split())
    if not text or len(text) > MAX_CHARS:
        return None
    try:
        result = _iso_exact(text) if text[4:5] == "-" else None
        result = result or _rfc_822(text) or _number(text) or _iso(text) or (free_date(text) if guess else None)
        if result is None or not FIRST_YEAR <= result[0].year <= LAST_YEAR:
            return None
        return result[0].astimezone(UTC), result[1]
    except (ValueError, OverflowError):
        return None


def _iso_exact(text: str) -> tuple[datetime, Precision] | None:
    """Parse correct ISO dates, which are most of them, at the speed of the standard library."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) == 10:
        return moment.replace(tzinfo=UTC), "day"
    if len(text) < 19:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), "second"


def _rfc_822(text: str) -> tuple[datetime, Precision] | None:
    match = RFC_822.fullmatch(text)
    month = match and month_number(match[2])
    if not match or not month:
        return None
    day, _, year, hour, minute, second, sign, hours, minutes, name = match.groups()
    precision: Precision = "second" if second else "minute"
    local = local_moment(full_year(year), month, int(day), hour, minute, second)
    if sign:
        zone = offset_zone(sign, hours, minutes)
    elif name and name not in ("GMT", "Z", "UTC"):
        zone = named_zone(name, local)
        if zone is None:
            return None
    else:
        return local.replace(tzinfo=UTC), precision
    return local.replace(tzinfo=zone or UTC), precision


def _number(text: str) -> tuple[datetime, Precision] | None:
    if not text.isdigit():
        match = EPOCH_NUMBER.fullmatch(text)
        if not match or match[1].startswith("-"):
            return None
        text = match[1].lstrip("+")
    if len(text) in (8, 12, 14) and text.startswith(("19", "20")):
        try:
            moment = datetime.strptime(text.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            pass
        else:
            return moment, "day" if len(text) == 8 else "minute" if len(text) == 12 else "second"
    if len(text) in (9, 10):
        return datetime.fromtimestamp(int(text), UTC), "second"
    if len(text) in (12, 13):
        return datetime.fromtimestamp(int(text) // 1000, UTC), "second"
    if len(text) in (15, 16):
        return datetime.fromtimestamp(int(text) // 1_000_000, UTC), "second"
    return None


def _iso(text: str) -> tuple[datetime, Precision] | None:
    match = ISO_DATE.fullmatch(text)
    if not match:
        return None
    year, week, weekday, month, day, loose_month, loose_day, hour, minute, second, zone_text = match.groups()
    month, day = month or loose_month, day or loose_day
    if week:
        local = datetime.fromisocalendar(int(year), int(week), int(weekday or 1))
        day = weekday or "1"
    else:
        if int(month or 1) > 12 and day and int(day) <= 12:
            month, day = day, month
        local = datetime(int(year), int(month or 1), int(day or 1))  # noqa: DTZ001
    if hour is not None:
        local = local_moment(local.year, local.month, local.day, hour, minute, second)
    zone: tzinfo | None = UTC
    if zone_text and zone_text not in "Zz":
        digits = zone_text[1:].replace(":", "")
        zone = (
            offset_zone(zone_text[0], digits[:-2] or digits, digits[-2:])
            if len(digits) > 2
            else offset_zone(zone_text[0], digits, "")
        )
    if second:
        precision: Precision = "second"
    elif hour:
        precision = "minute"
    elif day:
        precision = "day"
    else:
        precision = "month" if month else "year"
    return local.replace(tzinfo=zone or UTC), precision
