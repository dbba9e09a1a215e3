"""What the tagger knows of a language, and the part that is the same in all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dateline_enrich.dates.context import TenseReader
from dateline_enrich.dates.matching.number_classes import number_classes
from dateline_enrich.dates.matching.scan import Scan
from dateline_enrich.dates.rule import Rule

__all__ = ["Language", "no_language"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The rules of one language.

    Attributes:
        symbols: Words by class.
        macros: Patterns by name.
        rules: In the order that decides between matches of one length.
        tense: Reads the tense of a clause.
    """

    symbols: Mapping[str, tuple[str, ...]]
    macros: Mapping[str, str]
    rules: tuple[Rule, ...]
    tense: TenseReader


def _no_tense(scan: Scan, start: int, end: int) -> str:
    return ""


def no_language() -> Language:
    """For texts in a language without rules of its own: dates in figures only."""
    return Language(symbols=number_classes(), macros={}, rules=(), tense=_no_tense)
