"""The tokens that a pattern matched, and the words around them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from dateline_enrich.dates.matching.scan import Scan

__all__ = ["Match", "groups_of"]


def groups_of(pattern: re.Pattern[str]) -> dict[str, tuple[int, ...]]:
    """Return the numbers of the groups of each element's name; a name that occurs again is written `name_2`."""
    groups: dict[str, tuple[int, ...]] = defaultdict(tuple)
    for name, number in sorted(pattern.groupindex.items(), key=lambda item: item[1]):
        groups[name.partition("_")[0]] += (number,)
    return dict(groups)


@dataclass(slots=True)
class Match:
    """The tokens that a pattern matched.

    Attributes:
        scan: the tokens of the whole text.
        classes: the match of the pattern's regular expression in `scan.classes`.
        groups: the groups of the regular expression that hold each named element, see `groups_of`.
        part: name of the element that is the match; empty for the whole pattern.
    """

    scan: Scan
    classes: re.Match[str]
    groups: Mapping[str, tuple[int, ...]]
    part: str = ""

    @property
    def start(self) -> int:
        """Index of the first token."""
        return self.classes.start(self.part or 0)

    @property
    def end(self) -> int:
        """Index after the last token."""
        return self.classes.end(self.part or 0)

    def _span(self, name: str) -> tuple[int, int]:
        for group in self.groups.get(name, ()):
            span = self.classes.span(group)
            if span[0] >= 0:
                return span
        return -1, -1

    def has(self, name: str) -> bool:
        """Return whether a named element is present."""
        return self._span(name)[0] >= 0

    def tokens(self, name: str) -> list[str]:
        """The tokens of a named element, empty if it is absent."""
        first, last = self._span(name)
        return self.scan.tokens[first:last] if first >= 0 else []

    def word(self, name: str) -> str:
        """A named element in lower case, empty if it is absent."""
        return "".join(self.tokens(name)).lower()

    def token(self, offset: int) -> str:
        """The token at an offset from the match: -1 is the one before it, 0 the first one after it."""
        at = self.start + offset if offset < 0 else self.end + offset
        return self.scan.tokens[at] if 0 <= at < len(self.scan.tokens) else ""

    def nearby(self, before: int, after: int) -> set[str]:
        """The lower-cased words of the same line within a distance of the match.

        Args:
            before: at most this many tokens before the match.
            after: at most this many tokens after the match.
        """
        tokens = self.scan.tokens
        words = set()
        for side in (tokens[max(self.start - before, 0) : self.start][::-1], tokens[self.end : self.end + after]):
            for token in side:
                if "\n" in token:
                    break
                words.add(token.lower())
        return words

    @property
    def ends_clause(self) -> bool:
        """Whether a sign or the end of the text follows the match."""
        return not self.after[:1].isalnum()

    @property
    def before(self) -> str:
        """The lower-cased word before the match on the same line, empty if a sign stands between."""
        return self.token(-2).lower() if self.token(-1) in (" ", "-", "\xa0") else ""

    @property
    def after(self) -> str:
        """The lower-cased word after the match on the same line, empty if a sign stands between."""
        return self.token(1).lower() if self.token(0) in (" ", "-", "\xa0") else ""
