"""The notation of patterns, and its translation into regular expressions over word classes.

A text is cut into tokens, and each token is replaced by one character that stands for its class. A pattern is
therefore a regular expression over a string with one character per token. A pattern is a sequence of:

- `word`: this word in lower case, in upper case or capitalised; `\\(` and other signs: this sign;
- `NAME`: any word of a symbol, or the pattern of a macro;
- `(a | b)`: a or b;  `x?`: an optional x;  `x{0,3}`: at most three times x;
- `name=x`: x, which the rule's function can look up by this name; a name may occur more than once.

White space or a hyphen separates two elements. An element that begins with `~` follows without a gap, and one that
begins with `_` follows with or without a gap. The gap before an optional element is optional with it; in a group
without a name, each branch has its own gap.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["OTHER", "Vocabulary"]

OTHER = "\ue000"
"""The class of a token that no pattern mentions."""

SPACES = (" ", "  ", "   ", "    ", "\t", "\xa0", " \xa0", "\xa0 ", "\u202f", "\u2009")
"""White space within a paragraph."""

LEXEME = re.compile(r"\s+|(?P<name>[a-z]+)=|(?P<count>\{\d,\d\})|(?P<word>\\.|[A-Z][A-Z0-9]*|[a-z]+|[0-9]+|.)")
"""One sign of the notation."""

_Branches: TypeAlias = "tuple[tuple[_Element, ...], ...]"


@dataclass(frozen=True, slots=True)
class _Element:
    join: str  # gap, glued or loose
    name: str
    body: str | _Branches  # a word, or the branches of a group
    least: int
    most: int


class Vocabulary:
    """The word classes that a set of patterns distinguishes.

    Args:
        symbols: the words of each symbol; a word that starts with `=` matches in exactly this case.
        macros: patterns by name.
        patterns: all patterns that will be compiled; the words that they mention are added.
    """

    def __init__(
        self, symbols: Mapping[str, Iterable[str]], macros: Mapping[str, str], patterns: Iterable[str]
    ) -> None:
        self._macros = {name: _parse(text) for name, text in macros.items()}
        self._parsed = {pattern: _parse(pattern) for pattern in patterns}
        forms: dict[str, set[str]] = defaultdict(set)
        literals: set[str] = set()
        for branches in (*self._macros.values(), *self._parsed.values()):
            _collect(branches, literals)
        for symbol, words in (*symbols.items(), *((word, (word,)) for word in literals), ("SPACE", SPACES)):
            for word in words:
                for form in (word[1:],) if word[0] == "=" and len(word) > 1 else (word, word.title(), word.upper()):
                    forms[form].add(symbol)
        for form in forms:
            forms[form].discard("")
        self.codes: dict[str, str] = {}
        """The class character of each known token."""
        characters: dict[frozenset[str], str] = {}
        members: dict[str, list[str]] = defaultdict(list)
        for form, held in forms.items():
            signature = frozenset(held)
            character = characters.get(signature)
            if character is None:
                character = characters[signature] = chr(ord(OTHER) + 1 + len(characters))
                for symbol in signature:
                    members[symbol].append(character)
            self.codes[form] = character
        self._members = {symbol: "".join(found) for symbol, found in members.items()}
        self._gap = f"[{self.characters('SPACE')}{self.characters('-')}]"

    def characters(self, symbol: str) -> str:
        """Return the class characters of a symbol or word."""
        return self._members.get(symbol, "")

    def compile(self, pattern: str) -> re.Pattern[str]:
        """Return the regular expression over class characters of one of the given patterns."""
        counts: dict[str, int] = defaultdict(int)

        def numbered(match: re.Match[str]) -> str:
            counts[match[1]] += 1
            return match[0] if counts[match[1]] == 1 else f"(?P<{match[1]}_{counts[match[1]]}>"

        return re.compile(re.sub(r"\(\?P<(\w+)>", numbered, self._branches(self._parsed[pattern])))

    def heads(self, pattern: str) -> set[tuple[str, ...]]:
        """Return the class characters that the first two words of a match can have.

        Returns:
            one tuple for each way to begin a match. It holds the characters of the first word and those of the
            second word, or only the first if the match can end there.
        """
        return set(self._heads(self._parsed[pattern], 2))

    def _heads(self, branches: _Branches, length: int) -> Iterator[tuple[str, ...]]:
        for sequence in branches:
            yield from self._heads_of(sequence, length)

    def _heads_of(self, elements: tuple[_Element, ...], length: int) -> Iterator[tuple[str, ...]]:
        if not elements:
            yield ()
            return
        element, rest = elements[0], elements[1:]
        if not element.least:
            yield from self._heads_of(rest, length)
        if element.most > 1:
            rest = (element, *rest) if length > 1 else rest
        body = element.body
        if isinstance(body, str) and body not in self._macros:
            heads: Iterable[tuple[str, ...]] = ((self.characters(body),),)
        else:
            heads = self._heads(self._macros[body] if isinstance(body, str) else body, length)
        for head in set(heads):
            if len(head) == length:
                yield head
            elif head or rest is not elements:
                yield from (head + more for more in self._heads_of(rest, length - len(head)))

    def _branches(self, branches: _Branches) -> str:
        return "|".join(map(self._sequence, branches))

    def _sequence(self, elements: tuple[_Element, ...]) -> str:
        """Write a sequence that starts without a gap.

        The pivot is the first element that is not optional; each optional element before it is followed by its gap.
        """
        pivot = next((i for i, element in enumerate(elements) if element.least), None)
        if pivot is None:
            raise ValueError(f"a sequence needs an element that is not optional: {elements}")
        written = []
        for i, element in enumerate(elements):
            if i > pivot:
                written.append(self._joined(element))
            elif i < pivot:
                written.append(f"(?:{self._body(element)}{self._gap_before(elements[i + 1])})" + _times(element))
            elif element.most > 1:
                again = f"(?:{self._gap}{self._body(element)}){{{element.least - 1},{element.most - 1}}}"
                written.append(self._body(element) + again)
            else:
                written.append(self._body(element))
        return "".join(written)

    def _joined(self, element: _Element) -> str:
        """Write an element with the gap before it; in a group without a name, each branch has its own gap."""
        if isinstance(element.body, str) or element.name or element.join != "gap":
            return f"(?:{self._gap_before(element)}{self._body(element)})" + _times(element)
        branches = ("".join(map(self._joined, sequence)) for sequence in element.body)
        return f"(?:{'|'.join(branches)})" + _times(element)

    def _gap_before(self, element: _Element) -> str:
        return {"gap": self._gap, "glued": "", "loose": self._gap + "?"}[element.join]

    def _body(self, element: _Element) -> str:
        if isinstance(element.body, str):
            if element.body in self._macros:
                body = f"(?:{self._branches(self._macros[element.body])})"
            else:
                characters = self.characters(element.body)
                if not characters:
                    raise ValueError(f"a pattern names {element.body!r}, which no symbol or macro defines")
                body = characters if len(characters) == 1 else f"[{characters}]"
        else:
            body = f"(?:{self._branches(element.body)})"
        return f"(?P<{element.name}>{body})" if element.name else body


def _times(element: _Element) -> str:
    count = (element.least, element.most)
    return {(1, 1): "", (0, 1): "?"}.get(count, f"{{{element.least},{element.most}}}")


def _collect(branches: _Branches, words: set[str]) -> None:
    for sequence in branches:
        for element in sequence:
            if not isinstance(element.body, str):
                _collect(element.body, words)
            elif not element.body[0].isupper():
                words.add(element.body)


def _parse(pattern: str) -> _Branches:
    lexemes = [match for match in LEXEME.finditer(pattern) if match.lastgroup]
    branches, rest = _alternatives(lexemes, 0)
    if rest != len(lexemes):
        raise ValueError(f"a bracket is not balanced in the pattern {pattern!r}")
    return branches


def _alternatives(lexemes: list[re.Match[str]], at: int) -> tuple[_Branches, int]:
    branches: list[tuple[_Element, ...]] = []
    sequence: list[_Element] = []
    join, name = "gap", ""
    while at < len(lexemes):
        lexeme = lexemes[at]
        word = lexeme["word"]
        at += 1
        if lexeme["name"]:
            name = lexeme["name"]
        elif word in ("~", "_"):
            join = "glued" if word == "~" else "loose"
        elif word == "|":
            branches.append(tuple(sequence))
            sequence = []
        elif word == ")":
            at -= 1
            break
        else:
            body: str | _Branches
            if word == "(":
                body, at = _alternatives(lexemes, at)
                at += 1
            else:
                body = word[1:] if word[0] == "\\" else word
            least, most, at = _count(lexemes, at)
            sequence.append(_Element(join, name, body, least, most))
            join, name = "gap", ""
    branches.append(tuple(sequence))
    return tuple(branches), at


def _count(lexemes: list[re.Match[str]], at: int) -> tuple[int, int, int]:
    if at < len(lexemes):
        if lexemes[at]["word"] == "?":
            return 0, 1, at + 1
        if lexemes[at]["count"]:
            return int(lexemes[at][0][1]), int(lexemes[at][0][3]), at + 1
    return 1, 1, at
