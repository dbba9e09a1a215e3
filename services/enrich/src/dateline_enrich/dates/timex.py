"""The record of one temporal expression, modelled on TIMEX3 of TimeML."""

from dataclasses import dataclass

__all__ = ["Interval", "Timex"]

Interval = tuple[str, str]
"""Start and end as ISO 8601 dates or local times; the end is excluded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timex:
    """A temporal expression in a text.

    Attributes:
        start: the first code point of the expression.
        end: the code point after the expression; `text[start:end]` is the expression.
        text: the expression itself.
        type: `DATE`, `TIME`, `DURATION` or `SET`.
        value: the TIMEX3 value, such as `2024-06-11`, `2024-W24`, `P3Y` or `PAST_REF`. Unknown parts
            are `X`.
        mod: the TIMEX3 modifier (`START`, `MID`, `END`, `APPROX`, `MORE_THAN`, ...), or None.
        interval: the half-open interval that the value covers; None if a part of the value is unknown.
        alternatives: other readings of an ambiguous expression, each a value and its interval.
        confidence: from 0 to 1. An expression written in full has 1; below 0.7, one of several possible
            readings was chosen.
    """

    start: int
    end: int
    text: str
    type: str
    value: str
    mod: str | None = None
    interval: Interval | None = None
    alternatives: tuple[tuple[str, Interval | None], ...] = ()
    confidence: float = 1.0
