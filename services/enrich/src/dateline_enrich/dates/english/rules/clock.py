"""Times of day, with the day beside them if there is one."""

from __future__ import annotations

import re
from datetime import date

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.clock import SPOKEN, ZONES, clock_of, is_ambiguous, zone_of
from dateline_enrich.dates.english.phrases import (
    dated,
    day_number,
    month_number,
    part_of_day,
    undated,
    weekday_test,
)
from dateline_enrich.dates.english.rules.weekdays import weekday_point
from dateline_enrich.dates.english.rules.years import stated_year
from dateline_enrich.dates.inference import is_day, year_of_day
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import Point
from dateline_enrich.dates.rule import Reading, Rule
from dateline_enrich.dates.words import words

__all__ = ["RULES"]

TODAYS = {"yesterday": -1, "last": -1, "tomorrow": 1}
"""Days from the publication: "10 p.m. last night"."""

UNKNOWN_DAY = "XXXX-XX-XX"
"""The value of an unknown day."""


def _day_of(match: Match, context: Context) -> tuple[Point | None, float, str]:
    """Return the day beside a time, a confidence from 0 to 1, and the value of the day if it is unknown."""
    if match.has("month"):
        month, day = month_number(match), day_number(match)
        year, confidence = stated_year(match, context), 1.0
        if year is None:
            year, confidence = year_of_day(month, day, match, context, weekday_test(match))
        known = year is not None and is_day(year, month, day)
        point = Point.of(date(year or 1, month, day), "day") if known else None
        return point, confidence, f"XXXX-{month:02}-{day:02}"
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
    point, confidence, bare = _day_of(match, context)
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


ELSEWHERE = re.compile(r"(?P<hour>\d\d?)[:.]?(?P<minute>\d\d)?(?P<half>[ap])?[.m]*")
"""A time in another zone, without white space: "1214", "12:14", "7a.m."."""

LEAST_AHEAD, MOST_AHEAD = -14 * 60, 12 * 60
"""How far Greenwich can be ahead of local time, in minutes."""

LAST_HOUR = 24
"""The hour of midnight at the end of a day."""

GREENWICH = frozenset({"gmt", "utc", "z"})
"""The zones of Greenwich."""


def _minutes(clock: str) -> int:
    return int(clock[1:3]) * 60 + int(clock[4:6])


def _elsewhere(match: Match) -> str | None:
    """Return the suffix of the value for the time in another zone."""
    found = ELSEWHERE.fullmatch(re.sub(r"\s", "", match.word("elsewhere")))
    if found is None:
        return None
    hour = int(found["hour"]) % 12 + (12 if found["half"] == "p" else 0) if found["half"] else int(found["hour"])
    return f"T{hour:02}:{found['minute'] or '00'}" if hour <= LAST_HOUR else None


def _days_ahead(match: Match, local: str, elsewhere: str) -> int:
    """Return how many days later than the local day the day of a time in Greenwich is: -1, 0 or 1."""
    if match.word("otherzone") not in GREENWICH or match.word("zone") in GREENWICH:
        return 0
    ahead = _minutes(elsewhere) - _minutes(local)
    return -1 if ahead > MOST_AHEAD else 1 if ahead < LEAST_AHEAD else 0


def _read_pair(match: Match, context: Context) -> Reading | None:
    """Read one part of a time that is given in two zones, or the day after both.

    The "1214 GMT" of "9:14 p.m. (1214 GMT) on Monday" may be on the day before or after.
    """
    local, elsewhere = clock_of(match), _elsewhere(match)
    if local is None or elsewhere is None:
        return None
    ahead = _days_ahead(match, local, elsewhere)
    if match.has("otherday") and not (match.has("weekday") or match.has("month") or match.has("today")):
        there, confidence = weekday_point(match, context, "otherday")
        point, bare = None if there is None else there.shift(-ahead), UNKNOWN_DAY
    else:
        point, confidence, bare = _day_of(match, context)
    clock, zone = local, zone_of(match)
    if match.part == "after":
        clock = part_of_day(match)
    elif match.part == "other":
        clock, zone = elsewhere, ZONES.get(match.word("otherzone"), "")
        point = None if point is None else point.shift(ahead)
    if point is None:
        return undated(bare, clock=clock)
    if match.part == "after":
        return dated(point, clock=clock, confidence=confidence)
    return Reading(type="TIME", value=point.value + clock, point=point, confidence=confidence, zone=zone)


def _opening(match: Match) -> str:
    """Return the suffix of the value for the first end of "9 to 11 a.m.", which has the half of the day of its last."""
    hour, *rest = [int(token) for token in match.tokens("opening") if token.isdigit()]
    if hour > LAST_HOUR:
        hour, rest = hour // 100, [hour % 100]
    last = int(match.tokens("hour")[0]) if match.has("hour") else LAST_HOUR
    if match.has("pm") and hour < 12 and (hour <= last or last == 12) and hour != last:
        hour += 0 if last == 12 else 12
    return f"T{hour:02}:{rest[0] if rest else 0:02}"


def _read_hours(match: Match, context: Context) -> Reading | None:
    """Read one end of "9 to 11 a.m. on Friday": the half of the day, the zone and the day are written once."""
    clock = _opening(match) if match.part == "first" else clock_of(match)
    if clock is None:
        return None
    point, confidence, bare = _day_of(match, context)
    if point is None:
        return undated(bare, clock=clock)
    return Reading(type="TIME", value=point.value + clock, point=point, confidence=confidence, zone=zone_of(match))


LEADS = words("at by until till from to before after since around about between and on hours")
"""Words before a time of day such as 22:12, which may be a score elsewhere."""

SUBJECTS = words("he she they it we i the when and but")
"""Words after "at five to six" that begin or join a clause."""

EXPLICIT = ("am", "pm", "named", "part", "zone", "shift", "approx", "weekday", "today", "month")
"""Elements that only a time of day has; "22:12" alone may be a score."""

ONLY_BEFORE_HOURS = words("past half quarter minutes mins min minute")
"""Words that only a time of day has before the hour; "ten to nine" may be a range or a score."""


def _is_clock(match: Match) -> bool:
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


def _is_range(match: Match) -> bool:
    opening = [token for token in match.tokens("opening") if token.isdigit()]
    if clock_of(match) is None or match.before not in ("from", "between", "at", "open", "of"):
        return False
    if len(opening[0]) == 4 or match.has("military"):
        return len(opening[0]) == 4 and match.has("military") and (match.has("zone") or opening[0][0] == "0")
    explicit = match.has("am") or match.has("pm")
    return explicit or (len(opening) > 1 and match.has("minute"))


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
    return _is_clock(match) and (dated or match.ends_clause)


APPROX = "approx=( around | about | shortly before | shortly after | just before | just after | just past | nearly )"
"""Words that make a time inexact."""

DAY = "( ~,? on? ( CLOCKDAY ) )"
"""The day after a time."""

PAIR = (
    "( _\\( ~other=( elsewhere=( HHMM | HOUR ( ~: ~SIXTY )? _MERIDIEM | HOUR ~: ~SIXTY | HOUR ~. ~SIXTY ) "
    "( otherzone=ZONE | ( local | ZONEPLACE ) ( standard | daylight | summer | mean )? time ) ( on? otherday=WEEKDAY "
    ")? ) ~\\) )"
)
"""The same time in another zone, in brackets."""

RULES = (
    Rule(
        name="time of day",
        pattern=f"( {APPROX} )? ( CLOCK ) ( ZONED | _\\( ~ZONED ~\\) )? {DAY}?",
        read=_read_clock,
        accept=_is_clock,
        examples=(
            ("He was shot at [10 p.m. Wednesday].", "2024-06-26T22:00"),
            ("It opens at [9:30 a.m.], they said.", "2024-06-27T09:30"),
            ("It happened at [7pm].", "2024-06-27T19:00"),
            ("It starts at [9 p.m. EST on Friday, June 28].", "2024-06-28T21:00"),
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
        name="time of day in two zones",
        pattern=f"first=( ( ( CLOCKDAY ) ~,? at? )? ( {APPROX} )? ( CLOCK ) ( ZONED )? ) {PAIR} "
        "( ~,? on? after=( CLOCKDAY ) )?",
        parts=("first", "other", "after"),
        read=_read_pair,
        accept=_is_clock,
        examples=(
            ("It struck at [10:20 p.m.] (1320 GMT) on Sunday.", "2024-06-23T22:20"),
            ("It struck at 10:20 p.m. ([1320 GMT]) on Sunday.", "2024-06-23T13:20"),
            ("It struck at 6:20 a.m. ([2320 GMT]) on Sunday.", "2024-06-22T23:20"),
            ("It struck on [Sunday at 10:20 p.m.] (1320 GMT).", "2024-06-23T22:20"),
        ),
    ),
    Rule(
        name="hours of a range",
        pattern="first=( opening=( HHMM | HOUR ( ~: ~SIXTY )? ) ) ( _DASH | to | and | until | till ) _last=( ( "
        "hour=HOUR ( ~: ~minute=SIXTY )? _MERIDIEM | hour=HOUR ~: ~minute=SIXTY ( _MERIDIEM )? | military=HHMM ) "
        f"( ZONED | _\\( ~ZONED ~\\) )? {DAY}? )",
        parts=("first", "last"),
        read=_read_hours,
        accept=_is_range,
        examples=(
            ("It is open from [9] to 11 a.m. on Friday.", "2024-06-21T09:00"),
            ("It was closed between [0900] and 1700 GMT.", "2024-06-27T09:00"),
            ("It was closed between 0900 and [1700 GMT].", "2024-06-27T17:00"),
            ("They lost [10] to 11 of 12 games.", None),
        ),
    ),
    Rule(
        name="day with a time after it",
        pattern=f"( CLOCKDAY ) ~,? ( at | {APPROX} )? ( CLOCK ) ZONED?",
        read=_read_clock,
        accept=_is_clock,
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
        accept=_is_clock,
        examples=(("Logged [Thu Mar 5 07:08:09 UTC 2020] by cron.", "2020-03-05T07:08:09"),),
    ),
)
