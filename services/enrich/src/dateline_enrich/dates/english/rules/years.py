"""Years in figures and words."""

from __future__ import annotations

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.numbers import year_of
from dateline_enrich.dates.english.phrases import dated, phase_of
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import Point
from dateline_enrich.dates.rule import Reading, Rule
from dateline_enrich.dates.words import words

__all__ = ["RULES", "short_year", "stated_year"]


def stated_year(match: Match, context: Context) -> int | None:
    """Return the year that a match names ("1998", "'98", "last year", "of that year"), or None without a year."""
    if match.has("year"):
        return int(match.tokens("year")[-1])
    if match.has("short"):
        return short_year(int(match.tokens("short")[-1]), context)
    if match.has("spoken"):
        return year_of(match.tokens("spoken"))
    if not match.has("related"):
        return None
    related = match.word("related")
    if "that" in related or "same" in related:
        return context.year or (context.published.year if context.published else None)
    if context.published is None:
        return None
    return context.published.year + (-1 if "last" in related else 1 if "next" in related else 0)


def short_year(number: int, context: Context) -> int:
    """Return the year of two digits: the latest one that is at most ten years after the publication."""
    latest = context.published.year + 10 if context.published else 2050
    if context.narrative and context.year and context.year // 100 * 100 + number <= latest:
        return context.year // 100 * 100 + number
    return max(century + number for century in (1800, 1900, 2000) if century + number <= latest)


LEADS = words(
    "the in since by until till of from to and for through during between before after early late mid "
    "circa about around or fiscal year pre post into back than over both as began ended ca"
)
"""Words before a year; only years outside 1900 to 2050 need one of them."""

COUNTED = words(
    "people points men women troops soldiers miles feet kilometers kilometres km meters metres votes jobs "
    "workers employees dollars euros pounds shares percent pages yards acres barrels tons tonnes square "
    "words calories students members deaths cases homes units copies residents hours years days weeks "
    "months seats kg lbs rpm cc hp watts mph block degrees"
)
"""Words after a number that is a count and not a year."""

NUMBERED = words(
    "page p pp no number nos flight room route highway interstate channel section article bus line lot "
    "box suite apartment model chapter verse paragraph unit resolution windows boeing airbus mig rs usd "
    "eur gbp version formula protocol extension vision agenda horizon"
)
"""Words before a number that identifies something and is not a year."""

TITLES = {1984: words("orwell novel dystopia dystopian bestseller"), 2001: words("kubrick odyssey")}
"""Years that are titles of works, and the words near the title that show it."""


AMOUNT_LEADS = words("of to than about around over from for and or into")
"""Words before a number that counts the plural after it."""


NO_PLURALS = words("was is has as its this does")
"""Words in -s that are not plurals."""


def _is_plural(match: Match) -> bool:
    return match.token(1).islower() and match.after.endswith("s") and match.after not in NO_PLURALS


def _is_year(match: Match) -> bool:
    year = int(match.tokens("year")[-1])
    if match.after in COUNTED or "half" in (token.lower() for token in match.tokens("phase")):
        # Half a year is a business period.
        return False
    if not 1900 <= year <= 2050 and match.before in AMOUNT_LEADS and _is_plural(match):
        # "a project of 1065 villas"
        return False
    if match.token(-1) in ("-", "–") and match.token(-2).isdigit() and len(match.token(-2)) != 4:
        return False
    if year in TITLES and TITLES[year] & match.nearby(8, 12):
        return False
    if match.token(-2).lower() in NUMBERED and match.token(-1) in (" ", ".", "#"):
        return False
    return (
        1900 <= year <= 2050
        or match.before in LEADS
        or match.has("phase")
        or match.token(-1) in ("(", "[")
        or _in_range(match)
    )


def _in_range(match: Match) -> bool:
    """Return whether a dash and another year stand beside the match: "1704-1787", "(1710 – 1774, reigned ...)"."""
    tokens = match.scan.tokens
    before = [token for token in tokens[max(match.start - 4, 0) : match.start] if token != " "][-2:]
    after = [token for token in tokens[match.end : match.end + 4] if token != " "][:2]
    return any(
        len(pair) == 2 and pair[dash] in ("-", "–", "—") and pair[1 - dash].isdigit() and len(pair[1 - dash]) == 4
        for pair, dash in ((before, 1), (after, 0))
    )


def _read_year(match: Match, context: Context) -> Reading | None:
    year = stated_year(match, context)
    return dated(Point("year", year), mod=phase_of(match)) if year else None


FULL_YEAR = 1000
"""The first year in four figures."""

EARLIEST = 1500
"""The first year of a range with a slash, or with two figures at its end."""

LONGEST = 50
"""The number of years of the longest range with a slash: "2024/2022"."""


def _read_range(match: Match, context: Context) -> Reading:
    """Read one end of "1990-94"."""
    year, other = int(match.tokens("year")[0]), int(match.tokens("other")[0])
    last = other if other >= FULL_YEAR else year // 100 * 100 + other
    return dated(Point("year", year if match.part == "first" else last))


def _is_range(match: Match) -> bool:
    year, other = int(match.tokens("year")[0]), int(match.tokens("other")[0])
    if other >= FULL_YEAR:
        # A dash between full years is read as two years.
        slash = "/" in match.scan.tokens[match.start : match.end]
        return slash and abs(year - other) <= LONGEST and min(year, other) >= EARLIEST
    return EARLIEST <= year <= 2100 and year % 100 < other


RULES = (
    Rule(
        name="year",
        pattern="( PHASED | PORTION | APPROXIMATELY )? year=YEAR ( or ( later | earlier ) )?",
        read=_read_year,
        accept=_is_year,
        examples=(
            ("It began in [2012] and ended later.", "2012"),
            ("They left in [early 1998].", "1998"),
            ("The castle fell in [1241].", "1241"),
            ("By [the end of 2025] it will be built.", "2025"),
            ("He paid $[1998] for it.", None),
            ("Some [1998] people came.", None),
            ("See page [1984] of the report.", None),
        ),
    ),
    Rule(
        name="years of a range",
        pattern="first=( year=YEAR ) ( _DASH | ~/ ) _last=( other=( YY | YEAR ) )",
        parts=("first", "last"),
        read=_read_range,
        accept=_is_range,
        examples=(
            ("In [1990]-94 it was lost.", "1990"),
            ("In 1990-[94] it was lost.", "1994"),
            ("It grew ([2024]/2022) by a half.", "2024"),
            ("It grew (2024/[2022]) by a half.", "2022"),
        ),
    ),
    Rule(
        name="year with its word",
        pattern="PHASED? the? year ( year=YEAR | spoken=YEARWORDS )",
        read=_read_year,
        examples=(("It fell in [the year 1241].", "1241"), ("Since [the year two thousand] all is new.", "2000")),
    ),
    Rule(
        name="short year",
        pattern="PHASED? short=( APOS ~YY )",
        read=_read_year,
        accept=lambda match: match.before in ("in", "of", "since", "the", "from", "late", "early", "summer", "by"),
        examples=(("The class of ['98] met again.", "1998"),),
    ),
    Rule(
        name="year in words",
        pattern="spoken=( TEENS TENS ONES? )",
        read=_read_year,
        accept=lambda match: match.before in LEADS and (year_of(match.tokens("spoken")) or 0) > 1100,
        examples=(("He left in [nineteen ninety-four].", "1994"),),
    ),
)
