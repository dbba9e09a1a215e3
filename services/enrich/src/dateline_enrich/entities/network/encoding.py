"""Encodes text for the network: words, their pieces, and their shapes, which an uncased vocabulary loses."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BREAK",
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
"""Number of shape features: each shape, and each shape for the first word of a line."""

LINE_START = 8
"""Added to the shape of the first word of a line."""

BREAK = 16
"""Added to the shape of a word after left-out text; the model does not see it."""

CLOSERS = frozenset("\"'”’»)]")
"""Marks that may follow the end of a sentence."""

ENDERS = frozenset(".!?…。？！")
"""Marks that end a sentence."""

MARKS = CLOSERS | ENDERS
"""Marks before the start of a sentence."""
ABBREVIATIONS = frozenset(
    {"mr", "mrs", "ms", "dr", "prof", "gen", "col", "lt", "sgt", "capt", "maj", "adm", "sen", "rep", "gov", "pres"}
    | {"rev", "hon", "st", "jr", "sr", "vs", "etc", "inc", "ltd", "corp", "co", "no", "fig", "al", "dept", "univ"}
    | {"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "approx", "est", "mt", "ft"}
)
"""Words whose period does not end a sentence; neither does that of a single letter."""

HALVES = re.compile("[\ud800-\udfff]")
"""Unpaired UTF-16 surrogates, which the tokenizer rejects."""


class Encoding(Protocol):
    """The result of the tokenizer."""

    @property
    def ids(self) -> list[int]: ...
    @property
    def offsets(self) -> list[tuple[int, int]]: ...
    @property
    def word_ids(self) -> list[int | None]: ...


class Encoder(Protocol):
    """A tokenizer that cuts text into word pieces with their offsets."""

    def encode(self, sequence: str, *, add_special_tokens: bool = ...) -> Encoding:
        """Cut a text."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words of a text; each list has one item per word, and `at` one more."""

    ids: NDArray[np.int64]
    """Ids of the pieces of all words, one after the other."""

    at: list[int]
    """Index of the first piece of each word, and at the end the number of pieces."""

    starts: list[int]
    """Code-point offsets in the text."""

    ends: list[int]
    shapes: list[int]

    def __len__(self) -> int:
        return len(self.starts)

    def size(self, first: int, stop: int) -> int:
        """Return the number of pieces of the words from `first` to before `stop`."""
        return self.at[stop] - self.at[first]

    def only(self, parts: Sequence[range]) -> Words:
        """Return only the words of some parts, in order."""
        kept = [i for part in parts for i in part]
        shapes = [self.shapes[i] for i in kept]
        word = 0
        for before, part in zip([range(0), *parts], parts, strict=False):
            if part.start != before.stop:
                shapes[word] += BREAK
            word += len(part)
        sizes = [self.at[i + 1] - self.at[i] for i in kept]
        return Words(
            ids=np.concatenate([self.ids[self.at[part.start] : self.at[part.stop]] for part in parts]),
            at=[0, *accumulate(sizes)],
            starts=[self.starts[i] for i in kept],
            ends=[self.ends[i] for i in kept],
            shapes=shapes,
        )

    @cached_property
    def pieces(self) -> list[tuple[int, ...]]:
        """The ids of each word's pieces."""
        ids = self.ids.tolist()
        return [tuple(ids[start:stop]) for start, stop in zip(self.at, self.at[1:], strict=False)]


@lru_cache(maxsize=1 << 15)
def shape(word: str) -> int:
    """Return the shape of a word.

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
    """Cut a text into words, and words into pieces."""
    encoding = encoder.encode(HALVES.sub("\ufffd", text), add_special_tokens=False)
    offsets = encoding.offsets
    of_word = np.array(encoding.word_ids, dtype=np.int64)
    firsts = [0, *(np.flatnonzero(of_word[1:] != of_word[:-1]) + 1).tolist()] if offsets else []
    at = [*firsts, len(offsets)]
    starts = [offsets[i][0] for i in firsts]
    ends = [offsets[i - 1][1] for i in at[1:]]
    shapes = [shape(text[start:end]) for start, end in zip(starts, ends, strict=True)]
    for i in _line_starts(text, starts, ends):
        shapes[i] += LINE_START
    return Words(ids=np.array(encoding.ids, dtype=np.int64), at=at, starts=starts, ends=ends, shapes=shapes)


def _line_starts(text: str, starts: Sequence[int], ends: Sequence[int]) -> Iterator[int]:
    """Yield the indices of the first word of each line."""
    if starts:
        yield 0
    last, line = 0, text.find("\n")
    while line >= 0:
        i = bisect_right(starts, line)
        if i == len(starts):
            return
        if i > last and ends[i - 1] <= line:
            yield i
            last = i
        line = text.find("\n", starts[i])


def sentences(text: str, words: Words) -> Iterator[range]:
    """Split words into sentences; the end of a line always ends a sentence."""
    first = 0
    marks = [i for i, start in enumerate(words.starts[:-1], 1) if text[start] in MARKS]
    lines = [i for i, shape in enumerate(words.shapes) if shape >= LINE_START and i > 0]
    for i in sorted({*lines, *(i for i in marks if _ends(text, words, i))}):
        yield range(first, i)
        first = i
    if first < len(words):
        yield range(first, len(words))


def _ends(text: str, words: Words, i: int) -> bool:
    """Return whether a sentence ends before word i."""
    if words.starts[i] == words.ends[i - 1] or words.shapes[i] == LOWER:
        return False
    j = i - 1
    while j > 0 and text[words.starts[j]] in CLOSERS and words.starts[j] == words.ends[j - 1]:
        j -= 1
    mark = text[words.starts[j]]
    if mark not in ENDERS:
        return False
    if mark != "." or j == 0:
        return True
    before = text[words.starts[j - 1] : words.ends[j - 1]]
    return len(before) > 1 and before.lower() not in ABBREVIATIONS


def windows(sentence_lengths: Sequence[int], budget: int) -> Iterator[range]:
    """Pack consecutive sentences into windows of at most `budget` pieces.

    A sentence that is longer than the budget becomes a window of its own.
    """
    first, size = 0, 0
    for i, length in enumerate(sentence_lengths):
        if i > first and size + length > budget:
            yield range(first, i)
            first, size = i, 0
        size += length
    if first < len(sentence_lengths):
        yield range(first, len(sentence_lengths))
