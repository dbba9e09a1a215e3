"""Whether a text reports the news of its day or tells a story of another time."""

from __future__ import annotations

from datetime import datetime

from dateline_enrich.dates.scanner import Found

__all__ = ["is_narrative"]

LEAST_YEARS = 5
"""Fewer dates with a year of another time make no story."""

DISTANCE = 2
"""Years at least so far from the publication are of another time."""

_DEICTIC_RULES = frozenset({"weekday", "today", "unit in relation", "part of a day in relation"})


def is_narrative(found: list[Found], published: datetime | None) -> bool:
    """Whether dates should be counted from each other and not from the publication.

    News has weekdays and "last week", a story has years: they must be of another time and clearly more.
    """
    if published is None:
        return True
    years = deictics = 0
    for each in found:
        name = each.rule.name
        if name in _DEICTIC_RULES:
            deictics += 1
        elif tokens := each.match.tokens("year"):
            years += abs(int(tokens[-1]) - published.year) >= DISTANCE
    return years >= LEAST_YEARS and years > 3 * deictics
