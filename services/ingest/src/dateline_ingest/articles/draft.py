"""An article as a document states it, before it has an identity."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from dateline_schemas import DatePrecision

from dateline_ingest.articles.problem import DocumentError

__all__ = ["ArticleDraft", "clean_text", "language_tag"]

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_LONGEST_LANGUAGE = 64
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDraft:
    """What a document says of one article; texts are plain and clean."""

    title: str
    body: str
    guid: str | None = None
    url: str | None = None
    summary: str | None = None
    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    published: datetime | None = None
    precision: DatePrecision | None = None
    updated: datetime | None = None
    language: str | None = None
    source_uri: str | None = None
    """Where the document says that it comes from, if it does."""
    source_name: str | None = None
    line: int | None = None
    """Line of the document on which it begins."""

    def __post_init__(self) -> None:
        if not self.title and not self.body:
            raise DocumentError("the article has neither title nor body", "give it one of them", line=self.line)


def clean_text(text: str) -> str:
    """Return `text` as it can be written to JSON and read by people: no control characters, no half characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROL.sub("", text).strip()


def language_tag(text: str | None) -> str | None:
    """Return a language as BCP 47 writes it, None where it is no language tag."""
    tag = (text or "").strip().replace("_", "-")
    return tag if len(tag) <= _LONGEST_LANGUAGE and _LANGUAGE.fullmatch(tag) else None
