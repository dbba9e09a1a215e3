"""Updates the context after each expression, for the expressions that follow."""

from __future__ import annotations

from dateline_enrich.dates.context import Context, Frame
from dateline_enrich.dates.rule import Reading
from dateline_enrich.dates.scanner import Expression

__all__ = ["remember"]

REPORTING_PERIODS = frozenset({"P3M", "P6M", "P9M", "P12M"})
"""Durations that companies report on. After one of them, "a year ago" means the year before."""


LONG_AGO = 2
"""Years after which a date is of another time."""

FRAMES = frozenset({"day", "month", "season", "year"})
"""Units of dates that tell of what time a sentence is."""


def remember(context: Context, reading: Reading, expression: Expression) -> None:
    """Make a reading the date that later expressions refer to.

    Args:
        context: the state of the article, changed in place.
        reading: the meaning of the expression.
        expression: the expression.
    """
    rule, match = expression.rule, expression.match
    if rule.counts_from_publication:
        context.told = None
    elif context.published is not None and match.has("year"):
        told = reading.point is not None and context.published.year - reading.point.year >= LONG_AGO
        context.told = match.end if told else None
    point = reading.point
    if rule.compares and (not context.narrative or (context.anchor and point and point.start < context.anchor.start)):
        return
    if point is None:
        if reading.value in REPORTING_PERIODS:
            context.period = None
        return
    if context.narrative and rule.infers_year and context.looks_ahead(expression.match):
        return
    context.anchor = point
    if match.has("year") and point.grain in FRAMES and context.sentences.opens(match.scan, match.start):
        context.frame = Frame(match.end, point)
    if point.grain not in ("century", "decade") and (
        context.narrative or reading.confidence == 1 or not rule.infers_year
    ):
        context.year = point.year
    if rule.reports_period:
        context.period = point if point.grain in ("quarter", "half") else None
