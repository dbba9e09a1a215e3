"""Tells by the words around a name whether it means a place: datelines, and the ways in which countries are named."""

from __future__ import annotations

from dateline_enrich.entities.text.lexicon import Lexicon
from dateline_enrich.entities.text.passage import Passage
from dateline_enrich.entities.text.vocabulary import MOVING, STATE_PARTS, STATE_WORDS

__all__ = ["is_dateline", "is_nation"]

DATELINE = 9
"""Maximum number of words and marks between the place and the dash of a dateline."""

LONGEST_WAY = 5
"""How many words before a place are looked at for a verb of motion."""


def is_dateline(passage: Passage, begin: int, end: int) -> bool:
    """Return whether a name is the place of a dateline: KUTAISI —, NANJING, July 18 (Xinhua) --."""
    tokens = passage.tokens
    if (begin and tokens[begin].spaced) or not tokens[begin].text.isupper():
        return False
    for at in range(end, min(end + DATELINE, len(tokens))):
        if not tokens[at].spaced and tokens[at].word:
            return False
        if tokens[at].text in ("—", "–", "-"):
            return True
    return False


def is_nation(passage: Passage, begin: int, end: int, lexicon: Lexicon) -> bool:
    """Return whether the words around a name are used around countries: flew to Israel, Chad's capital."""
    return _is_bound_for(passage, begin, lexicon) or _has_state(passage, end)


def _is_bound_for(passage: Passage, begin: int, lexicon: Lexicon) -> bool:
    """Return whether the words before a name introduce a place: flew to Israel, north of Jordan."""
    before = passage.keys(begin - LONGEST_WAY, begin)
    if not before or before[-1] not in ("of", "to", "from", "into"):
        return False
    if before[-1] == "of":
        return len(before) > 1 and (before[-2] in lexicon.place_nouns or before[-2] in STATE_WORDS)
    return not MOVING.isdisjoint(before)


def _has_state(passage: Passage, end: int) -> bool:
    """Return whether what belongs to a name belongs to states: Chad's capital."""
    return passage.tokens[end - 1].closed and not STATE_PARTS.isdisjoint(passage.keys(end, end + 1))
