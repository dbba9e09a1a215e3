"""Times of day, with the day beside them if there is one."""

from __future__ import annotations

from datetime import date

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.phrases import day_number, month_number, undated, weekday_test
from dateline_enrich.dates.english.rules.weekdays import weekday_point
from dateline_enrich.dates.english.rules.years import stated_year
from dateline_enrich.dates.inference import is_day, year_of_day
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import Point
from dateline_enrich.dates.rule import Reading, Rule
from dateline_enrich.dates.words import words

__all__ = ["RULES"]

ZONES = {
    "z": "Z", "utc": "Z", "gmt": "Z", "est": "-05:00", "edt": "-04:00", "cst": "-06:00", "cdt": "-05:00",
    "mst": "-07:00", "mdt": "-06:00", "pst": "-08:00", "pdt": "-07:00", "bst": "+01:00", "cet": "+01:00",
    "cest": "+02:00", "jst": "+09:00", "msk": "+03:00", "eet": "+02:00", "eest": "+03:00",
    "hkt": "+08:00", "sgt": "+08:00",
}  # fmt: skip
"""UTC offsets of zones whose abbreviation has one meaning in English news."""


def _clock(match: Match) -> str | None:
    if match.has("named"):
        return "T12:00" if match.word("named") in ("noon", "midday") else "T24:00"
    hour = SPOKEN.get(match.word("hour")) or int(match.tokens("hour")[0]) if match.has("hour") else 0
    if match.has("half"):
        return f"T{hour:02}:30"
    minute = int(match.tokens("minute")[-1]) if match.has("minute") else 0
    if match.has("pm") and hour < 12:
        hour += 12
    elif match.has("am") and hour == 12:
        hour = 0
    if hour > 24 or minute > 59:
        return None
    return f"T{hour:02}:{minute:02}" + (f":{match.tokens('second')[0]}" if match.has("second") else "")


SPOKEN = {
    word: number
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
}
"""Hours in words."""


def _read_clock(match: Match, context: Context) -> Reading | None:
    clock = _clock(match)
    if clock is None:
        return None
    mod = "APPROX" if match.has("approx") else None
    point: Point | None
    confidence = 0.9
    bare = "XXXX-XX-XX"
    if match.has("weekday") and not match.has("month"):
        point, confidence = weekday_point(match, context)
    elif match.has("today"):
        now = context.now("day")
        shift = {"yesterday": -1, "tomorrow": 1}.get(match.word("today"), 0)
        point = now.shift(shift) if now else None
    elif match.has("month"):
        month, day = month_number(match), day_number(match)
        year, confidence = stated_year(match, context), 1.0
        if year is None:
            year, confidence = year_of_day(month, day, match, context, weekday_test(match))
        bare = f"XXXX-{month:02}-{day:02}"
        point = Point.of(date(year, month, day), "day") if year and is_day(year, month, day) else None
    else:
        point, confidence = context.reference("day"), 0.7
    if point is None:
        return undated(bare, clock=clock)
    return Reading(
        type="TIME",
        value=point.value + clock,
        mod=mod,
        point=point,
        confidence=confidence,
        zone=ZONES.get(match.word("zone"), ""),
    )


LEADS = words("at by until till from to before after since around about between and on hours")
"""Words before a time of day such as 22:12, which may be a score elsewhere."""


def _is_clock(match: Match) -> bool:
    if _clock(match) is None or (match.has("named") and match.before == "high"):
        return False
    # "22:12" alone may be a score.
    explicit = any(
        match.has(name) for name in ("am", "pm", "named", "half", "zone", "approx", "weekday", "today", "month")
    )
    return explicit or not match.has("minute") or match.before in LEADS


RULES = (
    Rule(
        name="time of day",
        pattern="( approx=( around | about | shortly before | shortly after | just before | just after | "
        "nearly ) )? ( CLOCK ) ( ZONED | _\\( ~ZONED ~\\) )? ( ~,? on? ( "
        "FULLDATE | weekday=WEEKDAY | "
        "today=( today | yesterday | tomorrow ) ) )?",
        read=_read_clock,
        accept=_is_clock,
        examples=(
            ("He was shot at [10 p.m. Wednesday].", "2024-06-26T22:00"),
            ("It opens at [9:30 a.m.], they said.", "2024-06-27T09:30"),
            ("It happened at [7pm].", "2024-06-27T19:00"),
            ("It starts at [9 p.m. EST on Friday, June 28].", "2024-06-28T21:00"),
        ),
    ),
    Rule(
        name="day with a time after it",
        pattern="( FULLDATE | weekday=WEEKDAY | today=( today | yesterday | tomorrow ) ) ~,? at? ( CLOCK ) ZONED?",
        read=_read_clock,
        accept=_is_clock,
        examples=(
            ("It starts [Friday at 8 p.m.], said the club.", "2024-06-28T20:00"),
            ("Updated: [June 26, 2024, 5:32 PM EDT]", "2024-06-26T17:32"),
            ("Sent [Mon, 24 Jun 2024 10:00:05 GMT].", "2024-06-24T10:00:05"),
        ),
    ),
)
