"""The form of a text in which its names can be read: without invisible characters, and with wrapped lines joined."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from dateline_enrich.entities.text.casing import Casing
from dateline_enrich.entities.text.lexicon import Lexicon
from dateline_enrich.entities.text.wrapping import unwrapped

__all__ = ["Readings", "TextReading"]

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Soft hyphens, joiners, direction marks and other characters that a reader does not see."""


class TextReading:
    """A text as its names are read.

    Attributes:
        text: the text to read.
        loud: where the lines begin and end that were in capitals.
    """

    def __init__(self, original: str) -> None:
        """Leave out what is not visible, and join wrapped lines.

        Args:
            original: the text of the article.
        """
        self._original = original
        self._left_out: Sequence[int] = ()
        """For each character left out, the offset in `text` that follows it."""

        text = original
        if INVISIBLE.search(original):
            self._left_out = [found.start() - number for number, found in enumerate(INVISIBLE.finditer(original))]
            text = INVISIBLE.sub("", original)
        self.text = unwrapped(text)
        self.loud: list[tuple[int, int]] = []

    def original(self, start: int, end: int) -> tuple[int, int, str]:
        """Return the offsets in the original text, and its slice, for a stretch of at least one character.

        Args:
            start: the first code point in `text`.
            end: the code point after the stretch in `text`.
        """
        start += bisect_right(self._left_out, start)
        end += bisect_right(self._left_out, end - 1)
        return start, end, self._original[start:end]


class Readings:
    """How title and body of an article are read: with lines in capitals as the article writes their words elsewhere.

    Attributes:
        title: the title.
        body: the body.
        casing: how the article writes its words.
    """

    def __init__(self, title: str, body: str, lexicon: Lexicon) -> None:
        """Read an article.

        Args:
            title: the title.
            body: the body.
            lexicon: the word lists of the language.
        """
        self.title, self.body = TextReading(title), TextReading(body)
        self.casing = Casing([self.title.text, self.body.text], lexicon)
        for reading in (self.title, self.body):
            reading.text, reading.loud = self.casing.recased(reading.text, title=reading is self.title)
