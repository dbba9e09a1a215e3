"""Named days such as holidays; their dates come from rules or from a calendar library."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.names import is_name_of_event
from dateline_enrich.dates.english.phrases import dated, part_of_day, undated, unknown
from dateline_enrich.dates.english.rules.years import stated_year
from dateline_enrich.dates.inference import in_range, nearest
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import Point
from dateline_enrich.dates.rule import Reading, Rule
from dateline_enrich.dates.words import words

__all__ = ["NAMED_DAY", "RULES", "is_named", "named_day"]

FIXED = {
    "new year's day": (1, 1), "epiphany": (1, 6), "australia day": (1, 26), "groundhog day": (2, 2),
    "valentine's day": (2, 14), "st patrick's day": (3, 17), "april fools' day": (4, 1), "april fool's day": (4, 1),
    "nowruz": (3, 20), "anzac day": (4, 25), "earth day": (4, 22), "may day": (5, 1), "cinco de mayo": (5, 5),
    "victory day": (5, 9), "juneteenth": (6, 19), "canada day": (7, 1), "bastille day": (7, 14),
    "independence day": (7, 4), "halloween": (10, 31), "all saints' day": (11, 1), "guy fawkes night": (11, 5),
    "veterans day": (11, 11), "armistice day": (11, 11), "christmas eve": (12, 24), "christmas day": (12, 25),
    "christmas": (12, 25), "boxing day": (12, 26), "new year's eve": (12, 31), "international women's day": (3, 8),
    "new year's": (1, 1),
}  # fmt: skip
"""Month and day of holidays with a fixed date."""

MOVING = {
    "martin luther king day": (1, 0, 3), "presidents' day": (2, 0, 3), "presidents day": (2, 0, 3),
    "mother's day": (5, 6, 2), "memorial day": (5, 0, -1), "father's day": (6, 6, 3), "labor day": (9, 0, 1),
    "labour day": (9, 0, 1), "columbus day": (10, 0, 2), "thanksgiving": (11, 3, 4), "thanksgiving day": (11, 3, 4),
}  # fmt: skip
"""Month, weekday (Monday is 0) and its number in the month (-1 is the last), as in the United States."""

EASTER = {
    "shrove tuesday": -47, "fat tuesday": -47, "mardi gras": -47, "ash wednesday": -46, "palm sunday": -7, "maundy "
    "thursday": -3, "good friday": -2, "holy saturday": -1,
    "easter": 0, "easter sunday": 0, "easter monday": 1, "easter week": 0, "ascension day": 39, "pentecost": 49,
    "whit sunday": 49, "whit monday": 50,
}  # fmt: skip
"""Holidays by their distance from Easter Sunday in days."""

CALENDAR = {
    "eid al-fitr": ("TR", "Eid al-Fitr"), "eid al-adha": ("TR", "Eid al-Adha"), "ramadan": ("TR", "Eid al-Fitr"),
    "yom kippur": ("IL", "Yom Kippur"), "rosh hashanah": ("IL", "Rosh Hashanah"),
    "rosh hashana": ("IL", "Rosh Hashanah"),
    "passover": ("IL", "Pesach"), "sukkot": ("IL", "Sukkot"), "diwali": ("IN", "Diwali"), "holi": ("IN", "Holi"),
    "chinese new year": ("SG", "Chinese New Year"), "lunar new year": ("SG", "Chinese New Year"),
}  # fmt: skip
"""Holidays by a country whose calendar holds them, and their name in that calendar."""

ONCE = {"d - day": "1944-06-06", "d-day": "1944-06-06", "9/11": "2001-09-11"}
"""Days that happened once, with their dates."""


def _moving(year: int, month: int, weekday: int, which: int) -> date:
    if which > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
    last = date(year, month + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)


def _easter(year: int, offset: int) -> date:
    from dateutil.easter import easter  # type: ignore[import-untyped]

    sunday: date = easter(year)
    return sunday + timedelta(days=offset)


@lru_cache(maxsize=256)
def _in_calendar(year: int, country: str, name: str) -> date | None:
    """Return the first day of a public holiday; the library is imported here because that takes half a second."""
    import holidays

    days = holidays.country_holidays(
        country, years=year, language="en_US" if country != "SG" else "en_SG", observed=False
    )
    return min((day for day, label in days.items() if name in label and day.year == year), default=None)


def _day_of(name: str) -> Callable[[int], date | None] | None:
    if name in FIXED:
        return lambda year: date(year, *FIXED[name])
    if name in MOVING:
        return lambda year: _moving(year, *MOVING[name])
    if name in EASTER:
        return lambda year: _easter(year, EASTER[name])
    if name == "black friday":
        return lambda year: _moving(year, 11, 3, 4) + timedelta(days=1)
    if name == "cyber monday":
        return lambda year: _moving(year, 11, 3, 4) + timedelta(days=4)
    if name == "election day":
        return lambda year: _moving(year, 11, 0, 1) + timedelta(days=1)
    if name in CALENDAR:
        return lambda year: _in_calendar(year, *CALENDAR[name])
    return None


def _name(match: Match) -> str:
    name = "".join(match.tokens("name")).lower().replace("’", "'").replace("`", "'").replace(".", "")
    return " ".join(name.split())


def named_day(match: Match, context: Context) -> tuple[Point | None, float]:
    """Return the day with the name in a match, or None if its year is unknown, and a confidence from 0 to 1."""
    name = _name(match)
    day_of = _day_of(name)
    if day_of is None:
        return None, 0.3
    year = stated_year(match, context)
    if year is None and context.narrative and not context.looks_ahead(match):
        year = context.year
    if year is not None:
        day, confidence = day_of(year), 0.9
    else:
        day, confidence = _nearest(day_of, match, context), 0.8
    return (None, 0.3) if day is None else (Point.of(day, "day"), confidence)


def _read_named(match: Match, context: Context) -> Reading | None:
    name = _name(match)
    if name in ONCE:
        return dated(Point.of(date.fromisoformat(ONCE[name]), "day"))
    clock = part_of_day(match)
    point, confidence = named_day(match, context)
    if point is None:
        if name in FIXED:
            return undated(f"XXXX-{FIXED[name][0]:02}-{FIXED[name][1]:02}", clock=clock)
        return undated("XXXX-XX-XX", clock=clock)
    if name == "ramadan":
        point = point.shift(-29).at("month")
    elif name == "easter week":
        point = point.at("week")
    return dated(point, clock=clock, confidence=confidence)


def _nearest(day_of: Callable[[int], date | None], match: Match, context: Context) -> date | None:
    today = context.today
    if (other := context.range_end or context.range_start) is not None:
        found = in_range(_days(day_of, other.year), context)
        if found is not None:
            return found
    if (framed := context.time_of_sentence(match)) is not None and context.tense(match) != "future":
        return day_of(framed.year)
    if today is None:
        return None
    days = _days(day_of, today.year)
    deictic = match.word("deictic")
    if deictic == "last":
        return max((day for day in days if day < today), default=None)
    if deictic == "next":
        return min((day for day in days if day > today), default=None)
    if deictic == "this":
        return next((day for day in days if day.year == today.year), None)
    return nearest(days, today, context.tense(match))


def _read_named_week(match: Match, context: Context) -> Reading | None:
    point, confidence = named_day(match, context)
    return unknown("week") if point is None else dated(point.at("week"), confidence=confidence)


def _days(day_of: Callable[[int], date | None], year: int) -> list[date]:
    """Return the dates of a named day in a year and the years beside it."""
    years = range(max(year - 1, 1), min(year + 1, 9999) + 1)
    return [day for each in years if (day := day_of(each)) is not None]


FOLLOWERS = words(
    "tree trees card cards carol carols island gift gifts present presents parade egg eggs party parties massacre"
)
"""Nouns that a named day only describes: "the Christmas tree"."""


def is_named(match: Match) -> bool:
    """Return whether a match names a day and not a thing that is called after one."""
    name = match.tokens("name")
    if name[0][0].islower():
        return False
    return match.after not in FOLLOWERS and not is_name_of_event(match)


def _spelled(name: str) -> str:
    name = name.replace("eid al-", "eid al ").replace("st ", "st ~.? ")
    return name.replace("'s", " ~APOS ~s").replace("s'", "s ~APOS").replace("9/11", "9 ~/ ~11").replace("-", " ")


NAMES = sorted(
    {*FIXED, *MOVING, *EASTER, *CALENDAR, "black friday", "cyber monday", "election day"}, key=len, reverse=True
)
"""The named days, longest name first."""

NAMED_DAY = f"name=( {' | '.join(map(_spelled, NAMES))} ) ( of? year=YEAR | ~, year=YEAR | of? related=RELATEDYEAR )?"
"""The pattern of a named day, with its year if one is written."""

RULES = (
    Rule(
        name="named day",
        pattern="PARTOF? ( deictic=( last | next | this ) )? "
        + NAMED_DAY
        + " part=( morning | night | evening | afternoon )?",
        read=_read_named,
        accept=is_named,
        infers_year=True,
        examples=(
            ("They met on [Christmas Eve].", "2023-12-24"),
            ("He will return after [Thanksgiving].", "2024-11-28"),
            ("The truce held through [Easter 2022].", "2022-04-17"),
            ("Prices rose before [Eid al-Fitr].", "2024-04-10"),
        ),
    ),
    Rule(
        name="week of a named day",
        pattern="the week of " + NAMED_DAY,
        read=_read_named_week,
        accept=is_named,
        infers_year=True,
        examples=(("It was closed for [the week of Thanksgiving].", "2023-W47"),),
    ),
    Rule(
        name="day of history",
        pattern="name=( 9 ~/ ~11 | d ~- ~day )",
        read=_read_named,
        examples=(("Since [9/11] the rules are stricter.", "2001-09-11"),),
    ),
)
