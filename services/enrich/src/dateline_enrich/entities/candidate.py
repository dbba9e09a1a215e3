"""Candidates: the names of one field, each with its place and what speaks for its type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from dateline_schemas import TextField

from dateline_enrich.entities.evidence import Evidence, gather
from dateline_enrich.entities.headline import headline_names, is_headline, lines
from dateline_enrich.entities.lexicon import Lexicon
from dateline_enrich.entities.name import Name, split_run
from dateline_enrich.entities.run import find_runs
from dateline_enrich.entities.token import Token, tokenize
from dateline_enrich.entities.vocabulary import LOCATIVE, PERIOD_SUFFIXES

__all__ = ["Candidate", "FieldText"]


@dataclass(slots=True, kw_only=True)
class Candidate:
    """A name at a place of the article."""

    field: TextField
    start: int
    end: int
    text: str
    words: tuple[str, ...]
    key: str
    titles: list[str]
    evidence: list[Evidence]
    rules: frozenset[str]
    """Names of the rules of the evidence."""

    locative: bool
    """A preposition of place stands before it."""

    acronym: str = ""
    """The key of an acronym that brackets after it introduce."""


class FieldText:
    """One field of an article: its text, its words, and which of its lines are in capitals."""

    def __init__(self, name: TextField, text: str, lexicon: Lexicon) -> None:
        self.tokens = tokenize(text, lexicon)
        self._name: TextField = name
        self._text = text
        self._lexicon = lexicon
        self._headlines = [
            line for line in lines(self.tokens) if is_headline(self.tokens, line, lexicon, title=name == "title")
        ]
        self._in_headline = {i for line in self._headlines for i in line}

    @property
    def lower_words(self) -> set[str]:
        """Words that stand in lower case."""
        return {token.key for token in self.tokens if token.word and not token.capital}

    def names(self, ordinary: AbstractSet[str]) -> Iterator[Candidate]:
        """Find the names of the lines where capitals tell something.

        Args:
            ordinary: Words that the article has in lower case, too.
        """
        for run in find_runs(self.tokens, self._lexicon):
            if run[0] in self._in_headline:
                continue
            for name in split_run(self.tokens, run, self._lexicon, ordinary):
                yield self._candidate(name)

    def headline_names(self, known: AbstractSet[str]) -> Iterator[Candidate]:
        """Find the names of the lines that are in capitals.

        Args:
            known: Keys of names that the rest of the article has.
        """
        for line in self._headlines:
            for name in headline_names(self.tokens, line, self._lexicon, known):
                yield self._candidate(name)

    def _candidate(self, name: Name) -> Candidate:
        tokens = self.tokens
        first, last = tokens[name.first], tokens[name.last]
        before = tokens[name.first - 1] if name.first else None
        titles = list(name.titles)
        if before is not None and before.key in self._lexicon.roles and first.spaced and not before.capital:
            titles.append(before.text)
        evidence = list(gather(tokens, name, self._lexicon))
        end = last.end + (1 if _keeps_period(tokens, name.last) else 0)
        return Candidate(
            field=self._name,
            start=first.start,
            end=end,
            text=self._text[first.start : end],
            words=name.words,
            key=name.key,
            titles=titles,
            evidence=evidence,
            rules=frozenset([e.rule for e in evidence]),
            locative=before is not None and before.key in LOCATIVE,
            acronym=_acronym_after(tokens, name),
        )


def _keeps_period(tokens: Sequence[Token], index: int) -> bool:
    token = tokens[index]
    if token.key not in PERIOD_SUFFIXES or token.closed or index + 1 >= len(tokens):
        return False
    mark = tokens[index + 1]
    if mark.text != "." or mark.start != token.end:
        return False
    return index + 2 < len(tokens) and tokens[index + 2].spaced and not tokens[index + 2].capital


def _acronym_after(tokens: Sequence[Token], name: Name) -> str:
    """The acronym of "European Union (EU)", if its letters are those of the name, in order."""
    i = name.last + 1
    if len(name.words) < 2 or i + 2 >= len(tokens) or tokens[i].text != "(" or tokens[i + 2].text not in ");,":
        return ""
    acronym = tokens[i + 1]
    letters = acronym.text.replace(".", "")
    if not acronym.word or not 2 <= len(letters) <= 10 or sum(c.isupper() for c in letters) < 2:
        return ""
    initials = iter("".join(name.words))
    return acronym.key if all(c in initials for c in acronym.key if c.isalnum()) else ""
