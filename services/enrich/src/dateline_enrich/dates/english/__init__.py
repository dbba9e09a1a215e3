"""English: its words, rules and tenses."""

from __future__ import annotations

from dateline_enrich.dates.english.lexicon import MACROS, symbols
from dateline_enrich.dates.english.rules import (
    business,
    clock,
    counted,
    day_ranges,
    days,
    durations,
    eras,
    frequencies,
    holidays,
    hours,
    months,
    offsets,
    references,
    relative,
    today,
    weekdays,
    years,
)
from dateline_enrich.dates.english.sentences import Sentences
from dateline_enrich.dates.english.tense import tense
from dateline_enrich.dates.language import Language

__all__ = ["english"]


def english() -> Language:
    """Return the English language."""
    modules = (
        days,
        day_ranges,
        counted,
        offsets,
        clock,
        hours,
        months,
        years,
        eras,
        weekdays,
        today,
        business,
        relative,
        durations,
        frequencies,
        holidays,
        references,
    )
    return Language(
        symbols=symbols(),
        macros=MACROS,
        rules=tuple(rule for module in modules for rule in module.RULES),
        tense=tense,
        sentences=Sentences(),
    )
