"""The date in the dateline of a text, such as "CAIRO - 17 July 2022:"."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.scanner import Expression

__all__ = ["date_of_dateline"]

REACH = 120
"""The date of a dateline begins within this many characters of the text."""

BEFORE = re.compile(
    r"(?:\W|\d|\b(?:[A-Z][\w'’.]*|updated|published|posted|dated|on|at|of|de|la|del|el|al|the|and|by|from|in)\b)*"
)
"""What may be before the date: the place, the agency, the author and "published on", but no sentence."""

AFTER = re.compile(r"[^\S\n]*(?:[:\-–—(/|\]]|\)|,?[^\S\n]*\n|\.?[^\S\n]*\n|\.[^\S\n]*[-–—(/])")
"""The sign or the end of the line after the date of a dateline."""

SURE = 0.9
"""Minimum confidence of the date."""


def date_of_dateline(text: str, found: list[Expression], context: Context) -> datetime | None:
    """Return the day in the dateline of a text, at midnight UTC, or None without such a day.

    Only a day that is written in full counts. The year may not come from anything else in the text.

    Args:
        text: the text.
        found: its expressions.
        context: the state of the article before anything is read.
    """
    for expression in found[:2]:
        if expression.start > REACH or not expression.match.has("year"):
            continue
        line = text.rfind("\n", 0, expression.start) + 1
        if BEFORE.fullmatch(text, line, expression.start) is None or AFTER.match(text, expression.end) is None:
            continue
        reading = expression.rule.read(expression.match, context)
        if reading is None or reading.point is None or reading.point.grain != "day" or reading.confidence < SURE:
            continue
        return datetime.combine(reading.point.start, time(), UTC)
    return None
