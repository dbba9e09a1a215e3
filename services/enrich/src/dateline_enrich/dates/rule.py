"""A rule: a pattern, what its match means, and the examples that made it necessary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dateline_enrich.dates.reckoning import Point

if TYPE_CHECKING:
    import re

    from dateline_enrich.dates.context import Context
    from dateline_enrich.dates.scanner import Scan

__all__ = ["Match", "Reading", "Rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an expression means in its context.

    Attributes:
        type: `DATE`, `TIME`, `DURATION` or `SET`.
        value: The TIMEX3 value.
        mod: The TIMEX3 modifier.
        point: The calendar unit, by which later expressions such as "the next day" count.
        alternatives: Other values that it may have.
        confidence: How sure the reading is, from 0 to 1.
        zone: Offset of a time of day as the interval shows it, such as `-05:00`.
    """

    type: str
    value: str
    mod: str | None = None
    point: Point | None = None
    alternatives: tuple[str, ...] = ()
    confidence: float = 1.0
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The tokens that a rule matched."""

    scan: Scan
    found: re.Match[str]
    part: str = ""

    @property
    def start(self) -> int:
        """Index of the first token."""
        return self.found.start(self.part or 0)

    @property
    def end(self) -> int:
        """Index after the last token."""
        return self.found.end(self.part or 0)

    def _span(self, name: str) -> tuple[int, int]:
        known = self.found.re.groupindex
        numbered, count = name, 1
        while numbered in known:
            span = self.found.span(numbered)
            if span[0] >= 0:
                return span
            count += 1
            numbered = f"{name}_{count}"
        return -1, -1

    def has(self, name: str) -> bool:
        """Whether a named element is present."""
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
        """The words of the same line at most so many tokens before and after the match, in lower case."""
        tokens = self.scan.tokens
        found = set()
        for part in (tokens[max(self.start - before, 0) : self.start][::-1], tokens[self.end : self.end + after]):
            for token in part:
                if "\n" in token:
                    break
                found.add(token.lower())
        return found

    @property
    def before(self) -> str:
        """The word before the match on the same line in lower case, empty if a sign is there."""
        return self.token(-2).lower() if self.token(-1) in (" ", "-", "\xa0") else ""

    @property
    def after(self) -> str:
        """The word after the match on the same line in lower case, empty if a sign is there."""
        return self.token(1).lower() if self.token(0) in (" ", "-", "\xa0") else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one kind of expression is found and read.

    Attributes:
        name: Says what it finds.
        pattern: In the notation of `pattern`.
        read: Gives the meaning in context; None where the tokens have none (the 31st of February).
        parts: Named elements that are expressions of their own; without them the whole match is one.
        accept: Rejects what only looks like one; sees the text, never the publication date.
        examples: Pairs of a sentence with the expression in square brackets, and its value as seen
            from Thursday, 2024-06-27. `None` for the value: the bracketed text must not be found.
    """

    name: str
    pattern: str
    read: Callable[[Match, Context], Reading | None]
    parts: tuple[str, ...] = ()
    accept: Callable[[Match], bool] | None = None
    examples: tuple[tuple[str, str | None], ...] = ()
