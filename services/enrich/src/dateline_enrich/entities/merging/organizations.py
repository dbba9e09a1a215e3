"""Finds the organisation that a short form stands for: acronyms, other names of ministries, shortened names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from dateline_enrich.entities.mentions.mention import NameMention
from dateline_enrich.entities.text.lexicon import Lexicon
from dateline_enrich.entities.text.vocabulary import ORGANIZATION_ENDINGS, PUBLIC_BODIES

__all__ = ["Organizations"]

FILLERS = frozenset(("of", "the", "for", "and", "&", "on", "in", "de", "la"))
"""Words of a name that have no letter in its acronym."""

LONGEST = 12
"""Maximum number of words that a full name has more than its short form; bounds the time."""

SILENT = frozenset(("affairs", "national", "federal", "state"))
"""Words that short names of public bodies leave out."""


class Organizations:
    """The organisations of an article, by full names and short forms."""

    def __init__(self, names: Sequence[NameMention], acronyms: dict[str, str], lexicon: Lexicon) -> None:
        """Collect the organisations.

        Args:
            names: the mentions of organisations, in order.
            acronyms: the key of the full name of each acronym that the article introduces.
            lexicon: the word lists.
        """
        self._acronyms = acronyms
        self._lexicon = lexicon
        self._keys = {name.key for name in names}
        self._long = list(dict.fromkeys(name.words for name in names if len(name.words) > 1))
        self._bags = {words: self._bag(words) for words in self._long}
        self._first: dict[str, list[tuple[str, ...]]] = {}
        self._last: dict[str, list[tuple[str, ...]]] = {}
        self._wholes: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        for words in self._long:
            for part in _parts(words):
                self._wholes.setdefault(part, set()).add(words)
            self._last.setdefault(words[-1], []).append(words)
            self._first.setdefault(words[0], []).append(words)

    def has(self, key: str) -> bool:
        """Return whether a mention of an organisation has this key."""
        return key in self._keys

    def of(self, name: NameMention) -> str:
        """Return the key of the organisation that a mention means; by default the mention's own key."""
        key = name.key
        if key in self._acronyms:
            return self._acronyms[key]
        if key in self._lexicon.aliases:
            return self._lexicon.aliases[key]
        if len(name.words) == 1 and name.text.replace(".", "").isupper() and len(key.replace(".", "")) > 2:
            spelled = [words for words in self._long if _initials(words) == key.replace(".", "")]
            if len(spelled) == 1:
                return self.of_words(spelled[0])
        return self.of_words(name.words)

    def of_words(self, words: tuple[str, ...]) -> str:
        """Return the key of the fullest name of the organisation that these words name."""
        key = " ".join(words)
        if key in self._lexicon.aliases:
            return self._lexicon.aliases[key]
        if bag := self._bag(words):
            return self._body(bag, key)
        if whole := self._whole(words):
            return whole
        longer = [other for other in self._first.get(words[0], ()) if _shortens(words, other)]
        if longer and len({other[: len(other) - (other[-1] in ORGANIZATION_ENDINGS)] for other in longer}) == 1:
            longest = max(map(len, longer))
            return " ".join(next(other for other in longer if len(other) == longest))
        headed = self._last.get(words[-1], []) if len(words) == 1 and words[0] not in self._lexicon.words else []
        if len(headed) == 1 and all(self._is_common(word) for word in headed[0][:-1]):
            return " ".join(headed[0])
        return key

    def _whole(self, words: tuple[str, ...]) -> str:
        """Return the key of the one longer name that a name of ordinary words is a part of, or an empty string.

        "Central Bank" is the European Central Bank, and "National Bank" the National Bank of Georgia, unless the
        article names another such bank too.
        """
        wholes = self._wholes.get(words, ())
        if len(wholes) != 1 or " ".join(words) in self._lexicon.organizations or not all(map(self._is_common, words)):
            return ""
        (whole,) = wholes
        return " ".join(whole)

    def _is_common(self, word: str) -> bool:
        """Return whether a word only tells what an organisation is, as in Radio X, Hotel X."""
        lists = (self._lexicon.organization_nouns, self._lexicon.organization_heads, self._lexicon.words)
        return any(word in words for words in lists)

    def _body(self, bag: frozenset[str], key: str) -> str:
        """Return the key of the fullest name of a public body, or its own key if several full names compete."""
        wider = [its for its in self._bags.values() if its >= bag]
        fullest = bag
        for its in wider:
            fullest = its if len(its) > len(fullest) else fullest
        if not all(its <= fullest for its in wider):
            fullest = bag
        return next((" ".join(words) for words in self._long if self._bags[words] == fullest), key)

    def _bag(self, words: tuple[str, ...]) -> frozenset[str]:
        """Return the words that distinguish a public body, in any order; empty for other organisations."""
        heads = (words[0], words[-1], *(word for word, of in pairwise(words) if of == "of"))
        if PUBLIC_BODIES.isdisjoint(heads):
            return frozenset()
        bag = set()
        for word in words:
            if word in FILLERS or word in SILENT:
                continue
            country = self._lexicon.demonyms.get(word) or self._lexicon.countries.get(word)
            bag.add(country.iso if country else word)
        return frozenset(bag) if len(bag) > 1 else frozenset()


def _parts(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the ends of a name, of at least two words, and its beginning before "of" or "for"."""
    for first in range(1, min(len(words) - 1, LONGEST)):
        yield words[first:]
    for stop, word in enumerate(words[:LONGEST]):
        if stop > 1 and word in ("of", "for"):
            yield words[:stop]


def _initials(words: tuple[str, ...]) -> str:
    return "".join(word[0] for word in words if word not in FILLERS)


def _shortens(words: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether the words begin the other name, which adds only words that short names leave out."""
    if words == other or len(words) >= len(other) or other[: len(words)] != words:
        return False
    return len(words) == 1 or all(word in ORGANIZATION_ENDINGS for word in other[len(words) :])
