"""Tells whether a text reports the news of its day or a story of another time."""

from __future__ import annotations

from datetime import datetime

from dateline_enrich.dates.scanner import Expression

__all__ = ["is_narrative"]

LEAST = 9
"""Minimum number of dates of another time in a story; a date with a month counts twice."""

LEAST_FULL = 4
"""Minimum number of dates with a month among them, as news mentions bare years too."""

LEAST_BARE = 40
"""Minimum number of dates of another time in a story that has hardly a month."""

LEAST_BESIDE_NEWS = 9
"""Minimum number of dates with a month in a story that also has a weekday, "today" or "last week"."""

LEAST_LOOSE = 15
"""Minimum number of days and months without a year, for each expression that counts from the publication, in a story
that has few dates with a month and a year."""

DISTANCE = 2
"""Minimum distance in years from the publication of a date of another time."""


def is_narrative(found: list[Expression], published: datetime | None) -> bool:
    """Return whether dates count from each other instead of from the publication.

    News has weekdays and "last week", stories have dates with years. The news of a death or an anniversary has both:
    one expression that counts from the publication makes a text news, unless it is a long story that begins in its
    own time.

    Args:
        found: the expressions of the text.
        published: the publication date; if None, every year is of another time.
    """
    full = bare = loose = deictics = 0
    begins = ""
    for expression in found:
        if expression.rule.counts_from_publication:
            deictics += 1
            begins = begins or "news"
        elif not (tokens := expression.match.tokens("year")):
            loose += expression.match.has("month")
        elif published is None or abs(int(tokens[-1]) - published.year) >= DISTANCE:
            begins = begins or "story"
            if expression.match.has("month"):
                full += 1
            else:
                bare += 1
    told = 2 * full + bare
    if told < LEAST:
        return False
    if deictics:
        return begins == "story" and (full >= max(LEAST_BESIDE_NEWS, 2 * deictics) or loose >= LEAST_LOOSE * deictics)
    return told >= LEAST_BARE or full >= LEAST_FULL or loose >= LEAST_LOOSE
