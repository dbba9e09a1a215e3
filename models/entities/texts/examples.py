"""Cuts texts into sentences of words, and computes the allowed tags of each word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dateline_enrich.entities.network.encoding import LINE_START, MIXED, TITLE, UPPER, Encoder, encode, sentences

from models.entities.texts.corpus import Text
from models.entities.texts.labels import CLASSES, OUTSIDE, begin, inside

__all__ = ["LabelledSpan", "Sentence", "examples"]

INSIDE = inside(CLASSES)
"""The mask of all tags inside names."""

CAPITALISED = (TITLE, UPPER, MIXED)
"""Shapes of words with capitals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSpan:
    """A name with a certain class, by the indices of its first and last word in the sentence."""

    first: int
    last: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Words as pieces and shapes, and a mask of allowed tags for each."""

    pieces: tuple[tuple[int, ...], ...]
    shapes: tuple[int, ...]
    tags: tuple[int, ...]
    mentions: tuple[LabelledSpan, ...]

    @property
    def size(self) -> int:
        """Number of pieces."""
        return sum(map(len, self.pieces))


def examples(text: Text, encoder: Encoder, *, longest: int = 160, gum_open: bool = True) -> list[Sentence]:
    """Cut a text into sentences; a sentence of more than `longest` pieces is cut outside of names.

    GUM, and texts labelled by a tagger, mark only some names of the class MISC. With `gum_open`, it stays open whether
    their unmarked capitalised words are of this class.
    """
    words = encode(text.text, encoder)
    tags = [OUTSIDE] * len(words)
    if gum_open and text.source.startswith(("gum", "unmarked")):
        tags = [
            OUTSIDE | begin(["MISC"]) | inside(["MISC"]) if s % LINE_START in CAPITALISED else OUTSIDE
            for s in words.shapes
        ]
    found: list[LabelledSpan] = []
    word = 0
    for name in text.names:
        while word < len(words) and words.ends[word] <= name.start:
            word += 1
        first = word
        while word < len(words) and words.starts[word] < name.end:
            word += 1
        if first == word:
            continue
        tags[first] = begin(name.labels)
        for i in range(first + 1, word):
            tags[i] = inside(name.labels)
        if len(name.labels) == 1:
            found.append(LabelledSpan(first=first, last=word - 1, label=next(iter(name.labels))))
    whole = _mended(sentences(text.text, words), tags)
    cuts = [r for s in whole for r in _short(s, words.pieces, tags, longest)]
    result = []
    k = 0
    for cut in cuts:
        mentions = []
        while k < len(found) and found[k].first < cut.stop:
            if found[k].first >= cut.start and found[k].last < cut.stop:
                mentions.append(
                    LabelledSpan(first=found[k].first - cut.start, last=found[k].last - cut.start, label=found[k].label)
                )
            k += 1
        result.append(
            Sentence(
                pieces=tuple(words.pieces[cut.start : cut.stop]),
                shapes=tuple(words.shapes[cut.start : cut.stop]),
                tags=tuple(tags[cut.start : cut.stop]),
                mentions=tuple(mentions),
            )
        )
    return result


def _mended(cuts: Iterable[range], tags: Sequence[int]) -> Iterator[range]:
    """Join sentences that were cut inside a name, because no chain can begin there."""
    before: range | None = None
    for cut in cuts:
        if before is not None and not tags[cut.start] & ~INSIDE:
            before = range(before.start, cut.stop)
            continue
        if before is not None:
            yield before
        before = cut
    if before is not None:
        yield before


def _short(sentence: range, pieces: Sequence[tuple[int, ...]], tags: Sequence[int], longest: int) -> Iterator[range]:
    first, size = sentence.start, 0
    for i in sentence:
        size += len(pieces[i])
        if size > longest and i > first and tags[i] & OUTSIDE:
            yield range(first, i)
            first, size = i, len(pieces[i])
    yield range(first, sentence.stop)
