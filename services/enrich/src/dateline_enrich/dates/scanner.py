"""Finds the expressions of a text: one cheap pass over its tokens, rules only where one can begin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, repeat

from dateline_enrich.dates.pattern import OTHER, Vocabulary
from dateline_enrich.dates.rule import Match, Rule

__all__ = ["Found", "Scan", "Scanner"]

_TOKEN = re.compile(r"[^\W\d_]+|[0-9]+|\s+|.", re.DOTALL)

_SOFT_BREAK = re.compile(r"(?<=[^\n]{40}[\w,])\n(?=[a-z0-9])")
"""A line break inside a sentence of wrapped text; every other one ends a paragraph."""

_SOLID = frozenset("$£€#@_%°¥&+=/\\")
"""Signs that make one thing of what stands beside them: "$1999", "@may", "1999%"."""

REACH = 7
"""How many tokens an opener ("the", "about") may lie before the word that makes it a date."""


@dataclass
class Scan:
    """A text and its tokens."""

    text: str
    tokens: list[str]
    classes: str

    @cached_property
    def starts(self) -> list[int]:
        """The first code point of each token, and the length of the text."""
        return [0, *accumulate(map(len, self.tokens))]


@dataclass(slots=True)
class Found:
    """A rule's match in a text."""

    rule: Rule
    match: Match
    start: int
    end: int


class Scanner:
    """The rules of a language, compiled.

    Args:
        vocabulary: Made from the same rules.
        rules: In the order that decides between matches of the same length.
        openers: Words too frequent to try rules at, unless a nucleus follows soon.
        nuclei: Symbols of words, one of which is in every expression.
    """

    def __init__(self, vocabulary: Vocabulary, rules: tuple[Rule, ...], openers: str, nuclei: tuple[str, ...]) -> None:
        self._codes = vocabulary.codes
        table: dict[str, list[tuple[re.Pattern[str], Rule]]] = {}
        for rule in rules:
            compiled = vocabulary.compile(rule.pattern)
            for character in sorted(vocabulary.first(rule.pattern)):
                table.setdefault(character, []).append((compiled, rule))
        self._table = table
        nucleus = "".join(map(vocabulary.characters, nuclei))
        shy = "".join(vocabulary.characters(word) for word in openers.split())
        eager = "".join(sorted(set(table) - set(shy)))
        self._candidate = re.compile(
            f"[{eager}]" + (f"|[{shy}](?=.{{1,{REACH}}}?[{nucleus}])" if shy else ""), re.DOTALL
        )

    def scan(self, text: str) -> Scan:
        """Cuts a text into tokens and classes."""
        if "\n" in text:
            text = _SOFT_BREAK.sub(" ", text)
        tokens = _TOKEN.findall(text)
        return Scan(text, tokens, "".join(map(self._codes.get, tokens, repeat(OTHER))))

    def find(self, scan: Scan) -> Iterator[Found]:
        """The expressions of a text, leftmost and longest, none overlapping."""
        classes, table = scan.classes, self._table
        at, end = 0, len(classes)
        search = self._candidate.search
        while at < end:
            candidate = search(classes, at)
            if candidate is None:
                return
            at = candidate.start()
            found = self._longest(scan, at, table.get(classes[at], ()))
            if found:
                yield from found
                at = found[-1].match.found.end()
            else:
                at += 1

    def _longest(self, scan: Scan, at: int, rules: Sequence[tuple[re.Pattern[str], Rule]]) -> list[Found]:
        matches = [
            (-match.end(), order, match, rule)
            for order, (compiled, rule) in enumerate(rules)
            if (match := compiled.match(scan.classes, at))
        ]
        if len(matches) > 1:
            matches.sort(key=lambda entry: entry[:2])
        for _, _, match, rule in matches:
            if _stands_alone(scan.tokens, match.start(), match.end()):
                if rule.accept is None or rule.accept(Match(scan, match)):
                    parts = (Match(scan, match, part) for part in rule.parts or ("",))
                    return [Found(rule, part, scan.starts[part.start], scan.starts[part.end]) for part in parts]
        return []


def _stands_alone(tokens: list[str], start: int, end: int) -> bool:
    if start:
        before = tokens[start - 1]
        if before[-1].isalnum() or before in _SOLID:
            return False
        if before in ".,:'’" and start > 1 and tokens[start][0].isdigit() and tokens[start - 2][-1].isdigit():
            return False
    if end < len(tokens):
        after = tokens[end]
        if after[0].isalnum() or after in _SOLID:
            return False
        if after in ".,:" and end + 1 < len(tokens) and tokens[end - 1][-1].isdigit() and tokens[end + 1][0].isdigit():
            return False
    return True
