"""Dates as feeds write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from dateline_ingest.feeds.model import Precision
from dateline_ingest.feeds.months import month_number
from dateline_ingest.feeds.zones import named_zone, offset_zone

__all__ = ["parse_date"]

_LONGEST = 100
"""Characters that a date may have."""
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
"""Years outside are placeholders (0001-01-01) or mistakes."""

_ISO = re.compile(
    r"(\d{4})(?:-?W(\d\d)(?:-?(\d))?|-?(\d\d)(?:-?(\d\d))?|-(\d{1,2})-(\d{1,2}))?"
    r"(?:[T _]+(\d{1,2})(?::?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?)?\s*(Z|[+-]\d\d?:?(?:\d\d)?)?",
    re.I,
)
_NUMBER = re.compile(r"([+-]?\d{9,17})(?:\.\d+)?")
_RFC_822 = re.compile(
    r"(?:[A-Za-z]{2,9}\.?,?\s*)?(\d{1,2})[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4}|\d\d)"
    r" (\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?: (?:([+-])(\d\d):?(\d\d)|([A-Za-z]{1,5})))?"
)
_TIME = re.compile(
    r"(?<![\d:])(\d{1,2})\s*(?:[:h]|(?<=\s\d\d)\.(?=\d\d\b)|时|点|時|시)\s*(\d{1,2})(?:\s*(?:[:.分m]|분)\s*(\d{1,2})(?:[.,:]\d+)?)?"
    r"(?:\s*秒|\s*초)?(?:\s*([ap])\.?\s?m\b\.?)?(?!\d)",
    re.I,
)
_HOUR = re.compile(r"\b(\d{1,2})\s*([ap])\.?m\b\.?", re.I)
_OFFSET = re.compile(r"\(?(?:\b(?:gmt|utc|ut|z)\s*)?(?<![\d:])([+\u2212-])\s?(\d{1,2}):?(\d\d)?\b\)?", re.I)
_REGION = re.compile(r"\b[A-Z][A-Za-z]+/[A-Z][A-Za-z_/]+")
_WORD = re.compile(r"[^\W\d_]+")
_EAST_ASIAN = re.compile(r"(\d{2,4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(?:(\d{1,2})\s*[日일])?")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})(?!\d)")
_DIGITS = re.compile(r"\d+")
_MERIDIEM = {"下午": 12, "午後": 12, "오후": 12, "上午": 0, "午前": 0, "오전": 0, "μμ": 12, "πμ": 0}
_NAMED_LATER = 12
"""Above this the first number of a numeric date is no month."""


def parse_date(text: str, *, guess: bool = True) -> tuple[datetime, Precision] | None:
    """The moment that a feed's date stands for, in UTC, and how exactly it was stated.

    Knows RFC 822 and ISO 8601 with their usual damage, month names of some twenty languages, zone names,
    numeric dates and epoch numbers. Without a zone UTC is assumed; of numeric dates whose order is open,
    those with slashes start with the month, those with dots or dashes with the day.

    Args:
        text: the date as written.
        guess: whether also forms that follow no standard are tried, which takes longer.

    Returns:
        None where the text is not a date or the date does not exist.
    """
    text = " ".join(text[: _LONGEST + 1].split())
    if not text or len(text) > _LONGEST:
        return None
    try:
        result = _iso_exact(text) if text[4:5] == "-" else None
        result = result or _rfc_822(text) or _number(text) or _iso(text) or (_free(text) if guess else None)
        if result is None or not _FIRST_YEAR <= result[0].year <= _LAST_YEAR:
            return None
        return result[0].astimezone(UTC), result[1]
    except (ValueError, OverflowError):
        return None


def _iso_exact(text: str) -> tuple[datetime, Precision] | None:
    """The correct ISO dates, which are nearly all of them, at the speed of the standard library."""
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
    match = _RFC_822.fullmatch(text)
    month = match and month_number(match[2])
    if not match or not month:
        return None
    day, _, year, hour, minute, second, sign, hours, minutes, name = match.groups()
    precision: Precision = "second" if second else "minute"
    local = _moment(_year(year), month, int(day), hour, minute, second)
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
        match = _NUMBER.fullmatch(text)
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
    match = _ISO.fullmatch(text)
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
        local = _moment(local.year, local.month, local.day, hour, minute, second)
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


def _free(text: str) -> tuple[datetime, Precision] | None:
    hour: str | None = None
    minute: str | None = None
    second: str | None = None
    later = 0
    zone_part = text
    rest = text
    match = _TIME.search(text) or _HOUR.search(text)
    if match:
        if match.re is _TIME:
            hour, minute, second, meridiem = match.groups()
        else:
            hour, meridiem = match.groups()
        if meridiem:
            later = _meridiem(int(hour), meridiem)
        rest = f"{text[: match.start()]} {text[match.end() :]}"
        zone_part = text[match.end() :]
    for mark, hours in _MERIDIEM.items():
        if hour and mark in text.replace(".", ""):
            later = 12 if hours and int(hour) < 12 else 0
    offset = _OFFSET.search(zone_part) if match else None
    if offset:
        rest = rest.replace(offset[0], " ", 1) if offset[3] or match else rest
    date = _date_of(rest)
    if date is None:
        return None
    year, month, day, precision = date
    if hour is None:
        return datetime(year, month, day, tzinfo=UTC), precision
    local = _moment(year, month, day, hour, minute, second) + timedelta(hours=later)
    zone = offset_zone(offset[1].replace("\u2212", "-"), offset[2], offset[3]) if offset else _zone(rest, local)
    return local.replace(tzinfo=zone or UTC), "second" if second else "minute"


def _date_of(text: str) -> tuple[int, int, int, Precision] | None:
    match = _EAST_ASIAN.search(text)
    if match:
        return _year(match[1]), int(match[2]), int(match[3] or 1), "day" if match[3] else "month"
    match = _NUMERIC.search(text)
    if match:
        return _numeric_date(match[1], match[2], match[3], match[4])
    months = [(word, number) for word in _WORD.finditer(text) if (number := month_number(word[0]))]
    if not months:
        return None
    # The last one: "mar." before a French, Spanish or Italian month is the weekday.
    word, month = months[-1]
    return _around_month(_DIGITS.findall(text[: word.start()]), _DIGITS.findall(text[word.end() :]), month)


def _around_month(before: list[str], after: list[str], month: int) -> tuple[int, int, int, Precision] | None:
    numbers = [n for n in (*before, *after) if len(n) <= 4]
    years = [n for n in numbers if len(n) > 2]
    days = [n for n in numbers if len(n) <= 2]
    if years:
        return _year(years[0]), month, int(days[0]) if days else 1, "day" if days else "month"
    if len(days) >= 2:
        day, year = days[0], days[1]
        if int(day) > 31:
            day, year = year, day
        return _year(year), month, int(day), "day"
    return None


def _numeric_date(first: str, mark: str, second: str, third: str) -> tuple[int, int, int, Precision] | None:
    if len(first) > 2:
        return int(first), int(second), int(third), "day"
    one, two, year = int(first), int(second), _year(third)
    day_first = one > _NAMED_LATER or (two <= _NAMED_LATER and mark != "/")
    return (year, two, one, "day") if day_first else (year, one, two, "day")


def _zone(text: str, local: datetime) -> tzinfo | None:
    region = _REGION.search(text)
    zone = named_zone(region[0], local) if region else None
    for word in reversed(_WORD.findall(text)):
        if zone:
            break
        # Two lower-case letters are rather a word ("at") than a zone.
        if len(word) <= 5 and (word.isupper() or len(word) > 2) and month_number(word) is None:
            zone = named_zone(word, local)
    return zone


def _moment(year: int, month: int, day: int, hour: str, minute: str | None, second: str | None) -> datetime:
    hours, minutes, seconds = int(hour), int(minute or 0), int(second or 0)
    if hours > 24 or minutes > 60 or seconds > 60 or (hours == 24 and (minutes or seconds)):
        raise ValueError(hour)
    if hours < 24 and minutes < 60 and seconds < 60:
        return datetime(year, month, day, hours, minutes, seconds)  # noqa: DTZ001
    start = datetime(year, month, day)  # noqa: DTZ001
    return start + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _meridiem(hour: int, letter: str) -> int:
    if letter.lower() == "p":
        return 12 if hour < 12 else 0
    return -12 if hour == 12 else 0


def _year(text: str) -> int:
    """RFC 2822, 4.3: two digits below 50 are of this century, others and three digits count from 1900."""
    year = int(text)
    if len(text) <= 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(text) == 3 else year
