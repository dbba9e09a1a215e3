"""How often each text is used in an epoch, and the names that replace others."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from models.entities.texts.corpus import Text
from models.entities.texts.examples import Sentence
from models.entities.texts.invention import Inventor

__all__ = ["demonyms", "held_out", "more_names", "weight"]

DATA = Path(__file__).parent / "data"
"""The folder of the lists."""

DRAWN = 6000
"""Persons drawn from the lists of given names and surnames."""

CITIES = 3000
"""Cities drawn from the list."""

INVENTED = (12_000, 12_000, 6000)
"""Invented persons, organisations and places."""


def _lines(name: str) -> Iterator[str]:
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def demonyms() -> frozenset[str]:
    """Return the names of peoples, faiths and adherents."""
    return frozenset(_lines("demonyms.txt"))


def more_names(seed: int, *, invented: bool = False) -> list[tuple[str, str]]:
    """Return persons with given names and surnames of all continents, and cities, as class and name.

    Args:
        seed: seed of the draw.
        invented: whether to add invented names, and peoples as MISC.
    """
    rng = random.Random(seed)
    made_up = Inventor(rng).names(*INVENTED) if invented else ()
    given = [name for line in _lines("given_names.txt") for name in line.split()]
    surnames = [name for line in _lines("surnames.txt") for name in line.split()]
    drawn = [("PER", f"{rng.choice(given)} {rng.choice(surnames)}") for _ in range(DRAWN)]
    cities = rng.sample(list(_lines("cities.txt")), CITIES)
    peoples = (("MISC", name) for name in sorted(demonyms())) if invented else ()
    return [*made_up, *peoples, *drawn, *(("PER", name) for name in surnames), *(("LOC", name) for name in cities)]


def held_out(text: Text) -> bool:
    """Return whether a text is only for scoring, as are GUM's dev and test splits."""
    return text.source.startswith("gum") and text.split != "train"


def weight(text: Text, sentences: Sequence[Sentence]) -> float:
    """Return how often a text is used in an epoch: news most often, sentences without names least often."""
    named = any(mention.label != "MISC" for sentence in sentences for mention in sentence.mentions)
    match text.source, text.genre:
        case (("gum_clear" | "gum_sitelicence"), ("news" | "interview")):
            return 4.0
        case (("gum_clear" | "gum_sitelicence"), ("bio" | "speech" | "textbook")):
            return 2.0
        case (("gum_clear" | "gum_sitelicence"), _):
            return 1.2
        case "unmarked", _:
            return 2.0
        case "wikigold", _:
            return 2.0
        case "crossner", "politics":
            return 2.5
        case "crossner", _:
            return 0.5
        case "fewnerd", _:
            return 0.65 if named else 0.15
    return 1.0
