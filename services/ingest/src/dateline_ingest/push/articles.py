"""The articles of a pushed body: all of them, or what is wrong with each that is not one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dateline.errors import PermanentError
from dateline.kafka.records import Output
from dateline_schemas import Article, Source

from dateline_ingest.articles.draft import article_from_draft
from dateline_ingest.articles.input_problem import DocumentError
from dateline_ingest.articles.json_articles import draft_from_object, load_json
from dateline_ingest.articles.record import BATCH_OVERHEAD_BYTES, article_output
from dateline_ingest.http.refusal import RefusedError
from dateline_ingest.http.settings import HttpSettings

__all__ = ["JSON", "JSON_LINES", "PushedArticles", "read_articles"]

JSON = "application/json"
"""Media type of one article, or a list of them."""

JSON_LINES = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"})
"""Media types of one article a line; none of them is registered, and all are in use."""

MOST_ERRORS = 100
"""Errors of one body that are named; it is wrong anyway."""

MALFORMED, UNPROCESSABLE, TOO_LARGE = 400, 422, 413
"""Statuses of HTTP: no JSON; JSON that is no article; larger than allowed. Where several apply, the first counts."""


@dataclass(frozen=True, slots=True)
class PushedArticles:
    """What a body holds."""

    ids: list[str]
    outputs: list[Output]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an article stands: its number, and its line in JSON Lines."""

    article: int
    line: int | None = None

    def error(self, error: DocumentError) -> dict[str, Any]:
        found = {"line": error.line or self.line, "article": self.article, "field": error.field}
        return {
            **{name: value for name, value in found.items() if value is not None},
            "detail": error.what,
            "remedy": error.remedy,
        }


def read_articles(
    body: bytes, media_type: str, source: Source, *, prefix: str, settings: HttpSettings, now: datetime
) -> PushedArticles:
    """Read a body.

    Args:
        body: JSON or JSON Lines.
        media_type: which of the two.
        source: who sends it; what an article says of that comes first.
        prefix: of the topics.
        settings: the limits.
        now: when it came.

    Raises:
        RefusedError: naming each article that is none; then none of the body is to be published.
    """
    found = PushedArticles([], [])
    errors: list[dict[str, Any]] = []
    statuses: set[int] = set()
    values = _lines(body, settings) if media_type in JSON_LINES else _values(body, settings)
    for place, value in values:
        if place.article > settings.push_max_articles:
            raise RefusedError(TOO_LARGE, f"more than {settings.push_max_articles:,} articles; send them in parts")
        try:
            if isinstance(value, _Wrong):
                statuses.add(value.status)
                raise value.error
            article = article_from_draft(draft_from_object(value, line=place.line), source, now)
            found.outputs.append(_output(article, prefix, settings.push_max_article_bytes))
            found.ids.append(article.id)
        except DocumentError as error:
            if not isinstance(value, _Wrong):
                statuses.add(UNPROCESSABLE)
            errors.append(place.error(error))
        except PermanentError as error:
            statuses.add(TOO_LARGE)
            errors.append(place.error(DocumentError(str(error), "split it")))
        if len(errors) == MOST_ERRORS:
            break
    if errors:
        status = next(each for each in (MALFORMED, UNPROCESSABLE, TOO_LARGE) if each in statuses)
        count = f"at least {MOST_ERRORS}" if len(errors) == MOST_ERRORS else str(len(errors))
        what = "articles are wrong" if len(errors) > 1 else "article is wrong"
        raise RefusedError(
            status, f"{count} {what}: mend what is named in errors; nothing was published", errors=errors
        )
    if not found.ids:
        raise RefusedError(MALFORMED, "the body holds no article; send one, or one a line")
    return found


def _output(article: Article, prefix: str, most: int) -> Output:
    output = article_output(article, prefix)
    # Lines were measured as they came; those of a list are as they will be written.
    if output.size > most + BATCH_OVERHEAD_BYTES:
        raise PermanentError(f"the article is larger than {most:,} bytes")
    return output


@dataclass(frozen=True, slots=True)
class _Wrong:
    """What stands where a value should be."""

    error: DocumentError
    status: int


def _lines(body: bytes, settings: HttpSettings) -> Iterator[tuple[_Place, Any]]:
    article = 0
    for number, line in enumerate(body.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        text = line.strip()
        if text:
            article += 1
            yield _Place(article, number), _value(text, settings, number)


def _values(body: bytes, settings: HttpSettings) -> Iterator[tuple[_Place, Any]]:
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not text:
        return
    # A list may be as large as the body; each of its articles is measured as it will be written.
    value = _parsed(text, 1) if text.startswith(b"[") else _value(text, settings, 1)
    for article, each in enumerate(value if isinstance(value, list) else [value], start=1):
        yield _Place(article), each


def _value(text: bytes, settings: HttpSettings, line: int) -> Any:
    most = settings.push_max_article_bytes
    if len(text) > most:
        return _Wrong(DocumentError(f"the article is larger than {most:,} bytes", "split it"), TOO_LARGE)
    return _parsed(text, line)


def _parsed(text: bytes, line: int) -> Any:
    try:
        return load_json(text, line=line)
    except DocumentError as error:
        return _Wrong(error, MALFORMED)
