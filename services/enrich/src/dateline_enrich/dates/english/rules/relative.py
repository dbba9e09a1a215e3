"""Calendar units counted from the publication or from the last date: "last week", "a year earlier"."""

from __future__ import annotations

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.amounts import modifier, span_value
from dateline_enrich.dates.english.lexicon import UNITS
from dateline_enrich.dates.english.names import is_this_week
from dateline_enrich.dates.english.numbers import cardinal
from dateline_enrich.dates.english.phrases import phase_of, relative
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import Point
from dateline_enrich.dates.rule import Reading, Rule
from dateline_enrich.dates.words import words

__all__ = ["RULES", "moved"]

DAYS_IN = {"day": 1, "night": 1, "week": 7, "weekend": 7, "fortnight": 14}
"""Days in a unit."""

MONTHS_IN = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
"""Months in a unit."""

GRAINS = {"night": "day", "fortnight": "week", "weekend": "week"}
"""The grain of units that points do not have, or are not counted in."""


def _grain(match: Match) -> str:
    if match.has("word"):
        # "midyear"
        return match.word("word")[3:]
    return UNITS[match.tokens("unit")[0].lower()]


def _read_deictic(match: Match, context: Context) -> Reading | None:
    grain, word = _grain(match), match.word("deictic")
    if grain == "fortnight":
        grain = "week"
    shift = {"last": -1, "past": -1, "previous": -1, "preceding": -1, "next": 1, "coming": 1, "following": 1}.get(
        word, 0
    )
    mod = phase_of(match)
    if word in ("previous", "preceding", "following", "that", "same") or (word == "next" and match.has("article")):
        return relative(context, context.reference(grain), shift, grain, mod=mod, confidence=0.8)
    base = context.reference(grain) if context.narrative and word == "this" else context.now(grain)
    if grain == "weekend" and word == "this" and (today := context.today) is not None:
        shift = -1 if today.weekday() < 4 and context.tense(match) == "past" else 0
    return relative(context, base, shift, grain, mod=mod)


def _read_the_unit(match: Match, context: Context) -> Reading | None:
    """Read "the week", "the end of the year": the one that the text mentioned last, in news mostly the present one."""
    grain = _grain(match)
    word = match.word("deictic")
    anchor = context.anchor
    same = word != "this" and anchor is not None and anchor.grain == grain
    told = not match.has("full") and (context.narrative or word == "that" or same)
    base = context.reference(grain) if told else context.now(grain)
    if word in ("last", "next"):
        return relative(context, base, 1 if word == "next" else -1, grain, mod=phase_of(match))
    if grain == "weekend":
        now = context.now("day")
        if now is None:
            return relative(context, None, 0, grain)
        ahead = context.tense(match) == "future" or now.start.weekday() >= 5
        return relative(context, now.at("weekend"), 0 if ahead else -1, grain, confidence=0.8)
    last = match.before in ("since", "from") and phase_of(match) == "END"
    return relative(context, base, -1 if last else 0, grain, mod=phase_of(match), confidence=0.7)


def moved(base: Point, number: float, unit: str, grain: str | None = None) -> Point:
    """Return the point a number of units after another one; a year after a quarter is a quarter."""
    whole = round(number)
    if unit in DAYS_IN:
        target = grain or GRAINS.get(unit, unit)
        return Point.of(base.start.fromordinal(base.start.toordinal() + round(number * DAYS_IN[unit])), target)
    months = round(number * MONTHS_IN[unit])
    target = grain or unit
    if target in ("year", "decade", "century") and whole == number:
        return base.at(target).shift(whole)
    if target == "day":
        return _same_day(base, months)
    return base.at("month").shift(months).at(target)


def _same_day(base: Point, months: int) -> Point:
    start = base.start
    month = base.at("month").shift(months)
    for day in range(start.day, 0, -1):
        point = month.start.toordinal() + day - 1
        if point < month.end.toordinal():
            return Point("day", point)
    return month.at("day")


DEICTIC = frozenset({"ago", "hence", "from now"})
"""Directions that count from the publication."""

AHEAD = frozenset({"later", "after", "hence", "from now"})
"""Directions into the future."""

YEARS_IN = {"year": 1, "decade": 10, "century": 100, "millennium": 1000}
"""Years in a unit."""

PERIODS = {"quarter": 4, "half": 2, "season": 4}
"""Business periods in a year."""


def _read_distance(match: Match, context: Context) -> Reading | None:
    """Read "two days ago", "three weeks later", "a year earlier"."""
    unit, word, mod = _grain(match), match.word("direction"), modifier(match)
    sign = 1 if word in AHEAD else -1
    if match.has("vague") or match.has("bare"):
        return Reading(type="DATE", value="FUTURE_REF" if sign > 0 else "PAST_REF", mod=mod, confidence=0.8)
    number = cardinal(match.tokens("number")) if match.has("number") else 1.0
    if number is None:
        return None
    number += 0.5 if match.has("half") else 0
    deictic = word in DEICTIC
    if unit in ("hour", "minute", "second"):
        if not deictic:
            return Reading(type="DURATION", value=span_value(number, unit), mod=mod, confidence=0.7)
        days = int(number * {"hour": 3600, "minute": 60, "second": 1}[unit] // 86400)
        return relative(context, context.now("day"), sign * days, "day", mod=mod, confidence=0.6)
    if unit in YEARS_IN and match.has("single") and context.period is not None and word in ("ago", "earlier", "before"):
        return relative(context, context.period, -PERIODS[context.period.grain], "quarter", mod=mod, confidence=0.7)
    if unit in YEARS_IN:
        number, unit = number * YEARS_IN[unit], "year"
    grain = GRAINS.get(unit, unit)
    base = context.now("day") or context.now(grain) if deictic else context.anchor or context.now("day")
    if base is None or (unit in DAYS_IN and base.grain in ("century", "decade", "year")):
        return relative(context, None, 0, grain)
    if unit in DAYS_IN and base.grain in ("season", "half", "quarter", "month"):
        return relative(context, None, 0, grain)
    return relative(
        context, moved(base, sign * number, unit, grain), 0, grain, mod=mod, confidence=0.9 if deictic else 0.75
    )


def _is_distance(match: Match) -> bool:
    tokens = match.scan.tokens[match.start : match.end]
    if match.after == "than":
        # "two hours later than planned" is a duration.
        return False
    if match.word("direction") in ("before", "after"):
        return match.token(0) in (".", ",", ";", ")", "")
    if tokens[0].lower() == "the":
        return False
    return not ("-" in tokens and match.has("single"))


UNIT_LEADS = words("of for over during in on this throughout through until before by at since after around")
"""Words before "the week" and the like."""

AWARDED = words(
    "player coach man woman person team goal word book song album film movie car artist manager rookie photo athlete "
    "footballer driver journalist teacher student"
)
"""What is chosen in "player of the year"."""

RULES = (
    Rule(
        name="unit in relation",
        pattern="( phase=( early | late | sometime ) )? ( deictic=( last | next | this | past ) | ( "
        "article=the )? deictic=( current | coming ) ) unit=CALENDARUNIT "
        "| phase=( earlier | later ) deictic=( this | last | next ) unit=( month | year | decade | century )",
        read=_read_deictic,
        accept=lambda match: not is_this_week(match),
        counts_from_publication=True,
        examples=(
            ("Profits fell [last year].", "2023"),
            ("They meet [next week].", "2024-W27"),
            ("It was closed [earlier this month].", "2024-06"),
        ),
    ),
    Rule(
        name="unit in relation to the last date",
        pattern="( phase=( early | late | sometime ) )? ( deictic=that | ( article=the )? deictic=( previous | "
        "preceding | following | same ) | article=the deictic=next | that deictic=same ) unit=CALENDARUNIT "
        "| phase=( earlier | later ) deictic=that unit=( month | year | decade | century )",
        read=_read_deictic,
        examples=(("In May 2001 she left; [the following month] she returned.", "2001-06"),),
    ),
    Rule(
        name="end or start of a unit",
        pattern="phase=( the? ( beginning | start | end | middle | close ) of ) deictic=( the | this | that "
        "| last | next ) unit=( day | week | month | year | decade | century ) | phase=( early | "
        "late | later | earlier ) in deictic=( the | that ) unit=( week | month | year | decade | century ) "
        "| phase=( ( beginning | start | end | middle | close ) of ) unit=( month | year )",
        read=_read_the_unit,
        accept=lambda match: (
            (match.before in UNIT_LEADS or match.has("deictic"))
            and (match.before != "at" or match.tokens("unit")[0].lower() != "day")
        ),
        examples=(
            ("It will be ready by [the end of the year].", "2024"),
            ("[Later in the year] he left.", "2024"),
            ("It will be ready by [end of year].", "2024"),
        ),
    ),
    Rule(
        name="end of a unit in one word",
        pattern="APPROXIMATELY? the? unit=( year | month | week ) ~( APOS ~s )? phase=end | phase=mid unit=( year | "
        "week | "
        "month ) | word=( midyear | midweek | midmonth )",
        read=_read_the_unit,
        accept=lambda match: phase_of(match) == "END" or match.before in UNIT_LEADS,
        examples=(
            ("It should close by [year-end].", "2024"),
            ("The [mid-year] budget is ready.", None),
            ("It should close by [mid-year].", "2024"),
            ("It closed at [midweek].", "2024-W26"),
        ),
    ),
    Rule(
        name="the unit",
        pattern="the ( full=full )? unit=( week | weekend | month | year )",
        read=_read_the_unit,
        accept=lambda match: (
            match.before in UNIT_LEADS
            and not (match.before == "of" and match.token(-4).lower() in AWARDED)
            and match.after not in ("of", "before", "after", "to", "ended", "ending", "when", "in", "that")
        ),
        examples=(("It rained over [the weekend].", "2024-W25-WE"),),
    ),
    Rule(
        name="distance in time",
        pattern="( approx=( APPROX | about ) )? ( vague=( VAGUE | a couple of? ) unit=( UNIT | UNITS ) | "
        "number=CARDINAL unit=( UNIT | UNITS ) | single=( a | an | one | the ) unit=UNIT | approx=( "
        "over | under ) ( number=CARDINAL unit=UNITS | single=( a | an ) unit=UNIT ) | bare=( "
        "unit=UNITS ) ) ( half=( and a half ) | or ( so | two ) )? direction=( ago | earlier | later | before | after "
        "| hence | from now | previously )",
        read=_read_distance,
        accept=_is_distance,
        compares=True,
        examples=(
            ("He left [two days ago].", "2024-06-25"),
            ("It closed [three months ago].", "2024-03"),
            ("On May 3, 2001 he fell ill; [two weeks later] he died.", "2001-W20"),
            ("She left [several years ago].", "PAST_REF"),
        ),
    ),
)
