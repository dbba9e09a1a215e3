"""Decades, centuries, and years before and after Christ."""

from __future__ import annotations

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.numbers import ordinal, year_of
from dateline_enrich.dates.english.phrases import SEASON_NUMBERS, dated, day_number, month_number, phase_of
from dateline_enrich.dates.english.rules.years import short_year
from dateline_enrich.dates.inference import is_day
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import SEASONS, Point
from dateline_enrich.dates.rule import Reading, Rule
from dateline_enrich.dates.words import words

__all__ = ["RULES"]


NOTE = "( BC | b ~. _c ~.? ( ~e ~.? )? )"
"""The pattern of "BC" after a year."""

BEFORE_CHRIST = f"number=( INT ( ~, ~THREE )? ) {NOTE}"
"""The pattern of a year before Christ."""


def _number(match: Match, name: str = "number") -> int:
    return int("".join(token for token in match.tokens(name) if token.isdigit()))


def _read_bc(match: Match, context: Context) -> Reading | None:
    """Read "146 BC", "April 480 BC", "the winter of 481 BC"."""
    value = f"BC{_number(match):04}"
    if match.has("season"):
        value += f"-{SEASONS[SEASON_NUMBERS[match.word('season')] - 1]}"
    elif match.has("month"):
        value += f"-{month_number(match):02}"
        if match.has("day"):
            if not is_day(LEAP_YEAR, month_number(match), day_number(match)):
                return None
            value += f"-{day_number(match):02}"
    mod = "APPROX" if match.has("approx") else phase_of(match)
    return Reading(type="DATE", value=value, mod=mod)


EARLIEST_MONTH = 1600
"""The first year before Christ of which months are known: "In May 2019 BC Ferries raised its fares"."""


def _is_bc(match: Match) -> bool:
    number = _number(match)
    return 0 < number <= EARLIEST_MONTH if match.has("month") or match.has("season") else True


LEAP_YEAR = 2000
"""A year with each day that a month may have."""


def _read_bc_decade(match: Match, context: Context) -> Reading:
    number = _number(match)
    value = f"BC{number // 100:02}" if number % 100 == 0 else f"BC{number // 10:03}"
    return Reading(type="DATE", value=value, mod=phase_of(match))


def _read_bc_range(match: Match, context: Context) -> Reading:
    return Reading(type="DATE", value=f"BC{_number(match, 'early' if match.part == 'first' else 'number'):04}")


def _is_bc_range(match: Match) -> bool:
    """Return whether the years count down, as they do before Christ: "from 499 to 493 BC"."""
    return _number(match, "early") > _number(match)


def _read_ad(match: Match, context: Context) -> Reading | None:
    number = int(match.tokens("number")[0])
    return dated(Point("year", number)) if number else None


DECADES = {
    word: number
    for number, word in enumerate(
        ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"], 2
    )
}
"""Decades in words, by their number within a century."""


def _read_decade(match: Match, context: Context) -> Reading | None:
    if match.has("year"):
        number = int(match.tokens("year")[0])
        point = (
            Point("century", number // 100) if number % 100 == 0 and number < 1900 else Point("decade", number // 10)
        )
    elif match.has("short"):
        point = _short_decade(int(next(token for token in match.tokens("short") if token.isdigit())), context)
    else:
        century = match.tokens("century")
        point = Point(
            "decade",
            ((year_of([*century, "ten"]) or 1910) // 100 * 10 if century else 190) + DECADES[match.word("decade")],
        )
    return dated(point, mod=phase_of(match))


def _short_decade(number: int, context: Context) -> Point:
    """Return the last decade with this number that has begun: "the '30s" are over in 2024."""
    if context.narrative and context.year:
        return Point("decade", short_year(number, context) // 10)
    latest = context.published.year if context.published else LATEST
    return Point("decade", max(century + number for century in (1800, 1900, 2000) if century + number <= latest) // 10)


LATEST = 2029
"""The last year of a decade in two figures if the publication date is unknown."""

NO_DECADES = words(
    "temperature temperatures highs lows degrees heat mercury thermometer thermometers fahrenheit celsius forecast "
    "humidity "
    "aged age ages percent cents mph rating ratings score scores weather"
)
"""Words near figures in "the mid-80s" that are a temperature, an age or an amount."""

OWNERS = words("his her their my our your its")
"""Words before an age: "in her late 80s"."""

DECADE_LEADS = words("in of since during from until till to through by like and early late mid")
"""Words before "the 80s"."""


def _is_short_decade(match: Match) -> bool:
    if match.before in OWNERS or NO_DECADES & match.nearby(16, 12):
        return False
    return match.has("phase") or (match.scan.tokens[match.start].lower() == "the" and match.before in DECADE_LEADS)


def _read_two_decades(match: Match, context: Context) -> Reading:
    """Read one of "the 1960s and 70s", "the 60s and 70s"."""
    number = (
        int(match.tokens("other")[0])
        if match.part == "last"
        else int((match.tokens("year") or match.tokens("short"))[0])
    )
    if match.has("year") and match.part == "last":
        number += int(match.tokens("year")[0]) // 100 * 100
    return dated(Point("decade", number // 10) if number >= 100 else _short_decade(number, context))


def _is_pair(match: Match) -> bool:
    first, last = (match.tokens("year") or match.tokens("short"))[0], match.tokens("other")[0]
    return int(first) % 10 == 0 and int(first) % 100 < int(last) and not NO_DECADES & match.nearby(16, 12)


def _is_decade(match: Match) -> bool:
    digits = match.tokens("year") or match.tokens("short")
    return not digits or int(digits[-1]) % 10 == 0


def _is_decade_word(match: Match) -> bool:
    return match.before not in ("his", "her", "their", "my", "our", "its") and match.after not in ("percent",)


def _read_century(match: Match, context: Context) -> Reading | None:
    number = ordinal(match.tokens("number")) or 0
    if match.has("bc"):
        return Reading(type="DATE", value=f"BC{number - 1:02}", mod=phase_of(match))
    return dated(Point("century", number - 1), mod=phase_of(match))


def _is_century(match: Match) -> bool:
    return 1 <= (ordinal(match.tokens("number")) or 0) <= 30


RULES = (
    Rule(
        name="year before Christ",
        pattern=f"( PHASED | PORTION | APPROXIMATELY )? ( month=ANYMONTH of? | the? day=DATEDAY of? month=ANYMONTH "
        "~,? "
        f"| month=ANYMONTH day=DATEDAY ~, | the? ( phase=( early | late | mid ) )? season=SEASON of? )? "
        f"{BEFORE_CHRIST}",
        read=_read_bc,
        accept=_is_bc,
        examples=(
            ("Carthage fell in [146 BC].", "BC0146"),
            ("It was [149 B.C.] or later.", "BC0149"),
            ("The fleet sailed in [May 415 BC].", "BC0415-05"),
            ("He was stabbed on [15 March 44 BC].", "BC0044-03-15"),
            ("They rested in [the winter of 218 BC].", "BC0218-WI"),
            ("It ended in [late 202 BC].", "BC0202"),
        ),
    ),
    Rule(
        name="years of a range before Christ",
        pattern=f"first=( early=( INT ( ~, ~THREE )? ) ) ( _DASH | to | until | and | or ) _last=( {BEFORE_CHRIST} )",
        parts=("first", "last"),
        read=_read_bc_range,
        accept=_is_bc_range,
        examples=(
            ("The war ([264]-241 BC) was long.", "BC0264"),
            ("The war (264-[241 BC]) was long.", "BC0241"),
            ("It lasted from [218] to 201 BC.", "BC0218"),
            ("He moved [3] to 201 BC.", None),
        ),
    ),
    Rule(
        name="decade before Christ",
        pattern=f"( PHASED | PORTION )? the? ( phase=( EARLYLATE ) )? number=INT ~s {NOTE}",
        read=_read_bc_decade,
        accept=lambda match: _number(match) > 0 and _number(match) % 10 == 0,
        examples=(("It was built in [the 440s BC].", "BC044"), ("It was old in [the 400s BC].", "BC04")),
    ),
    Rule(
        name="year after Christ",
        pattern="( AD | a ~. ~d ~.? ) number=INT | number=INT ( AD | a ~. ~d ~. )",
        read=_read_ad,
        examples=(("It burned in [AD 64] at night.", "0064"),),
    ),
    Rule(
        name="decade",
        pattern="( PHASED | PORTION )? the? ( phase=( EARLYLATE ) )? ( year=YEAR ~s | year=YEAR ~APOS ~s | "
        "short=( APOS _YY ) ~s )",
        read=_read_decade,
        accept=_is_decade,
        examples=(
            ("It was built in [the late 1990s].", "199"),
            ("Music of [the '80s] is back.", "198"),
            ("In [the 1700s] it was a port.", "17"),
        ),
    ),
    Rule(
        name="decade in two figures",
        pattern="( PHASED | PORTION )? the? ( phase=( EARLYLATE ) )? short=DECADEFIGURES ~s",
        read=_read_decade,
        accept=_is_short_decade,
        examples=(
            ("It was built in [the late 60s].", "196"),
            ("It was built in [the mid-30s].", "193"),
            ("Songs of [the 80s] are back.", "198"),
            ("She is in her [late 80s].", None),
            ("Temperatures were in [the mid-80s].", None),
        ),
    ),
    Rule(
        name="two decades",
        pattern="first=( the ( year=YEAR | short=DECADEFIGURES ) ~s ) ( and | or | to | through | _DASH ) last=( the? "
        "APOS? _other=DECADEFIGURES ~s )",
        parts=("first", "last"),
        read=_read_two_decades,
        accept=_is_pair,
        examples=(
            ("It grew in [the 1960s] and 70s.", "196"),
            ("It grew in the 1960s and [70s].", "197"),
            ("It grew in the 60s and [70s].", "197"),
        ),
    ),
    Rule(
        name="decade in words",
        pattern="( PHASED | PORTION )? the ( phase=( EARLYLATE ) )? ( century=( TEENS | twenty ) )? decade=DECADEWORD",
        read=_read_decade,
        accept=_is_decade_word,
        examples=(("Membership grew in [the nineties].", "199"),),
    ),
    Rule(
        name="century",
        pattern="( PHASED | PORTION )? the? ( phase=( EARLYLATE ) )? number=ORDINAL ( century | centuries ) ( "
        "bc=( BC | b ~. _c ~.? ) )?",
        read=_read_century,
        accept=_is_century,
        examples=(("A church of [the 11th century] burned.", "10"), ("[Nineteenth-century] maps show it.", "18")),
    ),
)
