"""Cuts texts of any length into windows, each of which is one input of the network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from dateline_enrich.entities.network.encoding import (
    DIGITS,
    LETTER,
    LINE_START,
    LOWER,
    MARK,
    TITLE,
    Encoder,
    Words,
    encode,
    sentences,
    windows,
)

__all__ = ["Window", "cut", "portions"]

PORTION = 20_000
"""Maximum characters that are encoded at once; bounds the memory for a text of megabytes."""

OVERLAP = 32
"""Pieces that consecutive windows of one long sentence share."""

SILENT = frozenset((MARK, LOWER, DIGITS))
"""Shapes of words that are not names."""

ORDINARY = frozenset(
    word
    for line in (
        "the a an this that these those some all many most few one another i we you he she it they my our your",
        "his her its their there here and but or so yet if as when while since because although though once in on",
        "at by for from to with of after before about during under what who why how where which however instead",
        "also now then still even not no such other both each every according despite through until first",
    )
    for word in line.split()
)
"""Words that are not names although they are capitalised at the start of a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Words of a text that are one input of the network."""

    text: int
    """Index of the text."""

    offset: int
    """Offset of the portion in the text."""

    words: Words
    """The words of the portion."""

    first: int
    stop: int
    """The words of the window, from `first` to before `stop`."""

    own_first: int
    own_stop: int
    """The words whose names count; where windows overlap, the rest has more context in another window."""

    size: int
    """Number of pieces in the window."""


def portions(text: str, size: int = PORTION) -> Iterator[tuple[int, str]]:
    """Cut a text into portions, preferably at the end of a line, else of a sentence, else of a word.

    Yields:
        the offset and the text of each portion.
    """
    start = 0
    while len(text) - start > size:
        stop = start + size
        for mark in ("\n", ". ", " "):
            at = text.rfind(mark, start + size // 2, stop)
            if at >= 0:
                stop = at + len(mark)
                break
        yield start, text[start:stop]
        start = stop
    yield start, text[start:]


def cut(number: int, text: str, encoder: Encoder, budget: int) -> Iterator[Window]:
    """Cut a text into windows of whole sentences; a sentence that is too long becomes several overlapping windows.

    Windows without a capital letter, or a letter of a script without capitals, contain no names and are left out. So
    are sentences in which only an ordinary first word is capitalised: "The talks will go on." Other sentences without
    capitals are kept, since some people do not use capitals.

    Args:
        number: the index of the text, stored in the windows.
        text: any text.
        encoder: cuts words into pieces.
        budget: maximum pieces in a window, exceeded only by a single longer word.
    """
    for offset, portion in portions(text):
        words = encode(portion, encoder)
        parts = [part for part in sentences(portion, words) if not _is_silent(portion, words, part)]
        if not parts:
            continue
        words = words.only(parts)
        stops = list(accumulate(map(len, parts)))
        sizes = [words.size(stop - len(part), stop) for stop, part in zip(stops, parts, strict=True)]
        for group in windows(sizes, budget):
            whole = range(stops[group.start] - len(parts[group.start]), stops[group.stop - 1])
            if all(words.shapes[i] % LINE_START in SILENT for i in whole):
                continue
            size = words.size(whole.start, whole.stop)
            if size <= budget:
                yield Window(
                    text=number,
                    offset=offset,
                    words=words,
                    first=whole.start,
                    stop=whole.stop,
                    own_first=whole.start,
                    own_stop=whole.stop,
                    size=size,
                )
            else:
                yield from _overlapping(number, offset, words, whole, budget)


def _is_silent(text: str, words: Words, sentence: range) -> bool:
    """Return whether only an ordinary first word of a sentence is capitalised."""
    loud = [i for i in sentence if words.shapes[i] % LINE_START not in SILENT]
    if len(loud) != 1 or words.shapes[loud[0]] % LINE_START not in (TITLE, LETTER):
        return False
    if any(words.shapes[i] % LINE_START != MARK for i in range(sentence.start, loud[0])):
        return False
    end = words.ends[loud[0]]
    # Words with digits may have capitals too: G20.
    behind = text[end : words.ends[sentence.stop - 1]]
    return text[words.starts[loud[0]] : end].lower() in ORDINARY and behind == behind.lower()


def _overlapping(number: int, offset: int, words: Words, whole: range, budget: int) -> Iterator[Window]:
    first = own_first = whole.start
    while True:
        stop = first + 1
        while stop < whole.stop and words.size(first, stop + 1) <= budget:
            stop += 1
        following = stop
        while following > first + 1 and words.size(following - 1, stop) <= OVERLAP:
            following -= 1
        own_stop = stop if stop == whole.stop else (following + stop) // 2
        yield Window(
            text=number,
            offset=offset,
            words=words,
            first=first,
            stop=stop,
            own_first=own_first,
            own_stop=own_stop,
            size=words.size(first, stop),
        )
        if stop == whole.stop:
            return
        first, own_first = following, own_stop
