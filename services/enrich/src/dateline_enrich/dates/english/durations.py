"""Durations: "three years", "two-week", "more than 18 months", "the past decade", "years"."""

from __future__ import annotations

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.lexicon import UNITS
from dateline_enrich.dates.english.numbers import cardinal
from dateline_enrich.dates.english.relative import modifier
from dateline_enrich.dates.rule import Match, Reading, Rule

__all__ = ["RULES", "span_value"]

_CODES = {
    "second": ("T", "S"), "minute": ("T", "M"), "hour": ("T", "H"), "day": ("", "D"), "night": ("T", "NI"),
    "weekend": ("", "WE"), "week": ("", "W"), "fortnight": ("", "W"), "month": ("", "M"), "quarter": ("", "Q"),
    "year": ("", "Y"), "decade": ("", "Y"), "century": ("", "Y"), "millennium": ("", "Y"),
}  # fmt: skip
_TIMES = {"decade": 10, "century": 100, "millennium": 1000, "fortnight": 2}
_VAGUE_CODES = {"decade": "DE", "century": "CE", "millennium": "ML"}

HALVES = {"year": ("", 6, "M"), "hour": ("T", 30, "M"), "minute": ("T", 30, "S"), "day": ("T", 12, "H"), "decade": ("", 5, "Y"), "century": ("", 50, "Y")}
"""Half a unit in the next smaller one."""


def span_value(number: float | None, unit: str) -> str:
    """The TIMEX3 value of a number of units, X if the number is not known."""
    prefix, code = _CODES[unit]
    if number is None:
        return f"P{prefix}X{_VAGUE_CODES.get(unit, code)}"
    number *= _TIMES.get(unit, 1)
    whole, rest = divmod(number, 1)
    if rest == 0.5 and unit in HALVES:
        half_prefix, count, half_code = HALVES[unit]
        front = f"P{prefix}{int(whole)}{code}" if whole else "P"
        joint = half_prefix if half_prefix and not (whole and prefix) else ""
        return f"{front}{joint}{count}{half_code}"
    return f"P{prefix}{number:g}{code}" if number < 1e6 else f"P{prefix}{int(number)}{code}"


def _read_span(match: Match, context: Context) -> Reading | None:
    unit = UNITS[match.tokens("unit")[0].lower()]
    number: float | None = 1.0
    if match.has("vague"):
        number = None
        if match.word("vague").startswith("acouple"):
            number = None
    elif match.has("number"):
        number = cardinal(match.tokens("number"))
        if number is None:
            return None
    elif match.has("bare"):
        number = None
    if match.has("half") and number is not None:
        number += 0.5
    if match.has("ahalf"):
        number = 0.5
    return Reading(type="DURATION", value=span_value(number, unit), mod=modifier(match), confidence=0.9)


def _is_span(match: Match) -> bool:
    if match.has("number") and cardinal(match.tokens("number")) is None:
        return False
    unit = match.tokens("unit")[0].lower()
    if match.token(0) in ("-", " ") and match.token(1).lower() == "old":
        return False
    return not (unit in ("second", "quarter", "quarters", "night", "nights", "min", "minute") and match.tokens("number")[-1:] and unit == "quarter" and match.word("number") in ("one", "three"))


_SPAN_LEADS = frozenset("for in within over after of than during least most about nearly almost every under throughout into another up takes take took last lasted lasting spent spend only just through".split())
_MONEY = frozenset("$ £ € percent cents times dollars".split())


def _is_one(match: Match) -> bool:
    """ "a week" is a duration after "for", "within" and the like; after a figure it is a frequency."""
    return match.has("approx") or match.before in _SPAN_LEADS or match.after in ("of", "or", "long")


def _is_bare(match: Match) -> bool:
    return match.has("article") or match.before in ("for", "in", "within", "over", "after", "of", "follows") or match.after in ("of",)


def _read_past(match: Match, context: Context) -> Reading | None:
    """ "the past year", "the last decade", "recent weeks", "the coming months"."""
    return _read_span(match, context)


RULES = (
    Rule(
        name="number of units",
        pattern="( approx=APPROX )? ( the ( first | last | past | next | final | coming | following | previous | latest | remaining )? )? ( vague=( VAGUE ) | number=CARDINAL ) ( more | additional | full | straight | consecutive | whole | long | business | working )? unit=( UNIT | UNITS ) ( half=( and a half ) )? ( _ long )?",
        read=_read_span,
        accept=_is_span,
        examples=(
            ("The trial took [three years].", "P3Y"),
            ("They ended a [two-week] strike.", "P2W"),
            ("He waited [more than 18 months].", "P18M"),
            ("It takes [2 1/2 years].", "P2Y6M"),
            ("It rained for [several days].", "PXD"),
            ("Sales rose in [the first nine months].", "P9M"),
        ),
    ),
    Rule(
        name="one unit",
        pattern="( approx=APPROX )? ( a | an | another | the entire | a full | a whole ) unit=( UNIT ) ( half=( and a half ) )?",
        read=_read_span,
        accept=_is_one,
        examples=(("It lasted for [an hour].", "PT1H"), ("Within [a year] it was built.", "P1Y")),
    ),
    Rule(
        name="half a unit",
        pattern="( approx=APPROX )? ( ahalf=( half ( a | an ) ) | a ahalf=half ) unit=( hour | year | day | minute | decade | century | month )",
        read=_read_span,
        examples=(("He waited [half an hour].", "PT30M"),),
    ),
    Rule(
        name="the past unit",
        pattern="( approx=APPROX )? the ( past | last ) unit=( year | decade | century | month | week | quarter | hour | day )",
        read=_read_past,
        examples=(("Over [the past year] prices rose.", "P1Y"), ("In [the last decade] it doubled.", "P10Y")),
    ),
    Rule(
        name="units without number",
        pattern="( article=( the ( past | last | next | coming | following | early | final | first | intervening )? | recent | coming | past | previous ) )? bare=( unit=UNITS ) ( _ long )?",
        read=_read_span,
        accept=_is_bare,
        examples=(("It took [years] to build; for [years] nobody came.", "PXY"), ("In [recent weeks] it rained.", "PXW")),
    ),
)
