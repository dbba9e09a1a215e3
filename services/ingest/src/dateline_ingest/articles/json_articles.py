"""Reads articles from JSON objects with any of the usual field names."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn, get_args

from dateline_schemas import DatePrecision, Media

from dateline_ingest.articles.draft import ArticleDraft, clean_text, language_tag, legal_text
from dateline_ingest.articles.input_problem import DocumentError
from dateline_ingest.articles.media import listed_media
from dateline_ingest.feeds import parse_date

__all__ = ["draft_from_object", "load_json"]

ID = ("id", "guid")
TITLE = ("title", "headline")
BODY = ("body", "text", "content")
SUMMARY = ("summary", "description")
PUBLISHED = ("published", "date")
AUTHORS = ("authors", "author")
CATEGORIES = ("categories", "tags")
URL = ("url", "link")
LANGUAGE = ("language", "lang")
MEDIA = ("media", "attachments", "enclosures")
MEDIA_URL = ("url", "href")
MEDIA_TYPE = ("type", "mime_type")
"""Accepted names of a field; the first one that is present and not null is used."""

MAX_SHOWN_CHARS = 60
"""An error message shows at most this many characters of an invalid value."""

PRECISIONS: tuple[str, ...] = get_args(DatePrecision)


def load_json(text: str | bytes, *, line: int | None = None) -> Any:
    """Parse JSON.

    Args:
        text: the JSON text.
        line: line on which the text begins, if it is part of a file.

    Raises:
        DocumentError: the text is not valid JSON.
    """
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        where = f"column {error.colno}"
        raise DocumentError(
            f"invalid JSON: {error.msg} at {where}", "correct it there", line=error.lineno + (line or 1) - 1
        ) from error
    except UnicodeDecodeError as error:
        raise DocumentError("the text is not UTF-8", "convert the file to UTF-8", line=line) from error
    except (RecursionError, ValueError) as error:
        what = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise DocumentError(f"invalid JSON: {what}", "correct it", line=line) from error


def draft_from_object(value: Any, *, line: int | None = None) -> ArticleDraft:
    """Read one article.

    Args:
        value: the parsed JSON value.
        line: line on which the article begins, for error messages.

    Raises:
        DocumentError: the value is not an object, a field has the wrong type, or there is neither title nor body.
    """
    if not isinstance(value, dict):
        _refuse(f"an article is a JSON object, not {_kind(value)}", 'write {"title": ..., "body": ...}', line)
    published, precision = _published(value, line)
    source_uri, source_name = _source(value, line)
    return ArticleDraft(
        guid=_identity(value, line),
        title=" ".join((_text(value, TITLE, line) or "").split()),
        body=_text(value, BODY, line) or "",
        summary=_text(value, SUMMARY, line),
        url=_text(value, URL, line),
        authors=_names(value, AUTHORS, line),
        categories=_names(value, CATEGORIES, line),
        media=_media(value, line),
        published=published,
        precision=precision,
        updated=_moment(value, ("updated",), line)[0],
        language=language_tag(_text(value, LANGUAGE, line)),
        source_uri=source_uri,
        source_name=source_name,
        line=line,
    )


def _refuse(what: str, remedy: str, line: int | None, field: str | None = None) -> NoReturn:
    raise DocumentError(what, remedy, line=line, field=field)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _first(value: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, Any]:
    for name in names:
        if value.get(name) is not None:
            return name, value[name]
    return names[0], None


def _text(value: Mapping[str, Any], names: tuple[str, ...], line: int | None) -> str | None:
    name, found = _first(value, names)
    if found is None:
        return None
    if not isinstance(found, str):
        _refuse(f'"{name}" is {_kind(found)}', "write a string", line, name)
    return clean_text(found) or None


def _identity(value: Mapping[str, Any], line: int | None) -> str | None:
    name, found = _first(value, ID)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    if isinstance(found, str):
        return legal_text(found) or None
    return _text({name: found}, (name,), line)


def _names(value: Mapping[str, Any], names: tuple[str, ...], line: int | None) -> list[str]:
    name, found = _first(value, names)
    texts = []
    for each in found if isinstance(found, list) else [] if found is None else [found]:
        text = each.get("name") if isinstance(each, dict) else each
        if not isinstance(text, str):
            _refuse(f'"{name}" holds {_kind(text)}', "write a list of strings", line, name)
        texts.append(" ".join(clean_text(text).split()))
    return [text for text in texts if text]


def _media(value: Mapping[str, Any], line: int | None) -> list[Media]:
    name, found = _first(value, MEDIA)
    stated: list[tuple[str, str | None, str | None]] = []
    for each in found if isinstance(found, list) else [] if found is None else [found]:
        file = {"url": each} if isinstance(each, str) else each
        if not isinstance(file, dict):
            _refuse(
                f'"{name}" holds {_kind(file)}', 'write a list of {"url": ..., "type": ..., "title": ...}', line, name
            )
        stated.append(
            (_text(file, MEDIA_URL, line) or "", _text(file, MEDIA_TYPE, line), _text(file, ("title",), line))
        )
    return listed_media(stated)


def _source(value: Mapping[str, Any], line: int | None) -> tuple[str | None, str | None]:
    found = value.get("source")
    if isinstance(found, dict):
        return _text(found, ("uri", "url"), line), _text(found, ("name",), line)
    text = _text(value, ("source",), line)
    return text, text


def _published(value: Mapping[str, Any], line: int | None) -> tuple[datetime | None, DatePrecision | None]:
    moment, precision = _moment(value, PUBLISHED, line)
    stated = value.get("published_precision")
    # Articles exported from the pipeline state a day as its first instant, and the precision in a field of its own.
    if moment is not None and stated in PRECISIONS:
        return moment, stated
    return moment, precision


def _moment(
    value: Mapping[str, Any], names: tuple[str, ...], line: int | None
) -> tuple[datetime | None, DatePrecision | None]:
    name, found = _first(value, names)
    if found is None or (isinstance(found, str) and not found.strip()):
        return None, None
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        _refuse(f'"{name}" is {_kind(found)}', "write a date as 2024-06-27 or 2024-06-27T10:00:00Z", line, name)
    read = parse_date(found) if isinstance(found, str) else _from_epoch(found)
    if read is None:
        shown = json.dumps(found, ensure_ascii=False)[:MAX_SHOWN_CHARS]
        _refuse(f'"{name}" {shown} is not a valid date', "write it as 2024-06-27 or 2024-06-27T10:00:00Z", line, name)
    return read


def _from_epoch(seconds: float) -> tuple[datetime, DatePrecision] | None:
    # A number that would be after the year 5000 is in milliseconds.
    seconds = seconds / 1000 if abs(seconds) > 1e11 else seconds
    try:
        return datetime.fromtimestamp(seconds, UTC), "second"
    except (ValueError, OverflowError, OSError):
        return None
