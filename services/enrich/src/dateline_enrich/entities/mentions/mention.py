"""A mention that was found, on its way to an entity."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Protocol

from dateline_schemas import EntityType, TextField

__all__ = ["LabelledSpan", "NameMention"]


class LabelledSpan(Protocol):
    """What a tagger gives: a stretch of one text."""

    @property
    def start(self) -> int:
        """First character, in code points."""

    @property
    def end(self) -> int:
        """Character after the last one."""

    @property
    def label(self) -> str:
        """PER, ORG or LOC; anything else is taken for a name of no type."""

    @property
    def score(self) -> float:
        """How sure the tagger is, from 0 to 1."""


@dataclass(slots=True, kw_only=True)
class NameMention:
    """A name at a place of the article."""

    field: TextField
    start: int
    end: int
    text: str
    type: EntityType
    score: float
    words: tuple[str, ...]
    """Keys of its words."""

    titles: list[str] = dataclasses.field(default_factory=list)
    locative: bool = False
    """A preposition of place stands before it."""

    behind_comma: bool = False
    """A comma stands before it, as in "Savannah, Ga."."""

    person: bool = False
    """A title or role before it, or a verb of saying beside it, speaks of a person."""

    @property
    def key(self) -> str:
        """Its words as one folded name."""
        return " ".join(self.words)

    @property
    def place(self) -> tuple[bool, int]:
        """Where it stands, for sorting: the title comes first."""
        return self.field == "body", self.start
