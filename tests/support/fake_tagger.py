"""A tagger that finds given names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dateline_enrich.entities import EntityFinder
from dateline_schemas import Entity

__all__ = ["FakeSpan", "FakeTagger", "entities", "entity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeSpan:
    start: int
    end: int
    label: str
    score: float = 0.95


@dataclass(slots=True)
class FakeTagger:
    """Labels each occurrence of the given names, longest names first; `Name#2` labels only the second one."""

    names: dict[str, str] = field(default_factory=dict)
    version: str = "fake"

    def spans(self, texts: Sequence[str]) -> list[list[FakeSpan]]:
        return [self._found(text) for text in texts]

    def _found(self, text: str) -> list[FakeSpan]:
        taken = [False] * len(text)
        found: list[FakeSpan] = []
        for name in sorted(self.names, key=len, reverse=True):
            plain, _, number = name.partition("#")
            matches = list(re.finditer(rf"(?<!\w){re.escape(plain)}(?!\w)", text))
            for match in matches[int(number) - 1 : int(number)] if number else matches:
                if not any(taken[match.start() : match.end()]):
                    taken[match.start() : match.end()] = [True] * len(plain)
                    found.append(FakeSpan(start=match.start(), end=match.end(), label=self.names[name]))
        return sorted(found, key=lambda span: span.start)


def entities(body: str, names: dict[str, str], title: str = "", source_country: str | None = None) -> dict[str, Entity]:
    """Return the entities, by name, of a text in which the tagger finds `names`."""
    finder = EntityFinder(taggers={"en": FakeTagger(names)})
    return {each.name: each for each in finder.find(title, body, source_country=source_country)}


def entity(name: str, body: str, names: dict[str, str], title: str = "") -> Entity:
    """Return the entity with this name."""
    found = entities(body, names, title)
    assert name in found, list(found)
    return found[name]
