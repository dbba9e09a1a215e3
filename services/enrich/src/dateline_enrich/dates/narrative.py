"""Tells whether a text reports the news of its day or a story of another time."""

from __future__ import annotations

from datetime import datetime

from dateline_enrich.dates.scanner import Expression

__all__ = ["is_narrative"]

LEAST = 4
"""Minimum number of dates of another time in a story; a date with a month counts twice."""

LEAST_BARE = 8
"""Minimum number if all of them are bare years, which news mentions too."""

DISTANCE = 2
"""Minimum distance in years from the publication of a date of another time."""


def is_narrative(found: list[Expression], published: datetime | None) -> bool:
    """Return whether dates count from each other instead of from the publication.

    News has weekdays and "last week", stories have years. A text is a story if dates of another time clearly
    outnumber expressions that count from the publication, or if the publication date is unknown.

    Args:
        found: the expressions of the text.
        published: the publication date, or None if unknown.
    """
    if published is None:
        return True
    full = bare = deictics = 0
    for expression in found:
        if expression.rule.counts_from_publication:
            deictics += 1
        elif (tokens := expression.match.tokens("year")) and abs(int(tokens[-1]) - published.year) >= DISTANCE:
            if expression.match.has("month"):
                full += 1
            else:
                bare += 1
    told = 2 * full + bare
    return told >= (LEAST if full else LEAST_BARE) and told > 4 * deictics
