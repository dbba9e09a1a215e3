"""Words and punctuation of a text with their places, in one pass of linear time."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dateline_enrich.entities.lexicon import fold

__all__ = ["Token", "tokenize"]

_WORD = r"[^\W_](?:[^\W_]|[\u0300-\u036f])*"

_TOKEN = re.compile(
    rf"""
    (?P<skip>(?:https?://|www\.)\S+|[@\#]\w+)
    |(?P<word>
        (?:[^\W\d_]\.){{2,}}                                    # U.S.
        |{_WORD}(?:(?:['’ʼʻ&‐‑-]|\.(?=[a-z\d])){_WORD})*
    )
    |(?P<line>[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+)
    |(?P<mark>[^\w\s])
    """,
    re.VERBOSE,
)
"""No two branches can take the same text in two ways, so that there is nothing to go back over."""

_OPENERS = frozenset(".!?:;…“\"‘«„([{—–-*•·|>")
"""Marks after which a sentence, a quotation or an item may begin."""

_TAILS = frozenset(
    "administered affiliated aligned area backed based born bound brokered built centered centred centric controlled "
    "dominated educated era friendly funded held inspired installed leaning led like linked listed made majority "
    "mandated minded native occupied only operated owned related ruled run led sponsored speaking style supported "
    "trained type wide".split()
)
"""Ends of compounds such as "Beijing-based", that are no part of the name."""


@dataclass(slots=True)
class Token:
    """A word or a mark; offsets are code points of the text."""

    start: int
    end: int
    """After the word's own letters: without a possessive ending, without "-based"."""

    text: str
    """The slice from start to end."""

    key: str
    """The text folded, without a final period; the mark itself for marks."""

    word: bool
    capital: bool
    spaced: bool
    """Only blanks lie between the token before and this one, on the same line."""

    opens: bool
    """A sentence, a line or a quotation may begin here."""

    closed: bool = False
    """The word ends a name: a possessive or a compound's tail follows."""


def tokenize(text: str) -> list[Token]:
    """Cut a text into words and marks; addresses and handles are left out, and nothing joins across them."""
    tokens: list[Token] = []
    spaced = False
    opens = True
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        start, end = match.span()
        if kind == "word":
            tokens.append(_word(start, end, match.group(), spaced=spaced, opens=opens))
            spaced, opens = True, False
        elif kind == "mark":
            mark = match.group()
            tokens.append(Token(start, end, mark, mark, False, False, spaced, opens))
            spaced = True
            opens = mark in _OPENERS or (opens and mark in "'’")
        else:
            spaced, opens = False, opens or kind == "line"
    return tokens


def _word(start: int, end: int, text: str, *, spaced: bool, opens: bool) -> Token:
    first = text[0]
    capital = first.isupper() or first.istitle() or (text[:3] in ("al-", "el-", "ul-") and text[3:4].isupper())
    closed = False
    if text[-2:] in ("'s", "’s", "ʼs", "'S", "’S") and len(text) > 2:
        text, closed = text[:-2], True
    elif capital and "-" in text:
        stem, _, tail = text.rpartition("-")
        if tail in _TAILS:
            text, closed = stem, True
    key = fold(text)
    return Token(start, start + len(text), text, key.rstrip(".") or key, True, capital, spaced, opens, closed)
