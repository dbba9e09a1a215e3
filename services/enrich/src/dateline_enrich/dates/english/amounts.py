"""Amounts of time and what "about", "more than" and the like say of them."""

from __future__ import annotations

from dateline_enrich.dates.matching.match import Match

__all__ = ["modifier", "span_value"]

_CODES = {
    "second": ("T", "S"), "minute": ("T", "M"), "hour": ("T", "H"), "day": ("", "D"), "night": ("T", "NI"),
    "weekend": ("", "WE"), "week": ("", "W"), "fortnight": ("", "W"), "month": ("", "M"), "quarter": ("", "Q"),
    "year": ("", "Y"), "decade": ("", "Y"), "century": ("", "Y"), "millennium": ("", "Y"),
}  # fmt: skip
_TIMES = {"decade": 10, "century": 100, "millennium": 1000, "fortnight": 2}
_VAGUE_CODES = {"decade": "DE", "century": "CE", "millennium": "ML"}

HALVES = {
    "year": ("", 6, "M"),
    "hour": ("T", 30, "M"),
    "minute": ("T", 30, "S"),
    "day": ("T", 12, "H"),
    "decade": ("", 5, "Y"),
    "century": ("", 50, "Y"),
}
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


_MODS = {
    "about": "APPROX", "around": "APPROX", "approximately": "APPROX", "roughly": "APPROX", "some": "APPROX",
    "nearly": "LESS_THAN", "almost": "LESS_THAN", "morethan": "MORE_THAN", "lessthan": "LESS_THAN",
    "fewerthan": "LESS_THAN", "atleast": "EQUAL_OR_MORE", "atmost": "EQUAL_OR_LESS", "upto": "EQUAL_OR_LESS",
    "over": "MORE_THAN", "under": "LESS_THAN", "nomorethan": "EQUAL_OR_LESS", "nolessthan": "EQUAL_OR_MORE",
    "closeto": "APPROX", "justover": "MORE_THAN", "justunder": "LESS_THAN", "wellover": "MORE_THAN",
}  # fmt: skip


def modifier(match: Match) -> str | None:
    """The modifier of "about", "more than" and the like."""
    words = match.tokens("approx") or [match.before if match.before == "about" else ""]
    return _MODS.get("".join(token for token in words if token.isalpha()).lower())
