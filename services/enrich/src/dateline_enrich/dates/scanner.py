"""Finds the expressions of a text in one pass: rules are tried only where an expression can begin."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import TypeAlias

from dateline_enrich.dates.matching.match import Match, groups_of
from dateline_enrich.dates.matching.pattern import OTHER, Vocabulary
from dateline_enrich.dates.matching.scan import Scan
from dateline_enrich.dates.rule import Rule

__all__ = ["Expression", "Scanner"]

TOKEN = re.compile(r"[A-Za-z]+[^\W\d_]*|\s+|[^\W\d_]+|[0-9]+|.", re.DOTALL)
"""A word, white space, a number, or one other character; what is frequent and cheap to test comes first."""

SOFT_BREAK = re.compile(r"\n(?<=[^\n]{40}[\w,]\n)(?=[a-z0-9])")
"""A line break inside a sentence of wrapped text; every other line break ends a paragraph."""

SOLID = frozenset("$£€#@_%°¥&+=/\\")
"""Signs that belong to the word or number beside them: "$1999", "@may", "1999%"."""


@dataclass(slots=True)
class Expression:
    """An expression in a text: the rule that found it, its tokens, and its half-open code points."""

    rule: Rule
    match: Match
    start: int
    end: int


class _Entry:
    """A rule whose pattern is compiled when a text first needs it."""

    __slots__ = ("_vocabulary", "groups", "match", "rule")

    def __init__(self, vocabulary: Vocabulary, rule: Rule) -> None:
        self.rule = rule
        self._vocabulary = vocabulary
        self.match: Callable[[str, int], re.Match[str] | None] = self._compile
        self.groups: Mapping[str, tuple[int, ...]] = {}

    def _compile(self, classes: str, at: int) -> re.Match[str] | None:
        pattern = self._vocabulary.compile(self.rule.pattern)
        self.match, self.groups = pattern.match, groups_of(pattern)
        return self.match(classes, at)


_Entries: TypeAlias = "tuple[_Entry, ...]"


class Scanner:
    """The rules of a language, indexed by the first two words that their expressions can begin with.

    Args:
        vocabulary: the word classes of the patterns of these rules.
        rules: the rules; of two matches of the same length, the earlier rule wins.
    """

    def __init__(self, vocabulary: Vocabulary, rules: tuple[Rule, ...]) -> None:
        self._codes = vocabulary.codes
        compiled = [_Entry(vocabulary, rule) for rule in rules]
        singles: dict[str, set[int]] = defaultdict(set)
        pairs: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for order, rule in enumerate(rules):
            for head in vocabulary.heads(rule.pattern):
                for first in head[0]:
                    if len(head) == 1:
                        singles[first].add(order)
                    else:
                        for second in head[1]:
                            pairs[first][second].add(order)
        shared: dict[frozenset[int], _Entries] = {}

        def entries(orders: set[int]) -> _Entries:
            key = frozenset(orders)
            if key not in shared:
                shared[key] = tuple(compiled[order] for order in sorted(key))
            return shared[key]

        self._by_pair = {
            first + second: entries(orders | singles[first])
            for first, follows in pairs.items()
            for second, orders in follows.items()
        }
        self._alone = {first: entries(orders) for first, orders in singles.items()}
        self._hyphen = vocabulary.characters("-")
        gap = self._hyphen + vocabulary.characters("SPACE")
        self._candidate = re.compile(f"([{''.join(sorted({*pairs, *singles}))}])(?=[{gap}]?(.?))", re.DOTALL)

    def scan(self, text: str) -> Scan:
        """Cut a text into tokens and look up their classes."""
        if "\n" in text:
            text = SOFT_BREAK.sub(" ", text)
        tokens = TOKEN.findall(text)
        return Scan(text, tokens, "".join(map(self._codes.get, tokens, repeat(OTHER))))

    def find(self, scan: Scan) -> Iterator[Expression]:
        """Yield the expressions of a text, leftmost and longest first, without overlaps."""
        classes = scan.classes
        by_pair, alone, hyphen = self._by_pair, self._alone, self._hyphen
        done = 0
        for candidate in self._candidate.finditer(classes):
            at = candidate.start()
            if at < done:
                continue
            first, second = candidate.groups()
            rules = by_pair.get(first + second) or alone.get(first, ())
            if classes[at + 1 : at + 2] == hyphen:
                rules = (*rules, *by_pair.get(first + hyphen, ()))
            if rules and (found := self._longest(scan, at, rules)):
                yield from found
                done = found[-1].match.classes.end()

    def _longest(self, scan: Scan, at: int, rules: _Entries) -> list[Expression]:
        matches = [
            (-match.end(), order, match, entry)
            for order, entry in enumerate(rules)
            if (match := entry.match(scan.classes, at))
        ]
        if len(matches) > 1:
            matches.sort(key=lambda entry: entry[:2])
        for _, _, match, entry in matches:
            if not _stands_alone(scan.tokens, match.start(), match.end()):
                continue
            rule, whole = entry.rule, Match(scan, match, entry.groups)
            if rule.accept is None or rule.accept(whole):
                written = [part for part in rule.parts if match.start(part) >= 0]
                parts = [Match(scan, match, entry.groups, part) for part in written] or [whole]
                return [Expression(rule, part, scan.starts[part.start], scan.starts[part.end]) for part in parts]
        return []


def _stands_alone(tokens: list[str], start: int, end: int) -> bool:
    if start:
        before = tokens[start - 1]
        if before[-1].isalnum() or before in SOLID:
            return False
        if before in ".,:'’" and start > 1 and tokens[start][0].isdigit() and tokens[start - 2][-1].isdigit():
            return False
    if end < len(tokens):
        after = tokens[end]
        if after[0].isalnum() or after in SOLID:
            return False
        if after in ".,:" and end + 1 < len(tokens) and tokens[end - 1][-1].isdigit() and tokens[end + 1][0].isdigit():
            return False
    return True
