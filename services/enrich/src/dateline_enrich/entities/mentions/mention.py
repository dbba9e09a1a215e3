"""Spans, which a tagger returns, and mentions, which the stages make of them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Protocol

from dateline_schemas import EntityType, TextField

__all__ = ["LabelledSpan", "NameMention"]


class LabelledSpan(Protocol):
    """A name that a tagger found in a text."""

    @property
    def start(self) -> int:
        """The first code point."""

    @property
    def end(self) -> int:
        """The code point after the name."""

    @property
    def label(self) -> str:
        """PER, ORG or LOC; any other label means a name of unknown type."""

    @property
    def score(self) -> float:
        """The tagger's confidence, from 0 to 1."""


@dataclass(slots=True, kw_only=True)
class NameMention:
    """A name at one place of the article."""

    field: TextField
    start: int
    end: int
    text: str
    type: EntityType
    score: float
    words: tuple[str, ...]
    """The keys of its words."""

    titles: list[str] = dataclasses.field(default_factory=list)
    locative: bool = False
    """Whether a preposition of place stands before it."""

    nation: bool = False
    """Whether the words before it are used before countries: flew to Israel, the capital of Chad."""

    behind_comma: bool = False
    """Whether a comma stands before it, as in "Savannah, Ga."."""

    person: bool = False
    """Whether a title or role before it, or a verb of saying beside it, indicates a person."""

    @property
    def key(self) -> str:
        """The keys of its words, joined by spaces."""
        return " ".join(self.words)

    @property
    def place(self) -> tuple[bool, int]:
        """A sort key for its position; the title comes first."""
        return self.field == "body", self.start
