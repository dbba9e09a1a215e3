"""TIMEX3 values of amounts of time, and the modifiers that "about", "more than" and the like stand for."""

from __future__ import annotations

from dateline_enrich.dates.matching.match import Match

__all__ = ["modifier", "span_value"]

CODES = {
    "second": ("T", "S"), "minute": ("T", "M"), "hour": ("T", "H"), "day": ("", "D"), "night": ("T", "NI"),
    "weekend": ("", "WE"), "week": ("", "W"), "fortnight": ("", "W"), "month": ("", "M"), "quarter": ("", "Q"),
    "year": ("", "Y"), "decade": ("", "Y"), "century": ("", "Y"), "millennium": ("", "Y"),
}  # fmt: skip
"""The prefix and the code of each unit in a duration."""

TIMES = {"decade": 10, "century": 100, "millennium": 1000, "fortnight": 2}
"""How many of the coded unit a word stands for, if more than one."""

VAGUE_CODES = {"decade": "DE", "century": "CE", "millennium": "ML"}
"""The codes of long units where their number is unknown."""

HALVES = {
    "year": ("", 6, "M"),
    "hour": ("T", 30, "M"),
    "minute": ("T", 30, "S"),
    "day": ("T", 12, "H"),
    "decade": ("", 5, "Y"),
    "century": ("", 50, "Y"),
}
"""Half a unit, in smaller units: prefix, number and code."""


def span_value(number: float | None, unit: str) -> str:
    """Return the TIMEX3 value of a number of units; a number of None is written as X."""
    prefix, code = CODES[unit]
    if number is None:
        return f"P{prefix}X{VAGUE_CODES.get(unit, code)}"
    number *= TIMES.get(unit, 1)
    whole, rest = divmod(number, 1)
    if rest == 0.5 and unit in HALVES:
        half_prefix, count, half_code = HALVES[unit]
        front = f"P{prefix}{int(whole)}{code}" if whole else "P"
        joint = half_prefix if half_prefix and not (whole and prefix) else ""
        return f"{front}{joint}{count}{half_code}"
    return f"P{prefix}{number:g}{code}" if number < 1e6 else f"P{prefix}{int(number)}{code}"


MODS = {
    "about": "APPROX", "around": "APPROX", "approximately": "APPROX", "roughly": "APPROX", "some": "APPROX",
    "nearly": "LESS_THAN", "almost": "LESS_THAN", "morethan": "MORE_THAN", "lessthan": "LESS_THAN",
    "fewerthan": "LESS_THAN", "atleast": "EQUAL_OR_MORE", "atmost": "EQUAL_OR_LESS", "upto": "EQUAL_OR_LESS",
    "over": "MORE_THAN", "under": "LESS_THAN", "nomorethan": "EQUAL_OR_LESS", "nolessthan": "EQUAL_OR_MORE",
    "closeto": "APPROX", "justover": "MORE_THAN", "justunder": "LESS_THAN", "wellover": "MORE_THAN",
}  # fmt: skip
"""The modifiers of words before an amount, written together."""


def modifier(match: Match) -> str | None:
    """Return the TIMEX3 modifier of "about", "more than" and the like, or None without such words."""
    words = match.tokens("approx") or [match.before if match.before == "about" else ""]
    return MODS.get("".join(token for token in words if token.isalpha()).lower())
