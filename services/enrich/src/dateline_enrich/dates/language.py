"""What the tagger knows about a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dateline_enrich.dates.context import SentenceReader, TenseReader
from dateline_enrich.dates.matching.number_classes import number_classes
from dateline_enrich.dates.matching.scan import Scan
from dateline_enrich.dates.rule import Rule

__all__ = ["Language", "no_language"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The words and rules of one language.

    Attributes:
        symbols: the words of each class that patterns name.
        macros: named patterns.
        rules: the rules. Of two matches of the same length, the earlier rule wins.
        tense: tells the tense of a clause.
        sentences: tells where sentences begin and end.
    """

    symbols: Mapping[str, tuple[str, ...]]
    macros: Mapping[str, str]
    rules: tuple[Rule, ...]
    tense: TenseReader
    sentences: SentenceReader


def _no_tense(scan: Scan, start: int, end: int) -> str:
    return ""


class _NoSentences:
    def opens(self, scan: Scan, start: int) -> bool:
        return False

    def same(self, scan: Scan, start: int, end: int) -> bool:
        return False

    def promises(self, scan: Scan, start: int) -> bool:
        return False


def no_language() -> Language:
    """Return the language of texts that no rules exist for: only dates in figures are found."""
    return Language(symbols=number_classes(), macros={}, rules=(), tense=_no_tense, sentences=_NoSentences())
