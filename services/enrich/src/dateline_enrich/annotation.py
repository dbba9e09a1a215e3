"""Enriches articles from JSON Lines one by one, without Kafka."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from dateline_schemas import Article, ContractError, DatePrecision, EnrichedArticle, Source, article_id, content_hash
from pydantic import ValidationError

from dateline_enrich.enricher import Enricher
from dateline_enrich.enrichment import enriched

__all__ = ["Annotated", "annotate_lines", "article_of", "parse_published"]

MONTH = re.compile(r"\d{4}-\d{2}")
"""A date without a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """The result of one line: an article or a problem."""

    number: int
    """The number of the line, from 1."""

    size: int
    article: EnrichedArticle | None = None
    problem: str | None = None


def annotate_lines(lines: Iterable[bytes], enrichers: Sequence[Enricher]) -> Iterator[Annotated]:
    """Yield the result of each line, in order; an empty line has neither article nor problem.

    An invalid line, or one that an enricher fails on, is reported as a problem, and the next lines are processed.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            yield Annotated(number=number, size=len(line))
            continue
        try:
            result = enriched(article_of(line), enrichers)
        except (ValueError, ContractError) as error:
            yield Annotated(number=number, size=len(line), problem=str(error))
        except Exception as error:  # noqa: BLE001 - one article must not end the run
            yield Annotated(number=number, size=len(line), problem=f"{type(error).__name__}: {error}")
        else:
            yield Annotated(number=number, size=len(line), article=result)


def article_of(line: bytes) -> Article:
    """Return the article in one line of JSON.

    `title` or `body` is required. `published` is an optional date or time in ISO 8601; a time without a zone is UTC,
    and a date has the precision of a day. A missing `id` is derived from the content. A complete article of
    `articles.parsed` is returned unchanged.

    Raises:
        ValueError: a field is invalid; the message names it.
    """
    try:
        fields = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start}") from error
    except ValueError as error:
        raise ValueError(f"invalid JSON: {error}") from error
    if not isinstance(fields, dict):
        raise ValueError(f"expected a JSON object, got {type(fields).__name__}")
    if "content_hash" in fields and "source" in fields:
        return Article.from_bytes(line)
    title, body = _text(fields, "title"), _text(fields, "body")
    if not (title.strip() or body.strip()):
        raise ValueError("title and body are both missing or empty")
    published, precision = parse_published(fields.get("published"))
    digest = content_hash(title, body)
    given = fields.get("id")
    if given is not None and (isinstance(given, bool) or not isinstance(given, str | int)):
        raise ValueError(f"id: expected a string, got {given!r}")
    identity = (
        str(given)
        if given is not None
        else article_id(url=None, source_uri="stdin", guid=None, content_hash=digest, link_is_unique=False)
    )
    try:
        return Article(
            id=identity,
            source=Source(kind="stdin", uri="stdin"),
            url=_optional(fields, "url"),
            title=title,
            body=body,
            published=published,
            published_precision=precision,
            language=_optional(fields, "language"),
            fetched=datetime.now(UTC),
            content_hash=digest,
        )
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        raise ValueError(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}") from error


def parse_published(value: object) -> tuple[datetime | None, DatePrecision | None]:
    """Return a publication date and its precision.

    Raises:
        ValueError: `value` is not an ISO 8601 date.
    """
    if value is None or value == "":
        return None, None
    if not isinstance(value, str):
        raise ValueError(f"published: expected a date such as 2024-06-27, got {value!r}")
    text = value.strip()
    try:
        if text.isascii() and text.isdigit() and len(text) == 4:
            return datetime(int(text), 1, 1, tzinfo=UTC), "year"
        if MONTH.fullmatch(text):
            return datetime.fromisoformat(f"{text}-01").replace(tzinfo=UTC), "month"
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"published: {value!r} is not an ISO 8601 date such as 2024-06-27 ({error})") from error
    precision: DatePrecision = "day" if len(text) <= 10 else "second"
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), precision


def _text(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{name}: expected a string, got {type(value).__name__}")
    return value


def _optional(fields: dict[str, object], name: str) -> str | None:
    return _text(fields, name) or None
