"""Tells where English sentences begin and end."""

from __future__ import annotations

from dateline_enrich.dates.english.tense import is_end
from dateline_enrich.dates.matching.scan import Scan
from dateline_enrich.dates.words import words

__all__ = ["Sentences"]

REACH = 80
"""At most this many tokens, white space included, are read between two expressions."""

OPENERS = words("in on during at by")
"""Prepositions that place a whole sentence at a date: "In 1944 he landed in France"."""


QUOTES = frozenset('"“”')
"""Signs between the words of two speakers."""

PROMISES = words("will ll")
"""Words of a promise; a story of another time says "would"."""

PROMISE_REACH = 20
"""At most this many tokens, white space included, are between the promise and the date."""


class Sentences:
    """Reads the sentences of English texts."""

    def opens(self, scan: Scan, start: int) -> bool:
        """Return whether a date at a token opens its sentence, after a preposition and an article at most."""
        tokens = scan.tokens
        at, lead = start - 1, ""
        for _ in range(3):
            while at >= 0 and tokens[at] == " ":
                at -= 1
            if at < 0 or is_end(tokens, at) or tokens[at] in QUOTES:
                return lead in OPENERS
            if lead in OPENERS:
                return lead == "in" and tokens[at] == "Back"
            lead = tokens[at].lower()
            if lead not in OPENERS and lead != "the":
                return False
            at -= 1
        return False

    def same(self, scan: Scan, start: int, end: int) -> bool:
        """Return whether no sentence ends between two tokens."""
        if end - start > REACH:
            return False
        return not any(is_end(scan.tokens, at) for at in range(start, end))

    def promises(self, scan: Scan, start: int) -> bool:
        """Return whether "will" stands before a token in the same sentence."""
        for at in range(start - 1, max(start - PROMISE_REACH, -1), -1):
            if is_end(scan.tokens, at) or scan.tokens[at] in QUOTES:
                return False
            if scan.tokens[at].lower() in PROMISES:
                return True
        return False
