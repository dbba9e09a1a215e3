"""A temporal expression in an article, and the calendar time that it resolves to."""

from typing import Annotated, Literal

from pydantic import Field

from dateline_schemas.contract import Confidence, Contract
from dateline_schemas.records.mention import Mention

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

DATE = r"[+-]?[0-9]{4,}(-[0-9]{2}(-[0-9]{2}"
TIME = r"T[0-9]{2}(:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?"

IsoPoint = Annotated[str, Field(pattern=f"^{DATE}({TIME})?)?)?$")]
"""A point in time in ISO 8601: a calendar date, with the time of day if it is known."""


class Interval(Contract):
    """A half-open interval of time: it includes `start` and excludes `end`."""

    start: IsoPoint = Field(description="First point of the interval (ISO 8601).")
    end: IsoPoint = Field(description="First point after the interval (ISO 8601).")


class DateReading(Contract):
    """Another reading of an ambiguous expression."""

    value: str = Field(description="TIMEX3 value of this reading.")
    interval: Interval | None = Field(default=None, description="Calendar time of this reading.")


class DateMention(Mention):
    """A temporal expression and the calendar time that it stands for."""

    type: TimexType = Field(description="Type of TIMEX3.")
    value: str = Field(description="Value of TIMEX3, such as `2024-06-27`, `P3D` or `XXXX-WXX-1`.")
    mod: TimexModifier | None = Field(default=None, description="Modifier of TIMEX3.")
    interval: Interval | None = Field(
        default=None, description="Calendar time that the expression covers, null if there is none."
    )
    alternatives: list[DateReading] = Field(
        default_factory=list, description="Other readings of an ambiguous expression, the most likely first."
    )
    confidence: Confidence | None = Field(default=None, description="Confidence in the reading, null if not measured.")
