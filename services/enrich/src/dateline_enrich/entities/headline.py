"""Lines in capitals, such as headlines: there only names that are known already count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from dateline_enrich.entities.lexicon import Lexicon
from dateline_enrich.entities.name import Name
from dateline_enrich.entities.token import Token

__all__ = ["headline_names", "is_headline", "lines"]

_SHARE = 0.7
"""Share of a line's longer words in capitals from which on capitals tell nothing."""

_ORDINARY_SHARE = 0.2
"""Share of ordinary words among them; with fewer it may be a list of names."""

_FEWEST = 4
"""Fewer longer words than this are no headline but perhaps a list or a by-line."""

_FEWEST_UPPER = 3
"""The same for a line in upper case."""

_LONGEST = 7
"""Words of the longest name that is looked for."""


def lines(tokens: Sequence[Token]) -> Iterator[range]:
    """Cut the tokens into lines."""
    begin = 0
    for i in range(1, len(tokens)):
        if not tokens[i].spaced:
            yield range(begin, i)
            begin = i
    if tokens:
        yield range(begin, len(tokens))


def is_headline(tokens: Sequence[Token], line: range, lexicon: Lexicon, *, title: bool) -> bool:
    """Whether most words of a line are in capitals, outside titles among them ordinary ones."""
    letters = [tokens[i].text for i in line if tokens[i].word and len(tokens[i].text) > 1]
    if len(letters) >= _FEWEST_UPPER and sum(map(str.isupper, letters)) >= _SHARE * len(letters):
        return True
    words = [tokens[i] for i in line if tokens[i].word and len(tokens[i].text) > 3]
    if len(words) < _FEWEST:
        return False
    if sum(word.capital for word in words) < _SHARE * len(words) or _ends_sentence(tokens, line):
        return False
    ordinary = sum(word.capital and word.key in lexicon.words for word in words[1:])
    return title or ordinary >= _ORDINARY_SHARE * len(words)


def _ends_sentence(tokens: Sequence[Token], line: range) -> bool:
    return any(tokens[i].text in ".!?" for i in line[-2:])


def headline_names(tokens: Sequence[Token], line: range, lexicon: Lexicon, known: AbstractSet[str]) -> Iterator[Name]:
    """Find names that the article or the word lists know, longest first, and given names with a surname."""
    i = line.start
    while i < line.stop:
        name = _longest(tokens, i, line.stop, lexicon, known) if tokens[i].capital else None
        if name is not None:
            yield name
            i = name.last
        i += 1


def _longest(tokens: Sequence[Token], begin: int, stop: int, lexicon: Lexicon, known: AbstractSet[str]) -> Name | None:
    words: list[str] = []
    found: Name | None = None
    for i in range(begin, min(begin + _LONGEST, stop)):
        token = tokens[i]
        if not token.word or (words and not token.spaced):
            break
        words.append(token.key)
        key = " ".join(words)
        if token.capital and (key in known or _is_listed(tokens, begin, i, key, lexicon)):
            found = Name(first=begin, last=i, words=tuple(words), headline=True)
        if token.closed:
            break
    if found is None and len(words) > 1 and words[0] in lexicon.given_names and tokens[begin + 1].capital:
        surname = words[1]
        if surname not in lexicon.words and surname not in lexicon.organization_heads and words[0] not in lexicon.words:
            return Name(first=begin, last=begin + 1, words=(words[0], surname), headline=True)
    return found


def _is_listed(tokens: Sequence[Token], begin: int, end: int, key: str, lexicon: Lexicon) -> bool:
    if begin == end and key in lexicon.words:
        return False
    if begin == end and key in lexicon.acronyms and not tokens[begin].text.isupper():
        return False
    return lexicon.is_known_place(key) or key in lexicon.organizations or key in lexicon.demonyms
