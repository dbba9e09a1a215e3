"""Entities and dates marked in a text, as parts of the text with what they belong to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dateline_schemas import DateMention, EnrichedArticle, Entity
from dateline_schemas.records.mention import TextField

__all__ = ["LETTERS", "Mark", "TextPart", "marked", "marks_in"]

LETTERS = {
    "person": "P",
    "organization": "O",
    "location": "L",
    "event": "E",
    "work": "W",
    "product": "R",
    "group": "G",
    "other": "X",
    "date": "D",
}
"""The letter that stands behind a mention of each type, so that nothing depends on its colour."""

MOST_MARKS = 2000
"""At most this many mentions are marked in a text."""

LONGEST_NAME = 120
"""Names and values are shown up to this many characters."""

MOST_TOGETHER = 4
"""A character is marked as a part of at most this many mentions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A span of a text, in code points."""

    start: int
    end: int
    type: str
    """The kind of entity, or `date`."""
    title: str
    """What it stands for, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    """A part of a text, and the mentions that it is a part of, the longest first."""

    text: str
    marks: tuple[Mark, ...] = ()
    letters: str = ""
    """The letters of the mentions that end with this part."""

    @property
    def classes(self) -> str:
        """The types of its mentions."""
        return " ".join(dict.fromkeys(mark.type for mark in self.marks))

    @property
    def title(self) -> str:
        """What its mentions stand for."""
        return "; ".join(dict.fromkeys(mark.title for mark in self.marks))


def marks_in(enriched: EnrichedArticle, field: TextField) -> list[Mark]:
    """Return the mentions of entities and dates in the title or the body."""
    found = [
        Mark(start=mention.start, end=mention.end, type=entity.type, title=_entity(entity))
        for entity in enriched.entities
        for mention in entity.mentions
        if mention.field == field
    ]
    found += [
        Mark(start=date.start, end=date.end, type="date", title=_date(date))
        for date in enriched.dates
        if date.field == field
    ]
    return found


def marked(text: str, marks: Iterable[Mark]) -> list[TextPart]:
    """Return a text in parts; where mentions overlap, a part belongs to each of them.

    Args:
        text: the text, or its beginning: what is marked after its end is left out.
        marks: the mentions; those that are no span of the text are left out.
    """
    valid = [mark for mark in marks if 0 <= mark.start < mark.end and mark.start < len(text)]
    valid = sorted(valid, key=lambda mark: (mark.start, -mark.end))[:MOST_MARKS]
    edges = {0, len(text)}
    for mark in valid:
        edges |= {mark.start, min(mark.end, len(text))}
    parts, active, waiting = [], list[Mark](), valid[::-1]
    bounds = sorted(edges)
    for begin, end in pairwise(bounds):
        active = [mark for mark in active if mark.end > begin]
        while waiting and waiting[-1].start <= begin:
            mark = waiting.pop()
            if len(active) < MOST_TOGETHER:
                active.append(mark)
        parts.append(TextPart(text=text[begin:end], marks=tuple(active), letters=_letters(active, end, len(text))))
    return parts


def _letters(active: Sequence[Mark], end: int, length: int) -> str:
    ending = (mark for mark in active if mark.end <= end or end == length)
    return "".join(dict.fromkeys(LETTERS.get(mark.type, "X") for mark in ending))


def _entity(entity: Entity) -> str:
    links = ", ".join(f"{link.scheme}:{link.id}"[:LONGEST_NAME] for link in entity.links[:3])
    return f"{entity.type}: {entity.name[:LONGEST_NAME]}" + (f" ({links})" if links else "")


def _date(date: DateMention) -> str:
    text = f"{date.type.lower()}: {date.value[:LONGEST_NAME]}"
    if date.interval is not None:
        text += f" ({date.interval.start} to {date.interval.end})"
    return text
