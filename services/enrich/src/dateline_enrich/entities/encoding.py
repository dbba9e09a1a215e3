"""What the tagger reads of a text: word pieces, words, and the shapes of words that an uncased vocabulary loses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

__all__ = [
    "LINE_START",
    "SHAPES",
    "Encoder",
    "Words",
    "encode",
    "sentences",
    "shape",
    "windows",
]

MARK, LOWER, TITLE, UPPER, LETTER, MIXED, DIGITS, OTHER = range(8)
"""Shapes of a word: punctuation, lower, Title, UPPER, one capital Letter, miXed, with digits, letters without case."""

SHAPES = 16
"""Number of shape features: the shapes, then the same for the first word of a line."""

LINE_START = 8
"""Added to the shape of the first word of a line."""

_CLOSERS = frozenset("\"'”’»)]")
_ENDERS = frozenset(".!?…。？！")
_ABBREVIATIONS = frozenset(
    {"mr", "mrs", "ms", "dr", "prof", "gen", "col", "lt", "sgt", "capt", "maj", "adm", "sen", "rep", "gov", "pres"}
    | {"rev", "hon", "st", "jr", "sr", "vs", "etc", "inc", "ltd", "corp", "co", "no", "fig", "al", "dept", "univ"}
    | {"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "approx", "est", "mt", "ft"}
)
"""A period after one of these, or after a single letter, ends no sentence."""


_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of pairs of UTF-16 code units, which the tokenizer takes for no text."""


class Encoding(Protocol):
    """What the tokenizer returns."""

    @property
    def ids(self) -> list[int]: ...
    @property
    def offsets(self) -> list[tuple[int, int]]: ...
    @property
    def word_ids(self) -> list[int | None]: ...


class Encoder(Protocol):
    """A tokenizer that cuts text into word pieces with their places."""

    def encode(self, sequence: str, *, add_special_tokens: bool = ...) -> Encoding:
        """Cut a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a text; every list has one item a word."""

    starts: list[int]
    """Code-point offsets in the text."""

    ends: list[int]
    pieces: list[tuple[int, ...]]
    """Ids of the word's pieces."""

    shapes: list[int]

    def __len__(self) -> int:
        return len(self.starts)


@lru_cache(maxsize=1 << 15)
def shape(word: str) -> int:
    """The shape of a word's letters.

    >>> [shape(word) for word in ("said", "Kofi", "UN", "McKay", "K", "2021", ",")]
    [1, 2, 3, 5, 4, 6, 0]
    """
    if not any(c.isalnum() for c in word):
        return MARK
    if any(c.isdigit() for c in word):
        return DIGITS
    if word.islower():
        return LOWER
    if word.isupper():
        return LETTER if len(word) == 1 else UPPER
    if word[:1].isupper() and word[1:].islower():
        return TITLE
    return MIXED if word.lower() != word else OTHER


def encode(text: str, encoder: Encoder) -> Words:
    """Cut a text into words and these into pieces."""
    encoding = encoder.encode(_HALVES.sub("\ufffd", text), add_special_tokens=False)
    starts: list[int] = []
    ends: list[int] = []
    pieces: list[list[int]] = []
    last = None
    for piece, (start, end), word in zip(encoding.ids, encoding.offsets, encoding.word_ids, strict=True):
        if word == last:
            ends[-1] = end
            pieces[-1].append(piece)
        else:
            starts.append(start)
            ends.append(end)
            pieces.append([piece])
            last = word
    shapes = []
    before = 0
    for start, end in zip(starts, ends, strict=True):
        opens = before == 0 or "\n" in text[before:start]
        shapes.append(shape(text[start:end]) + (LINE_START if opens else 0))
        before = end
    return Words(starts=starts, ends=ends, pieces=[tuple(p) for p in pieces], shapes=shapes)


def sentences(text: str, words: Words) -> Iterator[range]:
    """Cut words into sentences; a line's end always ends one."""
    first = 0
    for i in range(1, len(words)):
        if words.shapes[i] >= LINE_START or _ends(text, words, i):
            yield range(first, i)
            first = i
    if first < len(words):
        yield range(first, len(words))


def _ends(text: str, words: Words, i: int) -> bool:
    """Whether a sentence ends before word i."""
    if words.starts[i] == words.ends[i - 1] or words.shapes[i] == LOWER:
        return False
    j = i - 1
    while j > 0 and text[words.starts[j]] in _CLOSERS and words.starts[j] == words.ends[j - 1]:
        j -= 1
    mark = text[words.starts[j]]
    if mark not in _ENDERS:
        return False
    if mark != "." or j == 0:
        return True
    before = text[words.starts[j - 1] : words.ends[j - 1]]
    return len(before) > 1 and before.lower() not in _ABBREVIATIONS


def windows(sentence_lengths: Sequence[int], budget: int) -> Iterator[range]:
    """Pack sentences that follow each other into windows of at most `budget` pieces each.

    A sentence that is longer than the budget is a window of its own.
    """
    first, size = 0, 0
    for i, length in enumerate(sentence_lengths):
        if i > first and size + length > budget:
            yield range(first, i)
            first, size = i, 0
        size += length
    if first < len(sentence_lengths):
        yield range(first, len(sentence_lengths))
