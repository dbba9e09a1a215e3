"""Updates the context after each expression, for the expressions that follow."""

from __future__ import annotations

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.rule import Reading, Rule

__all__ = ["remember"]

REPORTING_PERIODS = frozenset({"P3M", "P6M", "P9M", "P12M"})
"""Durations that companies report on. After one of them, "a year ago" means the year before."""


def remember(context: Context, reading: Reading, rule: Rule) -> None:
    """Make a reading the date that later expressions refer to.

    Args:
        context: the state of the article, changed in place.
        reading: the meaning of the expression.
        rule: the rule that found the expression.
    """
    point = reading.point
    if rule.compares and (not context.narrative or (context.anchor and point and point.start < context.anchor.start)):
        return
    if point is None:
        if reading.value in REPORTING_PERIODS:
            context.period = None
        return
    context.anchor = point
    if point.grain not in ("century", "decade") and (
        context.narrative or reading.confidence == 1 or not rule.infers_year
    ):
        context.year = point.year
    if rule.reports_period:
        context.period = point if point.grain in ("quarter", "half") else None
