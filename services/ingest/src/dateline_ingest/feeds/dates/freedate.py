"""Parses dates that follow no standard: month names in many languages, numbers in any order."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from dateline_ingest.feeds.dates.months import month_number
from dateline_ingest.feeds.dates.zones import named_zone, offset_zone
from dateline_ingest.feeds.model import Precision

__all__ = ["free_date", "full_year", "local_moment"]

TIME_OF_DAY = re.compile(
    r"(?<![\d:])(\d{1,2})\s*(?:[:h]|(?<=\s\d\d)\.(?=\d\d\b)|时|点|時|시)\s*(\d{1,2})(?:\s*(?:[:.分m]|분)\s*(\d{1,2})(?:[.,:]\d+)?)?"
    r"(?:\s*秒|\s*초)?(?:\s*([ap])\.?\s?m\b\.?)?(?!\d)",
    re.I,
)
DOTTED_TWELVE_HOUR = re.compile(r"(?<![\d.:·])(\d{1,2})[.·]([0-5]\d)(?:[.:·]([0-5]\d))?\s*([ap])\.?\s?m\b\.?", re.I)
"""As in Britain: 8.15am."""

TWELVE_HOUR = re.compile(r"\b(\d{1,2})\s*([ap])\.?m\b\.?", re.I)
UTC_OFFSET = re.compile(r"\(?(?:\b(?:gmt|utc|ut|z)\s*)?(?<![\d:])([+\u2212-])\s?(\d{1,2}):?(\d\d)?\b\)?", re.I)
REGION_NAME = re.compile(r"\b[A-Z][A-Za-z]+/[A-Z][A-Za-z_/]+")
WORD = re.compile(r"[^\W\d_]+")
EAST_ASIAN_DATE = re.compile(r"(\d{2,4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(?:(\d{1,2})\s*[日일])?")
NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})(?!\d)")
DIGITS = re.compile(r"\d+")
MERIDIEM = {"下午": 12, "午後": 12, "오후": 12, "上午": 0, "午前": 0, "오전": 0, "μμ": 12, "πμ": 0}
"""Marks of the half of the day, with the hours to add."""

MAX_MONTH = 12
"""A larger number in a numeric date is not a month."""


def free_date(text: str) -> tuple[datetime, Precision] | None:
    """Find a date, and a time if there is one, anywhere in a short text."""
    hour: str | None = None
    minute: str | None = None
    second: str | None = None
    later = 0
    zone_part = text
    rest = text
    match = DOTTED_TWELVE_HOUR.search(text) or TIME_OF_DAY.search(text) or TWELVE_HOUR.search(text)
    if match:
        if match.re is TWELVE_HOUR:
            hour, meridiem = match.groups()
        else:
            hour, minute, second, meridiem = match.groups()
        if meridiem:
            later = _meridiem(int(hour), meridiem)
        rest = f"{text[: match.start()]} {text[match.end() :]}"
        zone_part = text[match.end() :]
    for mark, hours in MERIDIEM.items():
        if hour and mark in text.replace(".", ""):
            later = 12 if hours and int(hour) < 12 else 0
    offset = UTC_OFFSET.search(zone_part) if match else None
    if offset:
        rest = rest.replace(offset[0], " ", 1) if offset[3] or match else rest
    date = _date_of(rest)
    if date is None:
        return None
    year, month, day, precision = date
    if hour is None:
        return datetime(year, month, day, tzinfo=UTC), precision
    local = local_moment(year, month, day, hour, minute, second) + timedelta(hours=later)
    zone = offset_zone(offset[1].replace("\u2212", "-"), offset[2], offset[3]) if offset else _zone(rest, local)
    return local.replace(tzinfo=zone or UTC), "second" if second else "minute"


def _date_of(text: str) -> tuple[int, int, int, Precision] | None:
    match = EAST_ASIAN_DATE.search(text)
    if match:
        return full_year(match[1]), int(match[2]), int(match[3] or 1), "day" if match[3] else "month"
    match = NUMERIC_DATE.search(text)
    if match:
        return _numeric_date(match[1], match[2], match[3], match[4])
    months = [(word, number) for word in WORD.finditer(text) if (number := month_number(word[0]))]
    if not months:
        return None
    # Take the last match: "mar." before a French, Spanish or Italian month is the weekday.
    word, month = months[-1]
    return _around_month(DIGITS.findall(text[: word.start()]), DIGITS.findall(text[word.end() :]), month)


def _around_month(before: list[str], after: list[str], month: int) -> tuple[int, int, int, Precision] | None:
    numbers = [n for n in (*before, *after) if len(n) <= 4]
    years = [n for n in numbers if len(n) > 2]
    days = [n for n in numbers if len(n) <= 2]
    if years:
        return full_year(years[0]), month, int(days[0]) if days else 1, "day" if days else "month"
    if len(days) >= 2:
        day, year = days[0], days[1]
        if int(day) > 31:
            day, year = year, day
        return full_year(year), month, int(day), "day"
    return None


def _numeric_date(first: str, mark: str, second: str, third: str) -> tuple[int, int, int, Precision] | None:
    if len(first) > 2:
        return int(first), int(second), int(third), "day"
    one, two, year = int(first), int(second), full_year(third)
    day_first = one > MAX_MONTH or (two <= MAX_MONTH and mark != "/")
    return (year, two, one, "day") if day_first else (year, one, two, "day")


def _zone(text: str, local: datetime) -> tzinfo | None:
    region = REGION_NAME.search(text)
    zone = named_zone(region[0], local) if region else None
    for word in reversed(WORD.findall(text)):
        if zone:
            break
        # Two lower-case letters are more likely a word ("at") than a zone.
        if len(word) <= 5 and (word.isupper() or len(word) > 2) and month_number(word) is None:
            zone = named_zone(word, local)
    return zone


def local_moment(year: int, month: int, day: int, hour: str, minute: str | None, second: str | None) -> datetime:
    """Return a moment without a zone; hour 24, minute 60 and second 60 carry over to the next unit.

    Raises:
        ValueError: the date or the time does not exist.
    """
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


def full_year(text: str) -> int:
    """Expand a short year (RFC 2822, 4.3): 00 to 49 are 2000 to 2049; other short years count from 1900."""
    year = int(text)
    if len(text) <= 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(text) == 3 else year
