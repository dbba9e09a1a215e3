"""Parses dated text: a first line ` date 2024-06-27 Title of the article`, followed by the body."""

import re
from datetime import UTC, date, datetime

from dateline_schemas import DatePrecision

from dateline_ingest.articles.draft import ArticleDraft, clean_text
from dateline_ingest.articles.input_problem import DocumentError

__all__ = ["looks_like_dated_text", "parse_dated_text", "parse_stated_date"]

NO_DATE = "-"
"""Stands in place of an unknown date."""

REMEDY = "begin the file with a line like ` date 2024-06-27 Title of the article`, then write the text"
"""What to do about an invalid first line."""

FIRST_LINE = re.compile(r"\s*date(?:[^\S\n]+(\S+)(?:[^\S\n]+([^\n]*))?)?[^\S\n]*(?:\n|\Z)", re.I)
DATE_LIKE = re.compile(r"\s*date[^\S\n]+[\d-]", re.I)
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?", re.I)


def looks_like_dated_text(text: str) -> bool:
    """Return whether the text begins with the word `date` and something like a date."""
    return DATE_LIKE.match(text) is not None


def parse_dated_text(text: str) -> ArticleDraft:
    """Parse one article.

    Raises:
        DocumentError: the first line has another form, its date is invalid, or the article is empty.
    """
    match = FIRST_LINE.match(text)
    if match is None or match[1] is None:
        raise DocumentError("the first line is not ` date YYYY-MM-DD Title`", REMEDY, line=1)
    line = 1 + text.count("\n", 0, match.start(1))
    published: tuple[datetime, DatePrecision] | tuple[None, None] = (None, None)
    if match[1] != NO_DATE:
        try:
            published = parse_stated_date(match[1])
        except ValueError as error:
            raise DocumentError(
                str(error), f"write it as YYYY-MM-DD, or {NO_DATE} if it is not known", line=line
            ) from error
    return ArticleDraft(
        title=" ".join(clean_text(match[2] or "").split()),
        body=clean_text(text[match.end() :]),
        published=published[0],
        precision=published[1],
        line=line,
    )


def parse_stated_date(text: str) -> tuple[datetime, DatePrecision]:
    """Parse an ISO date, or a date with a time; without a zone it is UTC.

    Raises:
        ValueError: the date is invalid; the message says why.
    """
    match = DAY.fullmatch(text)
    if match:
        try:
            day = date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError as error:
            raise ValueError(f"the date {text} does not exist ({error})") from error
        return datetime(day.year, day.month, day.day, tzinfo=UTC), "day"
    if MOMENT.fullmatch(text):
        try:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return moment.astimezone(UTC), "second" if text.count(":") - text[19:].count(":") > 1 else "minute"
        except (ValueError, OverflowError) as error:
            raise ValueError(f"the date {text} does not exist ({error})") from error
    raise ValueError(f"{text[:40]!r} is not a date")
