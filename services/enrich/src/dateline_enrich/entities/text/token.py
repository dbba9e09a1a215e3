"""Cuts a text into words and punctuation in linear time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from dateline_enrich.entities.text.lexicon import Lexicon, fold
from dateline_enrich.entities.text.vocabulary import COMPOUND_TAILS

__all__ = ["Token", "tokenize"]

WORD = r"[^\W_][\w\u0300-\u036f]*"

TOKEN = re.compile(
    rf"""
    (?P<skip>(?:https?://|www\.)\S+|[@\#]\w+|[\w.+-]{{1,64}}@[\w.-]+)
    |(?P<word>
        (?:[^\W\d_]\.){{2,}}                                    # U.S.
        |{WORD}(?:(?:['’ʼʻ&‐‑-]|\.(?=[a-z\d])){WORD})*
    )
    |(?P<line>[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+)
    |(?P<mark>[^\w\s])
    """,
    re.VERBOSE,
)
"""No two branches match the same text in different ways, so there is no backtracking."""

OPENERS = frozenset('.!?:;…“"‘«„([{—–-*•·|>')
"""Marks after which a sentence, a quotation or an item may begin."""


@dataclass(slots=True)
class Token:
    """A word or a punctuation mark; offsets are code points of the text."""

    start: int
    end: int
    """The end of the word itself, without a possessive ending and without "-based"."""

    text: str
    """The text from start to end."""

    key: str
    """The folded text without a final period; for a mark, the mark itself."""

    word: bool
    capital: bool
    spaced: bool
    """Whether the previous token is on the same line, with only blanks between."""

    opens: bool
    """Whether a sentence, a line or a quotation may begin here."""

    closed: bool = False
    """Whether a name must end here, because a possessive or the tail of a compound follows."""


def tokenize(text: str, lexicon: Lexicon) -> list[Token]:
    """Cut a text into words and marks.

    Addresses and handles are left out, and the tokens around them do not count as adjacent. A compound of two countries
    or peoples, such as "Russia-Ukraine", becomes two words.
    """
    tokens: list[Token] = []
    spaced = False
    opens = True
    for match in TOKEN.finditer(text):
        kind = match.lastgroup
        start = match.start()
        if kind == "word":
            word, key, capital, closed = _analysed(match.group())
            if capital and "-" in word and (stem := _pair(word, lexicon)):
                middle = start + len(stem)
                tokens.append(Token(start, middle, stem, fold(stem), True, True, spaced, opens, True))
                start, word = middle + 1, word[len(stem) + 1 :]
                key, spaced, opens = fold(word), True, False
            tokens.append(Token(start, start + len(word), word, key, True, capital, spaced, opens, closed))
            spaced, opens = True, False
        elif kind == "mark":
            mark = match.group()
            tokens.append(Token(start, start + 1, mark, mark, False, False, spaced, opens))
            spaced = True
            opens = mark in OPENERS or (opens and mark in "'’")
        else:
            spaced, opens = False, opens or kind == "line"
    return tokens


@lru_cache(maxsize=1 << 15)
def _analysed(text: str) -> tuple[str, str, bool, bool]:
    """Return the word itself, its key, whether it is capitalised, and whether a name must end after it."""
    first = text[0]
    capital = first.isupper() or first.istitle() or (text[:3] in ("al-", "el-", "ul-") and text[3:4].isupper())
    closed = False
    if text[-2:] in ("'s", "’s", "ʼs", "'S", "’S") and len(text) > 2:
        text, closed = text[:-2], True
    elif capital and "-" in text:
        stem, _, tail = text.rpartition("-")
        if tail in COMPOUND_TAILS:
            text, closed = stem, True
    key = fold(text)
    return text, key.rstrip(".") or key, capital, closed


def _pair(word: str, lexicon: Lexicon) -> str:
    """Return the first half of a compound of two countries or peoples, or an empty string."""
    stem, _, tail = word.partition("-")
    both = all(key in lexicon.countries or key in lexicon.demonyms for key in (fold(stem), fold(tail)))
    return stem if both and tail[:1].isupper() else ""
