"""Augments windows with other names, headlines and quotation marks."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dateline_enrich.entities.network.encoding import LINE_START, LOWER, MIXED, TITLE, UPPER, Encoder, encode

from models.entities.texts.examples import LabelledSpan, Sentence
from models.entities.texts.labels import OUTSIDE

__all__ = ["Bank", "TrainingWindow", "as_headline", "joined", "quoted", "renamed"]

LONGEST = 5
"""Maximum number of words in a name that replaces another."""

Word = tuple[tuple[int, ...], int]
"""The pieces and the shape of a word."""


@dataclass(slots=True)
class TrainingWindow:
    """Consecutive sentences as one list of words."""

    pieces: list[tuple[int, ...]] = field(default_factory=list)
    shapes: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    mentions: list[LabelledSpan] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Number of pieces."""
        return sum(map(len, self.pieces))


def joined(sentences: Iterable[Sentence]) -> TrainingWindow:
    """Join sentences into one window."""
    window = TrainingWindow()
    for sentence in sentences:
        at = len(window.pieces)
        window.pieces += sentence.pieces
        window.shapes += sentence.shapes
        window.tags += sentence.tags
        window.mentions += [
            LabelledSpan(first=m.first + at, last=m.last + at, label=m.label) for m in sentence.mentions
        ]
    return window


class Bank:
    """Names that replace others.

    Of the class MISC, only names of peoples are replaced, by another people in the same number (singular or plural).

    Args:
        sentences: sentences whose mentions are used.
        names: more names, as class and name; of MISC only peoples.
        encoder: cuts these names into pieces.
    """

    def __init__(self, sentences: Iterable[Sentence], names: Iterable[tuple[str, str]], encoder: Encoder) -> None:
        self._names: dict[tuple[str, int], list[list[Word]]] = {}
        self._peoples: dict[tuple[tuple[int, ...], ...], str] = {}
        for sentence in sentences:
            for m in sentence.mentions:
                places = range(m.first, m.last + 1)
                if m.label != "MISC":
                    self._add(m.label, [(sentence.pieces[i], sentence.shapes[i] % LINE_START) for i in places])
        for label, name in names:
            words = encode(name, encoder)
            if label == "MISC":
                label = "peoples" if name.endswith("s") else "people"
                self._peoples[tuple(words.pieces)] = label
            self._add(label, list(zip(words.pieces, (s % LINE_START for s in words.shapes), strict=True)))

    def _add(self, label: str, words: list[Word]) -> None:
        if len(words) <= LONGEST and any(s in (TITLE, UPPER, MIXED) for _, s in words):
            self._names.setdefault((label, len(words)), []).append(words)

    def draw(self, label: str, name: tuple[tuple[int, ...], ...], rng: random.Random) -> list[Word] | None:
        """Return a random name of a class with about as many words as another name, or None."""
        length = len(name)
        if label == "MISC":
            label = self._peoples.get(name, label)
        elif length > 1:
            length = max(1, length + rng.choice((0, 0, 0, 0, 1, -1)))
        names = self._names.get((label, length))
        return rng.choice(names) if names else None


def renamed(window: TrainingWindow, bank: Bank, rng: random.Random, share: float) -> TrainingWindow:
    """Replace a share of the names; repetitions of a name, and a person's last name, are replaced alike."""
    chosen: dict[tuple[tuple[int, ...], ...], list[Word] | None] = {}
    result = TrainingWindow()
    at = 0
    for mention in window.mentions:
        key = tuple(window.pieces[mention.first : mention.last + 1])
        if key not in chosen:
            chosen[key] = bank.draw(mention.label, key, rng) if rng.random() < share else None
            new = chosen[key]
            if mention.label == "PER" and new and len(key) > 1:
                chosen.setdefault(key[-1:], new[-1:])
        new = chosen[key]
        if new is None or mention.last - mention.first > LONGEST:
            continue
        _copy(window, result, at, mention.first)
        begin = window.tags[mention.first]
        opening = window.shapes[mention.first] - window.shapes[mention.first] % LINE_START
        for i, (pieces, shape) in enumerate(new):
            result.pieces.append(pieces)
            result.shapes.append(shape + (opening if i == 0 else 0))
            result.tags.append(begin if i == 0 else begin << 1)
        at = mention.last + 1
    _copy(window, result, at, len(window.pieces))
    return result


def _copy(source: TrainingWindow, target: TrainingWindow, start: int, stop: int) -> None:
    target.pieces += source.pieces[start:stop]
    target.shapes += source.shapes[start:stop]
    target.tags += source.tags[start:stop]


def as_headline(window: TrainingWindow, rng: random.Random) -> TrainingWindow:
    """Return the window in upper case, title case or lower case; only the shapes change."""
    kind = rng.choice(("upper", "upper", "title", "title", "title", "lower"))
    shapes = []
    for pieces, shape in zip(window.pieces, window.shapes, strict=True):
        own, line = shape % LINE_START, shape - shape % LINE_START
        if kind == "upper" and own in (LOWER, TITLE, MIXED):
            own = UPPER
        elif kind == "title" and own == LOWER and (len(pieces) > 1 or pieces[0] not in SMALL):
            own = TITLE
        elif kind == "lower" and own in (TITLE, UPPER, MIXED):
            own = LOWER
        shapes.append(own + line)
    return TrainingWindow(window.pieces, shapes, window.tags, window.mentions)


SMALL = frozenset(
    {1037, 2019, 1996, 1998, 2030, 1997, 1999, 2006, 2012, 2000, 2011, 2005, 2013, 2007, 2004, 2021, 2003}
)
"""Pieces of lower-case words in titles: a, an, the, and, or, of, in, on, at, to, by, for, from, with, as, but, is."""

QUOTES = (((1000,), (1000,)), ((1523,), (1524,)), ((1520,), (1521,)), ((1005,), (1005,)))
"""Pairs of quotation marks as pieces."""


def quoted(window: TrainingWindow, rng: random.Random, certain: Sequence[LabelledSpan]) -> TrainingWindow:
    """Return the window with quotation marks around one of the names."""
    if not certain:
        return window
    mention = rng.choice(certain)
    opening, closing = rng.choice(QUOTES)
    result = TrainingWindow()
    _copy(window, result, 0, mention.first)
    line = window.shapes[mention.first] - window.shapes[mention.first] % LINE_START
    for pieces, start, stop in ((opening, mention.first, mention.last + 1), (closing, mention.last + 1, None)):
        result.pieces.append(pieces)
        result.shapes.append(0)
        result.tags.append(OUTSIDE)
        _copy(window, result, start, len(window.pieces) if stop is None else stop)
    if line:
        result.shapes[mention.first] += line
        result.shapes[mention.first + 1] -= line
    return result
