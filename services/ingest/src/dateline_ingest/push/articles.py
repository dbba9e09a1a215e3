"""Reads the articles in a pushed body: all of them, or an error for each invalid one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dateline.errors import PermanentError
from dateline.kafka.records import Output
from dateline.pipeline.events import BATCH_OVERHEAD_BYTES, article_output
from dateline.tracing.span import NO_TRACER, TraceSpan
from dateline_schemas import Source
from dateline_schemas.topics import ARTICLES_PARSED

from dateline_ingest.articles.draft import article_from_draft
from dateline_ingest.articles.input_problem import DocumentError
from dateline_ingest.articles.json_articles import draft_from_object, load_json
from dateline_ingest.http.refusal import RefusedError
from dateline_ingest.http.settings import HttpSettings

__all__ = ["JSON", "JSON_LINES", "PushedArticles", "read_articles"]

JSON = "application/json"
"""Media type of one article or a list of articles."""

JSON_LINES = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"})
"""Media types of one article per line; all are in use, although none is registered."""

MAX_ERRORS = 100
"""Reading a body stops after this many errors."""

BAD_REQUEST, UNPROCESSABLE, TOO_LARGE = 400, 422, 413
"""HTTP statuses: not JSON; JSON that is not an article; too large. The first that applies is returned."""


@dataclass(frozen=True, slots=True)
class PushedArticles:
    """The articles of a body, as records for Kafka."""

    ids: list[str]
    outputs: list[Output]


@dataclass(frozen=True, slots=True)
class _Position:
    """Position of an article: its number in the body, and in JSON Lines its line."""

    article: int
    line: int | None = None

    def error(self, error: DocumentError) -> dict[str, Any]:
        place = {"line": error.line or self.line, "article": self.article, "field": error.field}
        return {
            **{name: value for name, value in place.items() if value is not None},
            "detail": error.what,
            "remedy": error.remedy,
        }


def read_articles(
    body: bytes,
    media_type: str,
    source: Source,
    *,
    prefix: str,
    event_source: str,
    settings: HttpSettings,
    now: datetime,
    span_of: Callable[[str], TraceSpan] = NO_TRACER.send,
) -> PushedArticles:
    """Read the articles of a body.

    Args:
        body: JSON or JSON Lines.
        media_type: `JSON`, or one of `JSON_LINES`.
        source: the sender; a source stated by an article takes precedence.
        prefix: prefix of the topics.
        event_source: the CloudEvents `source` of the records.
        settings: the limits.
        now: when the body arrived.
        span_of: begins the span of a record for a topic.

    Raises:
        RefusedError: at least one article is invalid, and nothing is to be published; it lists the errors.
    """
    articles = PushedArticles([], [])
    errors: list[dict[str, Any]] = []
    statuses: set[int] = set()
    values = _values_of_lines(body, settings) if media_type in JSON_LINES else _values_of_json(body, settings)
    for position, value in values:
        if position.article > settings.push_max_articles:
            raise RefusedError(TOO_LARGE, f"more than {settings.push_max_articles:,} articles; send them in parts")
        try:
            if isinstance(value, _Invalid):
                statuses.add(value.status)
                raise value.error
            article = article_from_draft(draft_from_object(value, line=position.line), source, now)
            span = span_of(ARTICLES_PARSED.named(prefix))
            output = article_output(article, prefix, source=event_source, span=span)
            articles.outputs.append(_within(output, settings.push_max_article_bytes))
            articles.ids.append(article.id)
        except DocumentError as error:
            if not isinstance(value, _Invalid):
                statuses.add(UNPROCESSABLE)
            errors.append(position.error(error))
        except PermanentError as error:
            statuses.add(TOO_LARGE)
            errors.append(position.error(DocumentError(str(error), "split it")))
        if len(errors) == MAX_ERRORS:
            break
    if errors:
        status = next(each for each in (BAD_REQUEST, UNPROCESSABLE, TOO_LARGE) if each in statuses)
        count = f"at least {MAX_ERRORS}" if len(errors) == MAX_ERRORS else str(len(errors))
        what = "articles are invalid" if len(errors) > 1 else "article is invalid"
        raise RefusedError(status, f"{count} {what}, see `errors`; nothing was published", errors=errors)
    if not articles.ids:
        raise RefusedError(BAD_REQUEST, "the body contains no article; send one, a list, or one per line")
    return articles


def _within(output: Output, max_bytes: int) -> Output:
    # Lines were measured as received; articles of a list are measured as they will be written.
    if output.size > max_bytes + BATCH_OVERHEAD_BYTES:
        raise PermanentError(f"the article is larger than {max_bytes:,} bytes")
    return output


@dataclass(frozen=True, slots=True)
class _Invalid:
    """An error in place of a value."""

    error: DocumentError
    status: int


def _values_of_lines(body: bytes, settings: HttpSettings) -> Iterator[tuple[_Position, Any]]:
    article = 0
    for number, line in enumerate(body.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        text = line.strip()
        if text:
            article += 1
            yield _Position(article, number), _value(text, settings, number)


def _values_of_json(body: bytes, settings: HttpSettings) -> Iterator[tuple[_Position, Any]]:
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not text:
        return
    # A list may be as large as the body; each of its articles is measured by `_within`.
    value = _parsed(text, 1) if text.startswith(b"[") else _value(text, settings, 1)
    for article, each in enumerate(value if isinstance(value, list) else [value], start=1):
        yield _Position(article), each


def _value(text: bytes, settings: HttpSettings, line: int) -> Any:
    max_bytes = settings.push_max_article_bytes
    if len(text) > max_bytes:
        return _Invalid(DocumentError(f"the article is larger than {max_bytes:,} bytes", "split it"), TOO_LARGE)
    return _parsed(text, line)


def _parsed(text: bytes, line: int) -> Any:
    try:
        return load_json(text, line=line)
    except DocumentError as error:
        return _Invalid(error, BAD_REQUEST)
