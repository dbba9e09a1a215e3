"""Times of day, with the day beside them if there is one."""

from __future__ import annotations

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.clock import SPOKEN, clock_of, is_ambiguous, zone_of
from dateline_enrich.dates.english.phrases import day_number, month_number, undated
from dateline_enrich.dates.english.rules.days import day_point
from dateline_enrich.dates.english.rules.weekdays import weekday_point
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import Point
from dateline_enrich.dates.rule import Reading, Rule
from dateline_enrich.dates.words import words

__all__ = ["APPROX", "DAY", "RULES", "UNKNOWN_DAY", "day_beside", "is_clock"]

TODAYS = {"yesterday": -1, "last": -1, "tomorrow": 1}
"""Days from the publication: "10 p.m. last night"."""

UNKNOWN_DAY = "XXXX-XX-XX"
"""The value of an unknown day."""


def day_beside(match: Match, context: Context) -> tuple[Point | None, float, str]:
    """Return the day beside a time, a confidence from 0 to 1, and the value of the day if it is unknown."""
    if match.has("month"):
        point, confidence = day_point(match, context)
        return point, confidence, f"XXXX-{month_number(match):02}-{day_number(match):02}"
    if match.has("weekday"):
        point, confidence = weekday_point(match, context)
        return point, confidence, UNKNOWN_DAY
    if match.has("today"):
        now = context.now("day")
        return (now.shift(TODAYS.get(match.word("today"), 0)) if now else None), 0.9, UNKNOWN_DAY
    return context.reference("day"), 0.7, UNKNOWN_DAY


def _read_clock(match: Match, context: Context) -> Reading | None:
    clock = clock_of(match)
    if clock is None:
        return None
    point, confidence, bare = day_beside(match, context)
    if point is None:
        return undated(bare, clock=clock)
    other = (f"{point.value}T{(int(clock[1:3]) + 12) % 24:02}{clock[3:]}",) if is_ambiguous(match) else ()
    return Reading(
        type="TIME",
        value=point.value + clock,
        mod="APPROX" if match.has("approx") else None,
        point=point,
        confidence=min(confidence, 0.6) if other else confidence,
        zone=zone_of(match),
        alternatives=other,
    )


LEADS = words("at by until till from to before after since around about between and on hours")
"""Words before a time of day such as 22:12, which may be a score elsewhere."""

SUBJECTS = words("he she they it we i the when and but")
"""Words after "at five to six" that begin or join a clause."""

EXPLICIT = ("am", "pm", "named", "part", "zone", "shift", "approx", "weekday", "today", "month")
"""Elements that only a time of day has; "22:12" alone may be a score."""

ONLY_BEFORE_HOURS = words("past half quarter minutes mins min minute")
"""Words that only a time of day has before the hour; "ten to nine" may be a range or a score."""


def is_clock(match: Match) -> bool:
    """Return whether a match is a time of day, and not a score, a number of votes or a year."""
    if clock_of(match) is None or (match.has("named") and match.before == "high"):
        return False
    if match.word("today") in ("this", "last") and not match.has("part"):
        return False
    if match.before in ("in", "since") and match.word("military")[:1] in ("1", "2"):
        # "In 1914 GMT was used."
        return False
    if match.has("minutes") and not (match.has("part") or match.has("am") or match.has("pm")):
        return match.before in LEADS and (match.ends_clause or match.has("weekday") or match.has("today"))
    if match.has("units"):
        # "1400 hours of work"
        return match.after != "of" and (match.word("military")[0] == "0" or match.before in LEADS)
    if match.has("offset"):
        if "of" in match.tokens("offset"):
            return match.before == "at" and match.ends_clause
        offset = [token.lower() for token in match.tokens("offset")]
        if not ONLY_BEFORE_HOURS.isdisjoint(offset):
            return True
        if match.before in ("from", "between"):
            # "from two to four in the afternoon"
            return False
        figures = offset[0].isdigit() or match.has("am") or match.has("pm")
        clause = match.ends_clause or match.has("weekday") or (match.before == "at" and match.after in SUBJECTS)
        return not figures and match.before in LEADS and clause
    explicit = match.has("military") or any(match.has(name) for name in EXPLICIT)
    return explicit or not match.has("minute") or match.before in LEADS


def _is_hour(match: Match) -> bool:
    """Accept the bare hour of "at nine on Wednesday morning"."""
    if match.word("today") in ("this", "last") and not match.has("part"):
        return False
    hour = match.word("hour")
    return match.before in LEADS and (hour in SPOKEN or (hour.isdigit() and 1 <= int(hour) <= 12))


def _is_bare_military(match: Match) -> bool:
    return match.before in LEADS and match.word("military")[0] == "0"


def _is_zoned(match: Match) -> bool:
    """Reject the "Central" of "at 3 p.m. Central bankers met"."""
    dated = match.has("weekday") or match.has("month") or match.has("today")
    return is_clock(match) and (dated or match.ends_clause)


APPROX = "approx=( around | about | shortly before | shortly after | just before | just after | just past | nearly )"
"""Words that make a time inexact."""

DAY = "( ~,? on? ( the part=( morning | afternoon | evening | night ) of )? ( CLOCKDAY ) )"
"""The day after a time."""

RULES = (
    Rule(
        name="time of day",
        pattern=f"( {APPROX} )? ( CLOCK ) ( ZONED | _\\( ~ZONED ~\\) )? {DAY}?",
        read=_read_clock,
        accept=is_clock,
        examples=(
            ("He was shot at [10 p.m. Wednesday].", "2024-06-26T22:00"),
            ("It opens at [9:30 a.m.], they said.", "2024-06-27T09:30"),
            ("It happened at [7pm].", "2024-06-27T19:00"),
            ("It starts at [9 p.m. EST on Friday, June 28].", "2024-06-28T21:00"),
            ("It ended at [noon last Friday].", "2024-06-21T12:00"),
            ("It ended at [3:20 a.m. on the morning of June 9].", "2024-06-09T03:20"),
            ("The bus came at [five past ten on Friday morning].", "2024-06-21T10:05"),
            ("It ended at [a quarter to nine in the evening].", "2024-06-27T20:45"),
            ("The ship sank at [0415 GMT on Tuesday].", "2024-06-25T04:15"),
            ("They won by [ten to nine] votes.", None),
        ),
    ),
    Rule(
        name="time of day in a zone without its word",
        pattern=f"( {APPROX} )? ( CLOCK ) ZONENAME {DAY}?",
        read=_read_clock,
        accept=_is_zoned,
        examples=(
            ("It aired at [9 p.m. Pacific on Sunday].", "2024-06-23T21:00"),
            ("It aired at [9 p.m. Eastern], they said.", "2024-06-27T21:00"),
            ("At [3 p.m.] Central bankers met.", "2024-06-27T15:00"),
        ),
    ),
    Rule(
        name="hour before a part of a day",
        pattern="hour=HOURWORD ( on? weekday=WEEKDAY part=PARTOFDAY | today=tonight "
        "| today=( yesterday | tomorrow | this | last ) part=PARTOFDAY )",
        read=_read_clock,
        accept=_is_hour,
        examples=(("He called at [nine on Friday evening].", "2024-06-21T21:00"),),
    ),
    Rule(
        name="hour in four figures",
        pattern=f"military=HHMM {DAY}",
        read=_read_clock,
        accept=_is_bare_military,
        examples=(("It sailed at [0730 on Monday].", "2024-06-24T07:30"),),
    ),
    Rule(
        name="day with a time after it",
        pattern=f"( CLOCKDAY ) ~,? ( at | {APPROX} )? ( CLOCK ) ZONED?",
        read=_read_clock,
        accept=is_clock,
        examples=(
            ("It starts [Friday at 8 p.m.], said the club.", "2024-06-28T20:00"),
            ("Updated: [June 26, 2024, 5:32 PM EDT]", "2024-06-26T17:32"),
            ("Sent [Mon, 24 Jun 2024 10:00:05 GMT].", "2024-06-24T10:00:05"),
            ("Sent [Mon, 24 Jun 2024 10:00:05 +0200].", "2024-06-24T10:00:05"),
        ),
    ),
    Rule(
        name="stamp with the year after the time",
        pattern="( WEEKNAME ~,? )? ( month=ANYMONTH day=DATEDAY | day=DATEDAY month=ANYMONTH ) hour=HOUR ~: "
        "~minute=SIXTY ( ~: ~second=SIXTY )? ZONED? year=YEAR",
        read=_read_clock,
        accept=is_clock,
        examples=(("Logged [Thu Mar 5 07:08:09 UTC 2020] by cron.", "2020-03-05T07:08:09"),),
    ),
)
