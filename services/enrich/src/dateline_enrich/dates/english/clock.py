"""The value of a time of day: hours and minutes in figures and words, halves of the day, zones."""

from __future__ import annotations

from dateline_enrich.dates.english.numbers import cardinal
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.words import words

__all__ = ["SPOKEN", "ZONES", "clock_of", "is_ambiguous", "zone_of"]

ZONES = {
    "z": "Z", "utc": "Z", "gmt": "Z", "est": "-05:00", "edt": "-04:00", "cst": "-06:00", "cdt": "-05:00",
    "mst": "-07:00", "mdt": "-06:00", "pst": "-08:00", "pdt": "-07:00", "bst": "+01:00", "cet": "+01:00",
    "cest": "+02:00", "jst": "+09:00", "msk": "+03:00", "eet": "+02:00", "eest": "+03:00",
    "hkt": "+08:00", "sgt": "+08:00",
}  # fmt: skip
"""UTC offsets of zones whose abbreviation has one meaning in English news."""

SPOKEN = {
    word: number
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
}
"""Hours in words."""

MORNING, EVENING = "am", "pm"
"""The halves of a day."""

HALVES = {"morning": MORNING, "dawn": MORNING, "afternoon": EVENING, "evening": EVENING}
"""The half of a day in which a part of the day is."""

BEFORE_THE_HOUR = frozenset({"to", "before", "of", "till"})
"""Words between minutes and the hour that they lead up to."""

FILLERS = words("a minutes mins min minute")
"""Words beside the number of minutes."""

NO_HOUR = 99
"""An hour that no day has."""


def _hour(word: str) -> int:
    return SPOKEN.get(word) or (int(word) if word.isdigit() else NO_HOUR)


def _half(match: Match, hour: int) -> str:
    """Return the half of the day that a match tells: by "p.m.", "in the morning", "tonight"; empty for none."""
    if match.has("am") or match.has("pm"):
        return MORNING if match.has("am") else EVENING
    part = match.word("part") or ("night" if match.word("today") == "tonight" else "")
    if part == "night":
        return EVENING if 5 <= hour < 12 else MORNING
    return HALVES.get(part, "")


def clock_of(match: Match) -> str | None:
    """Return the suffix of the value for the time of day in a match, or None if there is no such time."""
    if match.has("military"):
        figures = match.word("military")
        return f"T{figures[:2]}:{figures[2:]}"
    if match.has("named"):
        hour, minute = (12 if match.word("named") in ("noon", "midday") else 24), 0
    else:
        hour = _hour(match.word("hour"))
        minute = int(match.tokens("minute")[-1]) if match.has("minute") else int(cardinal(match.tokens("minutes")) or 0)
        half = _half(match, hour)
        if half == EVENING and hour < 12:
            hour += 12
        elif half == MORNING and hour == 12:
            hour = 0
    if match.has("offset"):
        hour, minute = _with_offset(match, hour)
    if hour > 24 or minute > 59:
        return None
    return f"T{hour:02}:{minute:02}" + (f":{match.tokens('second')[0]}" if match.has("second") else "")


def _with_offset(match: Match, hour: int) -> tuple[int, int]:
    """Return hour and minute of "a quarter to eight", "ten past nine"."""
    *amount, direction = [token.lower() for token in match.tokens("offset") if token.isalnum()]
    amount = [word for word in amount if word not in FILLERS]
    minutes = {"half": 30, "quarter": 15}.get(amount[0]) or cardinal(amount)
    if hour > 24 or minutes is None or not 1 <= minutes <= 59:
        return NO_HOUR, 0
    if direction in BEFORE_THE_HOUR:
        return (hour - 1) % 24, 60 - int(minutes)
    return hour % 24, int(minutes)


def is_ambiguous(match: Match) -> bool:
    """Return whether a time in words may be before or after noon."""
    if not match.has("hour") or not (match.has("offset") or match.word("hour").isalpha()):
        return False
    hour = _hour(match.word("hour"))
    return hour <= 12 and not _half(match, hour)


def zone_of(match: Match) -> str:
    """Return the UTC offset that a match names, empty if it names none or one that changes in summer."""
    base = ZONES.get(match.word("zone"), "")
    shift = match.word("shift")
    if not shift or base not in ("", "Z"):
        return base
    digits = shift[1:].replace(":", "")
    digits = f"{digits:0>2}00" if len(digits) <= 2 else f"{digits:0>4}"
    return f"{shift[0]}{digits[:2]}:{digits[2:]}" if len(digits) == 4 and int(digits[:2]) < 24 else ""
