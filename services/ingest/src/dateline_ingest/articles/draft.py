"""An article as a document states it, and how it gets its identity."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from dateline_schemas import Article, DatePrecision, Media, Source, article_id, content_hash
from dateline_web.address import without_credentials

from dateline_ingest.articles.input_problem import DocumentError
from dateline_ingest.feeds.invisible import without_invisible

__all__ = ["ArticleDraft", "article_from_draft", "clean_text", "language_tag", "legal_text"]

MAX_LANGUAGE_CHARS = 64
"""Longer language tags are ignored."""

LANGUAGE_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
CONTROL_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDraft:
    """The fields of one article as its document states them; all texts are plain and cleaned.

    Raises:
        DocumentError: the article has neither a title nor a body.
    """

    title: str
    body: str
    guid: str | None = None
    url: str | None = None
    summary: str | None = None
    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    published: datetime | None = None
    precision: DatePrecision | None = None
    updated: datetime | None = None
    language: str | None = None
    source_uri: str | None = None
    """The source that the document names, if any."""
    source_name: str | None = None
    line: int | None = None
    """Line of the document on which the article begins."""

    def __post_init__(self) -> None:
        if not self.title and not self.body:
            raise DocumentError("the article has neither title nor body", "give it one of them", line=self.line)


def article_from_draft(draft: ArticleDraft, source: Source, fetched: datetime) -> Article:
    """Return the article of a draft.

    The article's id is derived from its address, else from source and GUID, else from its content.

    Args:
        draft: the article as its document states it.
        source: the source of the document; a source named by the draft takes precedence.
        fetched: when the document was read.
    """
    if draft.source_uri:
        source = Source(kind=source.kind, uri=without_credentials(draft.source_uri), name=draft.source_name)
    digest = content_hash(draft.title, draft.body)
    return Article(
        id=article_id(url=draft.url, source_uri=source.uri, guid=draft.guid, content_hash=digest, link_is_unique=True),
        source=source,
        url=None if draft.url is None else without_credentials(draft.url),
        title=draft.title,
        summary=draft.summary,
        body=draft.body,
        authors=draft.authors,
        categories=draft.categories,
        media=draft.media,
        published=draft.published,
        published_precision=draft.precision,
        updated=draft.updated,
        language=draft.language,
        fetched=fetched,
        content_hash=digest,
    )


def clean_text(text: str) -> str:
    """Return `text` as `legal_text` does, also without invisible characters."""
    return without_invisible(legal_text(text)).strip()


def legal_text(text: str) -> str:
    """Return `text` with Unix line breaks, without control characters and lone surrogates, and stripped."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return CONTROL_CHARACTER.sub("", text).strip()


def language_tag(text: str | None) -> str | None:
    """Return `text` as a BCP 47 language tag; None if it is not one."""
    tag = (text or "").strip().replace("_", "-")
    return tag if len(tag) <= MAX_LANGUAGE_CHARS and LANGUAGE_TAG.fullmatch(tag) else None
