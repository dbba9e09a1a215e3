"""Decades, centuries, and years before and after Christ."""

from __future__ import annotations

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.numbers import ordinal, year_of
from dateline_enrich.dates.english.phrases import dated, phase_of
from dateline_enrich.dates.english.rules.years import short_year
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import Point
from dateline_enrich.dates.rule import Reading, Rule

__all__ = ["RULES"]


def _read_bc(match: Match, context: Context) -> Reading:
    number = int("".join(token for token in match.tokens("number") if token.isdigit()))
    return Reading(type="DATE", value=f"BC{number:04}")


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
        point = Point("decade", short_year(int(match.tokens("short")[-1]), context) // 10)
    else:
        century = match.tokens("century")
        point = Point(
            "decade",
            ((year_of([*century, "ten"]) or 1910) // 100 * 10 if century else 190) + DECADES[match.word("decade")],
        )
    return dated(point, mod=phase_of(match))


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
        pattern="number=( INT ( ~, ~THREE )? ) ( BC | b ~. _c ~.? ( ~e ~.? )? )",
        read=_read_bc,
        examples=(("Carthage fell in [146 BC].", "BC0146"), ("It was [149 B.C.] or later.", "BC0149")),
    ),
    Rule(
        name="year after Christ",
        pattern="( AD | a ~. ~d ~.? ) number=INT | number=INT ( AD | a ~. ~d ~. )",
        read=_read_ad,
        examples=(("It burned in [AD 64] at night.", "0064"),),
    ),
    Rule(
        name="decade",
        pattern="( PHASED | PORTION )? the? ( phase=( early | late | mid ) )? ( year=YEAR ~s | year=YEAR ~APOS ~s | "
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
        name="decade in words",
        pattern="( PHASED | PORTION )? the ( phase=( early | late | mid ) )? ( century=( TEENS | twenty ) )? "
        "decade=DECADEWORD",
        read=_read_decade,
        accept=_is_decade_word,
        examples=(("Membership grew in [the nineties].", "199"),),
    ),
    Rule(
        name="century",
        pattern="( PHASED | PORTION )? the? ( phase=( early | late | mid ) )? number=ORDINAL ( century | centuries ) ( "
        "bc=( BC | b ~. _c ~.? ) )?",
        read=_read_century,
        accept=_is_century,
        examples=(("A church of [the 11th century] burned.", "10"), ("[Nineteenth-century] maps show it.", "18")),
    ),
)
