"""Reads the dates of sitemaps."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from dateline_web.sitemaps.model import SitemapPrecision

__all__ = ["sitemap_date"]

W3C_DATE = re.compile(
    r"(\d{4})(?:-(\d\d?)(?:-(\d\d?)(?:[Tt ]\s*(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d{1,12})?)?"
    r"\s*(Z|[+-]\d\d:?(?:\d\d)?)?)?)?)?",
    re.I | re.A,
)
MAX_CHARS = 60
"""Longer texts are not dates."""

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years outside this range are placeholders (0001-01-01) or mistakes."""


def sitemap_date(text: str | None) -> tuple[datetime, SitemapPrecision] | None:
    """Return the moment of a W3C date in UTC, and its precision; None if the text is not a date.

    Also read are dates with a space in place of the "T", without zone (which count as UTC), and those of RFC 822.
    """
    text = (text or "").strip()
    if not text or len(text) > MAX_CHARS:
        return None
    try:
        match = W3C_DATE.fullmatch(text)
        found = _from_parts(match) if match else (_in_utc(parsedate_to_datetime(text)), "second")
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return found if FIRST_YEAR <= found[0].year <= LAST_YEAR else None


def _from_parts(match: re.Match[str]) -> tuple[datetime, SitemapPrecision]:
    year, month, day, hour, minute, second = (int(part) if part else None for part in match.groups()[:6])
    assert year is not None
    moment = datetime(year, month or 1, day or 1, hour or 0, minute or 0, min(second or 0, 59), tzinfo=_zone(match[7]))
    precision: SitemapPrecision
    if second is not None:
        precision = "second"
    elif minute is not None:
        precision = "minute"
    else:
        precision = "year" if month is None else "month" if day is None else "day"
    return moment.astimezone(UTC), precision


def _zone(text: str | None) -> timezone:
    if not text or text in "Zz":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-offset if text[0] == "-" else offset)


def _in_utc(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
