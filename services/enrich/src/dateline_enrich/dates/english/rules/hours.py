"""Two times of day beside each other: in two zones, and as the ends of a range."""

from __future__ import annotations

import re

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.clock import SPOKEN, ZONES, clock_of, zone_of
from dateline_enrich.dates.english.phrases import dated, part_of_day, undated
from dateline_enrich.dates.english.rules.clock import APPROX, DAY, UNKNOWN_DAY, day_beside, is_clock
from dateline_enrich.dates.english.rules.weekdays import weekday_point
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.rule import Reading, Rule

__all__ = ["RULES"]

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
        point, confidence, bare = day_beside(match, context)
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
    point, confidence, bare = day_beside(match, context)
    if point is None:
        return undated(bare, clock=clock)
    return Reading(type="TIME", value=point.value + clock, point=point, confidence=confidence, zone=zone_of(match))


def _is_range(match: Match) -> bool:
    opening = [token for token in match.tokens("opening") if token.isdigit()]
    if clock_of(match) is None or match.before not in ("from", "between", "at", "open", "of"):
        return False
    if len(opening[0]) == 4 or match.has("military"):
        return len(opening[0]) == 4 and match.has("military") and (match.has("zone") or opening[0][0] == "0")
    explicit = match.has("am") or match.has("pm")
    return explicit or (len(opening) > 1 and match.has("minute"))


def _read_spoken_hours(match: Match, context: Context) -> Reading | None:
    """Read one end of "between six and seven on Friday evening": both are in the half of the day of the last."""
    clock = clock_of(match)
    if clock is None:
        return None
    if match.part == "first":
        hour = int(clock[1:3]) - (SPOKEN[match.word("hour")] - SPOKEN[match.word("opening")]) % 12
        clock = f"T{hour:02}:00"
        if hour < 0:
            return None
    point, confidence, bare = day_beside(match, context)
    if point is None:
        return undated(bare, clock=clock)
    return Reading(type="TIME", value=point.value + clock, point=point, confidence=min(confidence, 0.85))


def _is_spoken_range(match: Match) -> bool:
    if match.word("today") in ("this", "last") and not match.has("part"):
        return False
    return match.before in ("from", "between") and {match.word("opening"), match.word("hour")} <= SPOKEN.keys()


PAIR = (
    "( _( \\( | / ) ~other=( elsewhere=( HHMM | HOUR ( ~: ~SIXTY )? _MERIDIEM | HOUR ~: ~SIXTY | HOUR ~. ~SIXTY ) "
    "( otherzone=ZONE | ZONENAME | ( local | ZONEPLACE ) ( standard | daylight | summer | mean )? time ) "
    "( on? otherday=WEEKDAY )? ) ~\\)? )"
)
"""The same time in another zone, in brackets or after a stroke."""

RULES = (
    Rule(
        name="time of day in two zones",
        pattern=f"first=( ( ( CLOCKDAY ) ~,? at? )? ( {APPROX} )? ( CLOCK ) ( ZONED | ZONENAME )? ) {PAIR} "
        "( ~,? on? after=( CLOCKDAY ) )?",
        parts=("first", "other", "after"),
        read=_read_pair,
        accept=is_clock,
        examples=(
            ("It struck at [10:20 p.m.] (1320 GMT) on Sunday.", "2024-06-23T22:20"),
            ("It struck at 10:20 p.m. ([1320 GMT]) on Sunday.", "2024-06-23T13:20"),
            ("It struck at 6:20 a.m. ([2320 GMT]) on Sunday.", "2024-06-22T23:20"),
            ("It struck on [Sunday at 10:20 p.m.] (1320 GMT).", "2024-06-23T22:20"),
            ("It aired at 8 p.m. Eastern/[5 p.m. Pacific on Sunday].", "2024-06-23T17:00"),
            ("It aired [Sunday at 8 p.m. ET]/5 p.m. PT.", "2024-06-23T20:00"),
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
        name="hours in words before a part of a day",
        pattern="first=( opening=HOURWORD ) ( to | and | until | till ) last=( hour=HOURWORD ( "
        "on? weekday=WEEKDAY part=PARTOFDAY | today=tonight "
        "| today=( yesterday | tomorrow | this | last ) part=PARTOFDAY ) )",
        parts=("first", "last"),
        read=_read_spoken_hours,
        accept=_is_spoken_range,
        examples=(
            ("It ended between [six] and seven on Friday evening.", "2024-06-21T18:00"),
            ("It ended between six and [seven on Friday evening].", "2024-06-21T19:00"),
            ("It ended between [eleven] and two yesterday afternoon.", "2024-06-26T11:00"),
        ),
    ),
)
