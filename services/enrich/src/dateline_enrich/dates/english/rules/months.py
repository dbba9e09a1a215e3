"""Months and seasons, with and without a year."""

from __future__ import annotations

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.names import is_name_of_event
from dateline_enrich.dates.english.phrases import SEASON_NUMBERS, dated, month_number, phase_of, undated
from dateline_enrich.dates.english.rules.years import stated_year
from dateline_enrich.dates.inference import year_of_day
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import SEASONS, Point
from dateline_enrich.dates.rule import Reading, Rule
from dateline_enrich.dates.words import words

__all__ = ["RULES"]


def _read_month(match: Match, context: Context) -> Reading | None:
    month = month_number(match)
    year = stated_year(match, context)
    if year is not None:
        return dated(Point.part("month", year, month), mod=phase_of(match))
    deictic = match.word("deictic")
    if deictic:
        return _counted("month", f"XXXX-{month:02}", month, 12, deictic, match, context)
    year, confidence = year_of_day(month, None, match, context)
    if year is None:
        return undated(f"XXXX-{month:02}", mod=phase_of(match))
    return dated(Point.part("month", year, month), mod=phase_of(match), confidence=confidence)


def _counted(grain: str, bare: str, number: int, size: int, deictic: str, match: Match, context: Context) -> Reading:
    """Read "last May", "next summer": counted from the publication."""
    now = context.now(grain)
    if now is None:
        return undated(bare, mod=phase_of(match))
    ahead = (number - now.number) % size
    if deictic in ("last", "past"):
        shift = ahead - size
    elif deictic in ("next", "coming"):
        shift = ahead or size
    else:
        shift = number - now.number
    return dated(now.shift(shift), mod=phase_of(match))


LEADS = words(
    "in since by until till last next this early late mid of from to and for through during between "
    "before after or early-to-mid every each past coming around about ending ended beginning starting "
    "previous earlier later pre post into toward towards throughout as than late-"
)
"""Words before a month whose name is also another word: May, March, abbreviations."""

STRONG_LEADS = words("in since by until till during last next early late mid this throughout")
"""Words before a month even if a person's name could stand there: April, June, August."""


def _is_impossible_day(word: str) -> bool:
    return word.isdecimal() and len(word) <= 2 and 1 <= int(word) <= 31


def _is_month(match: Match) -> bool:
    if _is_impossible_day(match.after) or _is_impossible_day(match.before):
        # "February 30": an existing day would have been found together with its month.
        return False
    if is_name_of_event(match):
        return False
    if match.has("deictic") or match.has("phase"):
        return True
    name = match.tokens("month")[0].lower()
    if len(name) <= 4 and name not in ("june", "july"):
        return match.before in LEADS and not (name != "may" and _is_name(match.token(0), match.token(1)))
    if name == "march":
        if match.after in ("on", "for", "against", "of", "to", "through") or (
            match.before in ("the", "a") and match.after in ("in", "was")
        ):
            return False
        return match.before in LEADS or (match.before in ("the", "its", "their") and match.after.isalpha())
    if name in ("april", "june", "august"):
        return match.before in STRONG_LEADS or not (
            _is_name(match.token(0), match.token(1)) or _is_name(match.token(-1), match.token(-2))
        )
    return True


def _is_name(gap: str, word: str) -> bool:
    return gap == " " and word[:1].isupper() and word.isalpha() and not word.isupper() and word.lower() not in LEADS


def _read_season(match: Match, context: Context) -> Reading | None:
    season = match.word("season")
    number = SEASON_NUMBERS[season]
    bare = f"XXXX-{SEASONS[number - 1]}"
    year = stated_year(match, context)
    if match.has("other"):
        # A season of two years begins in the first: "the winter of 2022-23".
        year = int(match.tokens("year")[0])
    if year is not None:
        return dated(Point.part("season", year, number), mod=phase_of(match))
    deictic = match.word("deictic")
    if deictic in ("following", "previous") and (base := context.reference("season")) is not None:
        ahead = (number - base.number) % 4
        return dated(base.shift((ahead or 4) if deictic == "following" else (ahead - 4)), confidence=0.8)
    if deictic:
        return _counted("season", bare, number, 4, deictic, match, context)
    if context.narrative and context.year is not None:
        return dated(Point.part("season", context.year, number), mod=phase_of(match), confidence=0.6)
    now = context.now("season")
    if now is None:
        return undated(bare, mod=phase_of(match))
    ahead = (number - now.number) % 4
    shift = ahead if ahead == 0 or context.tense(match) == "future" else ahead - 4
    return dated(now.shift(shift), mod=phase_of(match), confidence=0.6)


SEASON_LEADS = words("in by during since until through throughout of from and every each before after for")
"""Words before the name of a season."""

MOVES = words("from in to for on over below apart back behind short off out into under")
"""Words after the verbs "fall" and "spring"."""


CAMPAIGNS = words("Offensive Campaign Harvest")
"""Nouns of events that are called after the time at which they were."""


def _is_season(match: Match) -> bool:
    if any(match.has(name) for name in ("year", "short", "related", "deictic", "phase")):
        return True
    name = match.word("season")
    if name in ("fall", "spring") and (match.after in MOVES or match.after == "of" or match.token(-1) != " "):
        # "until the fall of the city"
        return False
    if (
        match.tokens("season")[0][0].isupper()
        and match.token(0) == " "
        and match.token(1)[:1].isupper()
        and (match.token(1) not in CAMPAIGNS)
    ):
        # "the Winter Olympics"
        return False
    if match.has("article"):
        return name not in ("fall", "spring") or match.before in SEASON_LEADS
    if match.tokens("season")[0][0].isupper():
        return match.before in SEASON_LEADS and not match.token(1)[:1].isupper()
    return match.before in SEASON_LEADS


RULES = (
    Rule(
        name="month with year",
        pattern="( PHASED | PORTION )? month=ANYMONTH ( _,? ( of | in )? year=YEAR | ~, of? related=RELATEDYEAR | ( "
        "of | "
        "in )? related=RELATEDYEAR | short=( APOS ~YY ) | ( of | in )? spoken=YEARWORDS )",
        read=_read_month,
        examples=(
            ("The [November 1995] talks failed.", "1995-11"),
            ("It ended in [February of 1940].", "1940-02"),
            ("They met in [July last year].", "2023-07"),
        ),
    ),
    Rule(
        name="month",
        pattern="( PHASED | PORTION | ( phase=( early | late ) )? this? deictic=( last | next | this | past | coming "
        ") PHASED? ) ? month=MONTH",
        read=_read_month,
        accept=_is_month,
        infers_year=True,
        examples=(
            ("Sales fell in [May], the bank said.", "2024-05"),
            ("It will be opened in [August].", "2024-08"),
            ("Fares rose [last June].", "2023-06"),
            ("It was signed in [late March].", "2024-03"),
            ("[May] was elected twice.", None),
            ("The [March] on Washington drew thousands.", None),
            ("We [may] see more of it.", None),
        ),
    ),
    Rule(
        name="season with year",
        pattern="( PHASED | PORTION )? the? ( phase=( early | late | mid ) )? season=SEASON season? ( of? year=YEAR ( "
        "_( DASH | / ) ~other=( YEAR | YY ) )? | of? short=( APOS ~YY ) | of spoken=YEARWORDS | of? "
        "related=RELATEDYEAR ) "
        "| the? year=YEAR ( _( DASH | / ) ~other=( YEAR | YY ) )? season=SEASON season?",
        read=_read_season,
        examples=(
            ("In [the winter of 1994] snow fell.", "1994-WI"),
            ("It was sold in [summer 2019].", "2019-SU"),
            ("In [the winter season of 2022-2023] snow fell.", "2022-WI"),
            ("In [the 2022-23 winter] snow fell.", "2022-WI"),
        ),
    ),
    Rule(
        name="season",
        pattern="( PHASED | PORTION )? ( article=the )? ( phase=( early | late | mid ) )? ( this? deictic=( last | "
        "next | "
        "this | past | coming ) )? season=SEASON season? | the deictic=( following | next | previous ) "
        "season=SEASON",
        read=_read_season,
        accept=_is_season,
        infers_year=True,
        examples=(
            ("The team was formed [last fall].", "2023-FA"),
            ("It rained a lot in [the spring].", "2024-SP"),
            ("Prices [fall] in most years.", None),
            ("He ruled until [the Fall] of the city.", None),
            ("It will open by [the fall], he said.", "2024-FA"),
        ),
    ),
)
