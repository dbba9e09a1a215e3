"""Whether a text reports the news of its day or tells a story of another time."""

from __future__ import annotations

from datetime import datetime

from dateline_enrich.dates.scanner import Expression

__all__ = ["is_narrative"]

LEAST = 4
"""Dates of another time that make a story, a full one counted twice."""

LEAST_BARE = 8
"""As many if all of them are bare years, as in news with a look back."""

DISTANCE = 2
"""Years at least so far from the publication are of another time."""


def is_narrative(found: list[Expression], published: datetime | None) -> bool:
    """Whether dates should be counted from each other and not from the publication.

    News has weekdays and "last week", a story has years: they must be of another time and clearly more.
    """
    if published is None:
        return True
    full = bare = deictics = 0
    for each in found:
        if each.rule.counts_from_publication:
            deictics += 1
        elif (tokens := each.match.tokens("year")) and abs(int(tokens[-1]) - published.year) >= DISTANCE:
            if each.match.has("month"):
                full += 1
            else:
                bare += 1
    told = 2 * full + bare
    return told >= (LEAST if full else LEAST_BARE) and told > 4 * deictics
