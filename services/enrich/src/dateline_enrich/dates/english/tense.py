"""Whether an English clause speaks of the past or of the future."""

from __future__ import annotations

from dateline_enrich.dates.scanner import Scan

__all__ = ["tense"]

REACH = 36
"""Tokens, white space included, that are looked at on each side of an expression."""

FUTURE = frozenset(
    "will ll shall would could may might must should can won cannot scheduled expected expects expect due plans plan "
    "planned planning slated set intends intend hopes hope aims upcoming begins starts opens takes meets faces "
    "supposed poised likely proposed wants going effective".split()
)
"""Words that announce something."""

PAST = frozenset(
    "was were had did said told has have been went came took made gave got saw won lost left met held began fell "
    "rose led ran wrote kept found brought spoke stood sent built became thought felt sold paid put shot drew rode "
    "broke drove ate grew threw flew chose struck caught fought bought taught sought swept shook quit spent bore "
    "sank sang swore wore sat hit cut let hurt lay arose withdrew overcame ended ago since slipped dipped".split()
)
"""Past forms that do not end in -ed."""

_STOPS = frozenset(".!?;\n")
_NO_VERB = frozenset("red need speed feed seed indeed united bed wed fed shed led hundred".split()) - {"led"}


def _mark(word: str) -> str:
    if word in FUTURE:
        return "future"
    if word in PAST or (word.endswith("ed") and len(word) > 3 and word not in _NO_VERB):
        return "past"
    return ""


def tense(scan: Scan, start: int, end: int) -> str:
    """`past`, `future` or nothing for the clause around the tokens from start to end.

    The nearest sign on the left decides, then the nearest on the right; "to" before a word counts as the
    future ("to meet on Friday") unless a past form follows at once.
    """
    tokens = scan.tokens
    for at in range(start - 1, max(start - REACH, -1), -1):
        word = tokens[at]
        if word in _STOPS and (word != "." or at + 1 < len(tokens) and tokens[at + 1][0].isspace()):
            break
        if "\n" in word:
            break
        if (found := _mark(word.lower())) :
            return _announced(tokens, at, found)
        if word == "to" and at + 2 < start and tokens[at + 2].isalpha() and tokens[at + 2].islower():
            return "future"
    for at in range(end, min(end + REACH, len(tokens))):
        word = tokens[at]
        if word in _STOPS or "\n" in word:
            break
        if (found := _mark(word.lower())) :
            return found
    return ""


def _announced(tokens: list[str], at: int, found: str) -> str:
    """A participle after "will be" or "is to be" is of the future: "will be held", "to be published"."""
    if found == "past":
        for back in range(at - 2, max(at - 9, -1), -2):
            before = tokens[back].lower()
            if before in ("will", "would", "ll", "shall", "to"):
                return "future"
            if before not in ("be", "been", "not", "also", "have", "likely", "now", "then"):
                break
    return found
