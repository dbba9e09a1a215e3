"""The record of one temporal expression, after TIMEX3 of TimeML."""

from dataclasses import dataclass

__all__ = ["Interval", "Timex"]

Interval = tuple[str, str]
"""Two ISO 8601 dates or local times, the second excluded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timex:
    """A temporal expression that was found in a text.

    Attributes:
        start: First code point of the expression.
        end: Code point after its last one; `text[start:end]` is the expression.
        text: The expression itself.
        type: `DATE`, `TIME`, `DURATION` or `SET`.
        value: The TIMEX3 value, such as `2024-06-11`, `2024-W24`, `P3Y` or `PAST_REF`. Parts that
            nobody can know are `X`.
        mod: The TIMEX3 modifier (`START`, `MID`, `END`, `APPROX`, `MORE_THAN`, ...), if there is one.
        interval: What the value covers, half open; none where a part of the value is unknown.
        alternatives: Other readings of an ambiguous expression, each a value and its interval.
        confidence: From 0 to 1; 1 is written in full, below 0.7 a choice between readings was made.
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
