"""Drops spans that are not names: descriptions in capitals, and abbreviations of common terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dateline_enrich.entities.mentions.mention import NameMention
from dateline_enrich.entities.text.lexicon import Lexicon
from dateline_enrich.entities.text.passage import Passage
from dateline_enrich.entities.text.vocabulary import LEGAL_FORMS

__all__ = ["named", "terms"]

LONGEST_TERM = 6
"""Maximum number of letters in the abbreviation of a term."""

NOT_NAMES = LEGAL_FORMS - {"jsc", "corp"}
"""Legal forms that, alone, are no names; the others may be acronyms or short forms of names."""

FILLERS = frozenset(("of", "the", "for", "and", "in", "on", "to", "or", "by", "a", "an"))
"""Words of a term that have no letter in its abbreviation."""


def named(
    passage: Passage, names: Iterable[NameMention], lexicon: Lexicon, terms: frozenset[str]
) -> Iterator[NameMention]:
    """Yield the mentions that are names.

    Args:
        passage: the text of the mentions.
        names: the mentions.
        lexicon: the word lists.
        terms: abbreviations of terms that the article introduces, see `terms`.
    """
    for name in names:
        if name.type == "group" or not (
            _is_description(name, lexicon) or _is_abbreviation(name, lexicon, terms) or _is_currency(passage, name)
        ):
            yield name


def terms(passages: Sequence[Passage]) -> frozenset[str]:
    """Return the keys of the abbreviations that an article introduces for lower-case terms.

    "Non-performing loans (NPLs)" and "a mobile financial service (MFS)" are not names, nor are later NPLs and MFS.
    """
    return frozenset(key for passage in passages for key in _introduced(passage))


def _introduced(passage: Passage) -> Iterator[str]:
    tokens = passage.tokens
    for at in range(2, len(tokens) - 1):
        short = tokens[at]
        if tokens[at - 1].text != "(" or tokens[at + 1].text != ")" or not short.word:
            continue
        letters = short.text.removesuffix("s")
        if not (letters.isalpha() and letters.isupper() and 2 <= len(letters) <= LONGEST_TERM):
            continue
        if _is_spelled(passage, at - 1, letters.casefold()):
            yield short.key


def _is_spelled(passage: Passage, end: int, letters: str) -> bool:
    """Return whether the words before a token are in lower case and begin with these letters, one letter per word."""
    left = letters
    for token in reversed(passage.tokens[max(0, end - 2 * len(letters)) : end]):
        if not token.word or token.capital:
            return False
        for part in reversed(token.key.split("-")):
            if left and part[:1] == left[-1]:
                left = left[:-1]
            elif part not in FILLERS:
                return False
        if not left:
            return True
    return False


def _is_description(name: NameMention, lexicon: Lexicon) -> bool:
    """Return whether a mention only describes somebody or something: the Kingdom, the Court, the First Lady."""
    if name.key in lexicon.descriptions or all(word in NOT_NAMES for word in name.words):
        return True
    if name.type == "location" or name.text.isupper() or name.words[-1] not in lexicon.titles:
        return False
    return all(word in lexicon.titles or word in lexicon.title_modifiers or word in FILLERS for word in name.words)


def _is_abbreviation(name: NameMention, lexicon: Lexicon, terms: frozenset[str]) -> bool:
    """Return whether a mention is an abbreviation that is not a name: GDP, MPs."""
    if len(name.words) != 1:
        return False
    plural = name.text.endswith("s") and name.text[:-1].isupper() and len(name.text) > 2
    return (
        plural
        or name.key in terms
        or (name.key in lexicon.abbreviations and not name.text.islower() and not name.text.istitle())
    )


def _is_currency(passage: Passage, name: NameMention) -> bool:
    """Return whether a mention is part of a sum of money: US$ 132 million."""
    return (
        passage.text[name.end : name.end + 2].lstrip(" ")[:1] in ("$", "€", "£")
        and name.text.isupper()
        and len(name.text) < 4
    )
