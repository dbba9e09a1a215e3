"""Quarters, halves and fiscal years in company news."""

from __future__ import annotations

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.numbers import ordinal
from dateline_enrich.dates.english.phrases import dated, relative, undated
from dateline_enrich.dates.english.rules.years import stated_year
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import Point
from dateline_enrich.dates.rule import Reading, Rule

__all__ = ["RULES"]


def _number(match: Match, name: str, size: int) -> int:
    if name in ("last", "final", "latter"):
        return size
    figure = match.tokens("number")[-1]
    return 1 if name == "opening" else int(figure) if figure.isdigit() else ordinal([figure]) or 1


def _read_part(match: Match, context: Context) -> Reading | None:
    """Read "the third quarter of 1998", "second-half"; without a year, the last one that has begun."""
    grain = "half" if match.has("half") else "quarter"
    name = match.word("number")
    size = 2 if grain == "half" else 4
    if match.has("half") and not match.has("number"):
        number = int(match.tokens("half")[-1])
    else:
        number = _number(match, name, size)
    if number > size:
        return None
    year, confidence = stated_year(match, context), 1.0
    now = context.now(grain)
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


def _is_plain(match: Match) -> bool:
    """Reject the article before a hyphenated adjective, as it belongs to the noun: "the [third-quarter] loss"."""
    tokens = match.scan.tokens[match.start : match.end]
    return not ("-" in tokens and tokens[0].lower() in ("the", "a"))


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
    if match.has("year"):
        return dated(Point("year", int(match.tokens("year")[-1])))
    if match.has("short"):
        year = stated_year(match, context)
        return dated(Point("year", year)) if year else None
    word = match.word("deictic")
    shift = {"last": -1, "previous": -1, "latest": -1, "next": 1}.get(word, 0)
    return relative(context, context.now("year"), shift, "year", confidence=0.6)


RULES = (
    Rule(
        name="quarter",
        pattern="the? ( year=YEAR | this year ~APOS ~s | related=RELATEDYEAR ~APOS ~s )? ( fiscal )? "
        "number=( QUARTERTH | final ) quarter ( ~,? ( of | in )? fiscal? year=YEAR | ~,? of? "
        "related=RELATEDYEAR )? | the number=last quarter of ( fiscal? year=YEAR | related=RELATEDYEAR | the year )",
        read=_read_part,
        accept=_is_plain,
        reports_period=True,
        examples=(
            ("The [third-quarter] loss grew.", "2023-Q3"),
            ("In [the first quarter of 2019] it was sold.", "2019-Q1"),
        ),
    ),
    Rule(
        name="quarter in figures",
        pattern="( number=QCODE | half=HCODE ) ( ~, year=YEAR | of? year=YEAR )? | year=YEAR ( number=QCODE "
        "| half=HCODE )",
        read=_read_part,
        accept=lambda match: (
            (match.tokens("number") or match.tokens("half"))[-1] in ("12" if match.has("half") else "1234")
        ),
        reports_period=True,
        examples=(("Sales in [Q3 2023] were flat.", "2023-Q3"),),
    ),
    Rule(
        name="period of a year",
        pattern="the year=YEAR period",
        read=_read_year_period,
        examples=(("It lost $3 million in [the 2022 period].", "2022"),),
    ),
    Rule(
        name="half of a year",
        pattern="the ( year=YEAR )? number=( first | second | last | latter | opening ) half=half ( of ( "
        "fiscal )? year=YEAR | of related=RELATEDYEAR | of the year )?",
        read=_read_part,
        accept=lambda match: (
            match.has("year")
            or match.has("related")
            or (match.tokens("half") != [] and match.scan.tokens[match.end - 1].lower() == "year")
        ),
        reports_period=True,
        examples=(("In [the first half of 2024] sales rose.", "2024-H1"),),
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
        pattern="( the | its | their )? fiscal ( year )? ( year=YEAR | short=( APOS ~YY ) ) | fy _( "
        "year=YEAR | short=YY ) | ( the | its | their | this )? deictic=( current | last | next | "
        "this | previous | latest )? fiscal year",
        read=_read_fiscal,
        examples=(("For [fiscal 2023] it had a loss.", "2023"),),
    ),
)
