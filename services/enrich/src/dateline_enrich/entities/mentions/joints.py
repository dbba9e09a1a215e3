"""Cuts what joins several names: "X and Y", a place and the agency of its dateline."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from dateline_enrich.entities.gazetteer import Gazetteer
from dateline_enrich.entities.text.lexicon import Lexicon
from dateline_enrich.entities.text.passage import Passage

__all__ = ["is_agency", "names_in", "parts"]

ARTICLES = frozenset(("the", "a", "an"))
"""Articles, with which a second name begins."""

DASHES = frozenset("-–—")
"""Marks that, between blanks, part two names."""

LONGEST_DATELINE = 10
"""Maximum number of words and marks before the agency in a dateline."""

DATELINE_ENDS = frozenset("-–—.:")
"""Marks after the agency in a dateline."""


def parts(
    passage: Passage, begin: int, end: int, label: str, lexicon: Lexicon, places: Gazetteer
) -> list[tuple[int, int, str]]:
    """Return the names in a tagger's span, with their labels; usually the span itself.

    Args:
        passage: the text.
        begin: the first token of the span.
        end: the token after the span.
        label: the tagger's label.
        lexicon: the word lists.
        places: the known places.
    """
    tokens = passage.tokens
    slash = next((at for at in range(begin + 1, end - 1) if tokens[at].text == "/"), 0)
    if slash and end < len(tokens) and tokens[end].text == "/" and is_agency(passage, slash + 1, end):
        place = "LOC" if places.knows(" ".join(passage.keys(begin, slash))) else label
        return [(begin, slash, place), (slash + 1, end, "ORG")]
    cuts = [at for at in range(begin + 1, end - 1) if _joins(passage, begin, at, end, label, lexicon, places)]
    borders = [begin - 1, *cuts, end]
    return [(one + 1, other, label) for one, other in pairwise(borders)]


def _joins(passage: Passage, begin: int, at: int, end: int, label: str, lexicon: Lexicon, places: Gazetteer) -> bool:
    """Return whether a token in a tagger's span joins two names."""
    token = passage.tokens[at]
    if label == "PER":
        return token.key == "and" or (token.text in DASHES and _is_apart(passage, at))
    if token.key != "and" or places.knows(" ".join(passage.keys(begin, end))):
        return False
    left, right = (" ".join(passage.keys(*side)) for side in ((begin, at), (at + 1, end)))
    if label == "LOC":
        return places.knows(left) and places.knows(right)
    known = lexicon.organizations | lexicon.aliases.keys()
    return left in known or right in known


def _is_apart(passage: Passage, at: int) -> bool:
    token = passage.tokens[at]
    return passage.text[token.start - 1 : token.start].isspace() and passage.text[token.end : token.end + 1].isspace()


def is_agency(passage: Passage, begin: int, end: int) -> bool:
    """Return whether a name is the agency of a dateline: Hanoi (VNA) –, Ulaanbaatar /MONTSAME/."""
    tokens = passage.tokens
    if not begin or end >= len(tokens) or (tokens[begin - 1].text, tokens[end].text) not in (("/", "/"), ("(", ")")):
        return False
    if tokens[end].text == ")" and not (end + 1 < len(tokens) and tokens[end + 1].text in DATELINE_ENDS):
        return False
    first = begin - 1
    while first and tokens[first].spaced and begin - first <= LONGEST_DATELINE:
        first -= 1
    return first < begin - 1 and begin - first <= LONGEST_DATELINE and tokens[first].capital


def names_in(passage: Passage, begin: int, end: int, lexicon: Lexicon, places: Gazetteer) -> Iterator[tuple[int, int]]:
    """Yield the names in a run of capitalised words.

    "And the" joins two names: the Civic and the Corolla. Without an article, "and" does unless the words are ordinary,
    so the Clean Air and Water Act is one name.
    """
    tokens = passage.tokens
    if places.knows(" ".join(passage.keys(begin, end))):
        yield begin, end
        return
    start = begin
    for at in range(begin + 1, end - 1):
        if tokens[at].key != "and" or at < start:
            continue
        following = at + 1 + (tokens[at + 1].key in ARTICLES)
        if following > at + 1 or _are_names(passage.keys(start, at), passage.keys(following, end), lexicon):
            yield start, at
            start = following
    if start < end:
        yield start, end


def _are_names(left: list[str], right: list[str], lexicon: Lexicon) -> bool:
    """Return whether the words on both sides of "and" are names, and not parts of a name such as Air and Water Act.

    Such a name ends in an ordinary word: Act.
    """
    if not right:
        return False
    known = " ".join(left)
    if known in lexicon.things or known in lexicon.organizations:
        return any(_is_named(key, lexicon) for key in right) or len(right) > 1
    return _is_named(right[-1], lexicon) and any(_is_named(key, lexicon) for key in left)


def _is_named(key: str, lexicon: Lexicon) -> bool:
    """Return whether a word is a number or not ordinary."""
    return key.isdigit() or not (key in lexicon.words or key in lexicon.organization_heads)
