"""Tells whether a text reports the news of its day or a story of another time."""

from __future__ import annotations

from datetime import datetime

from dateline_enrich.dates.context import SentenceReader, TenseReader
from dateline_enrich.dates.scanner import Expression

__all__ = ["is_narrative"]

LEAST = 4
"""Minimum number of dates of another time in a story; a date with a month counts twice."""

LEAST_FULL = 2
"""Minimum number of dates with a month and a year in a story, as news mentions bare years too."""

LEAST_MONTHS = 5
"""Minimum number of dates with a month, with or without a year, in a story that has fewer full dates."""

LEAST_BARE = 40
"""Minimum number of dates of another time in a story that has hardly a month."""

LEAST_BESIDE_NEWS = 10
"""Minimum number of dates with a month in a story, for each expression in it that counts from the publication."""

LEAST_UNKNOWN = 4
"""Minimum number of dates with a month and a year in a story whose publication is unknown."""

DISTANCE = 2
"""Minimum distance in years from the publication of a date of another time."""


def is_narrative(
    found: list[Expression], published: datetime | None, tenses: TenseReader, sentences: SentenceReader
) -> bool:
    """Return whether dates count from each other instead of from the publication.

    News has weekdays, "last week" and announcements ("will open in May"), stories have dates with years. The news of a
    death or an anniversary has both: one expression that counts from the publication makes a text news, unless it is a
    long story that begins in its own time. Where somebody "said on Monday", the text is news.

    Args:
        found: the expressions of the text.
        published: the publication date; if None, every year is of another time.
        tenses: the tense reader of the language.
        sentences: the sentence reader of the language.
    """
    full = bare = 0
    loose: list[Expression] = []
    deictics: list[Expression] = []
    begins = ""
    for expression in found:
        match = expression.match
        if expression.rule.counts_from_publication:
            deictics.append(expression)
            begins = begins or "news"
        elif not (tokens := match.tokens("year")):
            if match.has("month"):
                loose.append(expression)
        elif published is None or abs(int(tokens[-1]) - published.year) >= DISTANCE:
            begins = begins or "story"
            if match.has("month"):
                full += 1
            else:
                bare += 1
    if 2 * full + bare < LEAST:
        return False
    if published is None:
        return full >= LEAST_UNKNOWN and not deictics
    if any(tenses(each.match.scan, each.match.start, each.match.end) == "reported" for each in deictics):
        return False
    news = len(deictics) + sum(sentences.promises(each.match.scan, each.match.start) for each in loose)
    if news:
        return begins == "story" and full + len(loose) >= LEAST_BESIDE_NEWS * news
    return full >= LEAST_FULL or full + len(loose) >= LEAST_MONTHS or bare >= LEAST_BARE
