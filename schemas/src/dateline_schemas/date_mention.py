"""An expression of time in an article, with what it resolves to."""

from typing import Annotated, Literal

from pydantic import Field

from dateline_schemas.contract import Confidence, Contract
from dateline_schemas.mention import Mention

__all__ = ["DateMention", "DateReading", "Interval", "IsoPoint", "TimexModifier", "TimexType"]

TimexType = Literal["DATE", "TIME", "DURATION", "SET"]
"""The types of TIMEX3."""

TimexModifier = Literal[
    "BEFORE",
    "AFTER",
    "ON_OR_BEFORE",
    "ON_OR_AFTER",
    "LESS_THAN",
    "MORE_THAN",
    "EQUAL_OR_LESS",
    "EQUAL_OR_MORE",
    "START",
    "MID",
    "END",
    "APPROX",
]
"""The values of the attribute `mod` of TIMEX3."""

_DATE = r"[+-]?[0-9]{4,}(-[0-9]{2}(-[0-9]{2}"
_TIME = r"T[0-9]{2}(:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?"

IsoPoint = Annotated[str, Field(pattern=f"^{_DATE}({_TIME})?)?)?$")]
"""A point of time in ISO 8601: a calendar date, with a time of day where one is known."""


class Interval(Contract):
    """A half-open stretch of time: `start` belongs to it, `end` does not."""

    start: IsoPoint = Field(description="First point of the interval (ISO 8601).")
    end: IsoPoint = Field(description="First point after the interval (ISO 8601).")


class DateReading(Contract):
    """Another reading of an ambiguous expression."""

    value: str = Field(description="TIMEX3 value of this reading.")
    interval: Interval | None = Field(default=None, description="What this reading covers.")


class DateMention(Mention):
    """One expression of time and the calendar time that it stands for."""

    type: TimexType = Field(description="Type of TIMEX3.")
    value: str = Field(description="Value of TIMEX3, such as `2024-06-27`, `P3D` or `XXXX-WXX-1`.")
    mod: TimexModifier | None = Field(default=None, description="Modifier of TIMEX3.")
    interval: Interval | None = Field(
        default=None, description="The calendar time it covers, null where there is none."
    )
    alternatives: list[DateReading] = Field(
        default_factory=list, description="Other readings of an ambiguous expression, likeliest first."
    )
    confidence: Confidence | None = Field(default=None, description="How sure the reading is, null if not measured.")
