"""Quarters, halves and fiscal years in company news."""

from __future__ import annotations

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.numbers import ordinal
from dateline_enrich.dates.english.phrases import dated, relative, undated
from dateline_enrich.dates.english.rules.years import short_year, stated_year
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import Point
from dateline_enrich.dates.rule import Reading, Rule
from dateline_enrich.dates.words import words

__all__ = ["RULES"]


def _number(match: Match, name: str, size: int) -> int:
    if name in ("last", "final", "latter"):
        return size
    figure = next((token for token in match.tokens("number") if token.isdigit()), match.tokens("number")[-1])
    return 1 if name == "opening" else int(figure) if figure.isdigit() else ordinal([figure]) or 1


def _read_part(match: Match, context: Context) -> Reading | None:
    """Read "the third quarter of 1998", "second-half"; without a year, the last one that has begun."""
    grain = "half" if match.has("half") else "quarter"
    name = match.word("number")
    size = 2 if grain == "half" else 4
    if match.has("half") and not match.has("number"):
        number = int(next(token for token in match.tokens("half") if token.isdigit()))
    else:
        number = _number(match, name, size)
    if number > size:
        return None
    year, confidence = _year(match, context), 1.0
    now = context.now(grain)
    if year is None and context.range_end is not None:
        year, confidence = context.range_end.year, 0.95
    if year is None and context.narrative and context.year:
        year, confidence = context.year, 0.6
    if year is not None:
        return dated(Point.part(grain, year, number), confidence=confidence)
    if now is None:
        return undated(f"XXXX-{grain[0].upper()}{number}")
    gap = (number - now.number) % size
    if gap and (gap == size - 1 or context.tense(match) != "future"):
        gap -= size
    return dated(now.shift(gap), confidence=0.8)


def _year(match: Match, context: Context) -> int | None:
    """Return the year that a match names; the fiscal year 2023-24 is called after the year in which it ends."""
    if not match.has("ends"):
        return stated_year(match, context)
    first, last = int(match.tokens("opens")[0]), int(match.tokens("ends")[-1])
    if last >= 100:
        return last
    century = first // 100 if first >= 100 else short_year(first, context) // 100
    return century * 100 + last


def _is_plain(match: Match) -> bool:
    """Reject the article before a hyphenated adjective, as it belongs to the noun: "the [third-quarter] loss"."""
    tokens = match.scan.tokens[match.start : match.end]
    if "-" in tokens and tokens[0].lower() in ("the", "a"):
        return False
    return not (_is_repetition(match) or (match.has("number") and SPORT & match.nearby(12, 12)))


REPEATED = words("running straight without consecutive")
"""Words after a quarter that is one of several: "for the third quarter running"."""

ROWS = (("in", "a", "row"), ("in", "a", "line"), ("in", "succession"), ("on", "the", "trot"), ("in", "which"))
"""The same in several words."""

YEARS = words("year fiscal fy")
"""Words of a year after "the third quarter of"."""

AMOUNTS = words("about more less nearly almost some only just us")
"""Words before an amount: "a loss for the third quarter of about $2 million"."""

SPORT = words(
    "touchdown touchdowns quarterback halftime yards rebound rebounds fumble interception interceptions dunk buzzer "
    "punt"
)
"""Words beside the quarter of a game."""


def _is_repetition(match: Match) -> bool:
    """Return whether an ordinal counts quarters and names none: "for the third quarter in a row", "of growth"."""
    tokens = match.scan.tokens[match.end : match.end + 9]
    following = tuple(token.lower() for token in tokens if not token.isspace() and token != "-")
    if following[:1] == ("of",):
        counted = following[1:2] != () and following[1].isalpha() and following[1] not in AMOUNTS
        return counted and YEARS.isdisjoint(following[1:4])
    if following[:1] == ("since",):
        return following[1:2] != () and following[1].isdigit() and match.word("number") == "first"
    return following[:1] != () and (following[0] in REPEATED or any(following[: len(row)] == row for row in ROWS))


def _is_code(match: Match) -> bool:
    """Accept the quarters Q1 to Q4 and the halves H1 and H2; without a year, "2H" may be anything."""
    if match.before == "audi" or (match.token(0) == ":" and (match.start == 0 or "\n" in match.token(-1))):
        # The model of a car, or the question of an interview.
        return False
    code = match.tokens("half") or match.tokens("number")
    number = next(token for token in code if token.isdigit())
    if number not in ("12" if match.has("half") else "1234") or len(number) > 1:
        return False
    return code[0] != number or match.has("number") or any(match.has(name) for name in ("year", "short", "ends"))


FIGURES = words("profit profits results earnings net sales revenue revenues loss losses income figures growth report")
"""Nouns after the adjective "first-half", which may also be about a game."""


def _is_half(match: Match) -> bool:
    tokens = match.scan.tokens[match.start : match.end]
    if "-" in tokens and tokens[0].lower() == "the":
        return False
    stated = any(match.has(name) for name in ("year", "related", "short", "ends"))
    return stated or tokens[-1].lower() == "year" or ("-" in tokens and match.after in FIGURES)


def _read_two(match: Match, context: Context) -> Reading | None:
    """Read one of "the first and second quarters of 2023"; without a year they are those of every year."""
    number = ordinal(match.tokens("number" if match.part == "first" else "other")) or 1
    year = stated_year(match, context)
    return undated(f"XXXX-Q{number}") if year is None else dated(Point.part("quarter", year, number))


def _read_the_quarter(match: Match, context: Context) -> Reading | None:
    """Read "the quarter", "the latest period": the reported period, else the last one that has ended."""
    word = match.word("deictic")
    now = context.now("quarter")
    if word in ("last", "previous"):
        return relative(context, now, -1, "quarter", confidence=0.7)
    if word in ("next", "coming"):
        return relative(context, now, 1, "quarter", confidence=0.8)
    if word in ("current",):
        return relative(context, now, 0, "quarter", confidence=0.8)
    if context.period is not None:
        return dated(context.period, confidence=0.8)
    if word == "this":
        return relative(context, now, 0, "quarter", confidence=0.7)
    return relative(context, now, -1, "quarter", confidence=0.6)


def _read_year_ago(match: Match, context: Context) -> Reading | None:
    """Read "year-earlier", "the year-ago quarter": the same period of the year before."""
    if match.has("number") and (now := context.now("quarter")) is not None:
        ahead = (ordinal(match.tokens("number")) or 1) - now.number
        return dated(now.shift((ahead if ahead <= 0 else ahead - 4) - 4), confidence=0.8)
    if context.period is not None:
        back = 2 if context.period.grain == "half" else 4
        return dated(context.period.shift(-back), confidence=0.8)
    if match.has("unit") and match.word("unit") == "quarter":
        return relative(context, context.now("quarter"), -5, "quarter", confidence=0.6)
    return relative(context, context.now("year"), -1, "year", confidence=0.6)


def _read_year_period(match: Match, context: Context) -> Reading | None:
    """Read "the 1988 period": the reported business period in another year."""
    year = int(match.tokens("year")[0])
    if context.period is not None:
        return dated(Point.part(context.period.grain, year, context.period.number), confidence=0.7)
    return dated(Point("year", year))


def _read_fiscal(match: Match, context: Context) -> Reading | None:
    if (year := _year(match, context)) is not None:
        return dated(Point("year", year))
    word = match.word("deictic")
    shift = {"last": -1, "previous": -1, "latest": -1, "next": 1}.get(word, 0)
    return relative(context, context.now("year"), shift, "year", confidence=0.6)


RULES = (
    Rule(
        name="quarter",
        pattern="the? ( year=YEAR | this year ~APOS ~s | related=RELATEDYEAR ~APOS ~s | FISCALYEAR ( ~APOS ~s )? )? "
        "fiscal? "
        "number=( QUARTERTH | final ) fiscal? quarter ( ~,? ( of | in )? the? fiscal? year? year=YEAR | ( of | in )? "
        "FISCALYEAR "
        "| ~,? of? related=RELATEDYEAR | of the year=YEAR fiscal year | of ( the | its | their | this ) fiscal? year "
        ")? "
        "| the number=last quarter of ( fiscal? year=YEAR | FISCALYEAR | related=RELATEDYEAR | the year )",
        read=_read_part,
        accept=_is_plain,
        infers_year=True,
        reports_period=True,
        examples=(
            ("The [third-quarter] loss grew.", "2023-Q3"),
            ("In [the first quarter of 2019] it was sold.", "2019-Q1"),
            ("In [the second quarter of FY25] it was sold.", "2025-Q2"),
            ("For [the third quarter] in a row it was shut.", None),
        ),
    ),
    Rule(
        name="quarter in figures",
        pattern="( number=( INT ~qfy ) | half=( INT ~hfy ) ) ~( year=YEAR | short=YY ) | ( number=QCODE | half=HCODE "
        ") ( _,? of? opens=YEAR ~( - | / ) ~ends=YY | _,? of? year=YEAR | "
        "_FISCALYEAR | of FISCALYEAR | ~short=YY | _short=( APOS ~YY ) "
        "| ~( - | / ) ~( year=YEAR | short=YY ) )? | ( year=YEAR | FISCALYEAR ) ( _( number=QCODE | half=HCODE ) )",
        read=_read_part,
        accept=_is_code,
        infers_year=True,
        reports_period=True,
        examples=(
            ("Sales in [Q3 2023] were flat.", "2023-Q3"),
            ("Sales in [4Q22] were flat.", "2022-Q4"),
            ("Sales in [H1 FY2025] were flat.", "2025-H1"),
            ("Sales in [FY25 Q2] were flat.", "2025-Q2"),
            ("He takes [2H] every day.", None),
        ),
    ),
    Rule(
        name="two quarters",
        pattern="( the? first=( number=QUARTERTH ) ) ( and | or | to | through ) last=( other=QUARTERTH quarters "
        "( of ( fiscal? year=YEAR | related=RELATEDYEAR ) )? )",
        parts=("first", "last"),
        read=_read_two,
        examples=(
            ("It grew in the [first] and second quarters of 2023.", "2023-Q1"),
            ("It grew in the first and [second quarters of 2023].", "2023-Q2"),
            ("It usually grows in the first and [fourth quarters].", "XXXX-Q4"),
        ),
    ),
    Rule(
        name="period of a year",
        pattern="the year=YEAR ( period | quarter )",
        read=_read_year_period,
        examples=(("It lost $3 million in [the 2022 period].", "2022"),),
    ),
    Rule(
        name="half of a year",
        pattern="the? ( year=YEAR )? number=( first | second | last | latter | opening ) half=half ( ( of | in )? "
        "fiscal? year=YEAR | of? FISCALYEAR | of? related=RELATEDYEAR | of ( the | this ) year )?",
        read=_read_part,
        accept=_is_half,
        infers_year=True,
        reports_period=True,
        examples=(
            ("In [the first half of 2024] sales rose.", "2024-H1"),
            ("In [first half 2024] sales rose.", "2024-H1"),
            ("The [first-half] profit fell.", "2024-H1"),
            ("He scored in [the first half].", None),
        ),
    ),
    Rule(
        name="the quarter",
        pattern="( the ( deictic=( latest | current | last | previous | next | same | comparable | fiscal | "
        "coming ) )? | deictic=( this | last | next | that ) ) ( quarter | half ) | the deictic=( "
        "latest | same | comparable | corresponding | current ) period",
        read=_read_the_quarter,
        accept=lambda match: match.after not in ("of", "century", "mile", "final", "finals", "hour"),
        examples=(("Sales fell in [the latest quarter].", "2024-Q1"), ("It will open [next quarter].", "2024-Q3")),
    ),
    Rule(
        name="a year before",
        pattern="( the ( comparable | corresponding | same )? )? year ( ago | earlier ) ( fiscal )? ( "
        "number=QUARTERTH )? unit=( quarter | period | half ) | year ( ago | earlier ) | the unit=( "
        "quarter | period ) ( a year ( ago | earlier ) ) | the ( corresponding | same | comparable "
        ") unit=( period | quarter ) ( of )? ( last year | a year ( ago | earlier ) ) | last year "
        "~APOS ~s unit=( quarter | period )",
        read=_read_year_ago,
        compares=True,
        examples=(("Net rose from the [year-earlier] $3 million.", "2023"),),
    ),
    Rule(
        name="fiscal year",
        pattern="( the | its | their )? fiscal ( year )? ( opens=YEAR _( - | / ) ~ends=( YY | YEAR ) | year=YEAR | "
        "short=( APOS ~YY ) ) | FISCALYEAR | ( the | its | their | this )? deictic=( current | last | next | "
        "this | previous | latest )? fiscal year",
        read=_read_fiscal,
        examples=(("For [fiscal 2023] it had a loss.", "2023"),),
    ),
)
