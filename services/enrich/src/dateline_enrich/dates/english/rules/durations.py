"""Durations: "three years", "two-week", "more than 18 months", "the past decade", "years"."""

from __future__ import annotations

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.amounts import modifier, span_value
from dateline_enrich.dates.english.lexicon import UNITS
from dateline_enrich.dates.english.numbers import cardinal
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.rule import Reading, Rule
from dateline_enrich.dates.words import words

__all__ = ["RULES"]


def _read_span(match: Match, context: Context) -> Reading | None:
    unit = UNITS[match.tokens("unit")[0].lower()]
    number: float | None = 1.0
    if match.has("vague") or match.has("range"):
        number = None
    elif match.has("couple"):
        number = 2.0
    elif match.has("number"):
        number = cardinal(match.tokens("number"))
        if number is None:
            return None
    elif match.has("bare"):
        number = None
    if match.has("half") and number is not None:
        number += 0.5
    if match.has("ahalf"):
        number = 0.5
    return Reading(type="DURATION", value=span_value(number, unit), mod=modifier(match), confidence=0.9)


COUNTING = words("for just of after took take takes last lasted lasting spent than well some in")
"""Words after which "over" means "more than" instead of "in the course of"."""


def _is_span(match: Match) -> bool:
    if match.word("approx") in ("over", "under") and match.before not in COUNTING:
        return False
    if (
        match.has("number")
        and match.scan.tokens[match.start].lower() == "the"
        and "-" in match.scan.tokens[match.start : match.end]
    ):
        return False
    if match.has("number") and cardinal(match.tokens("number")) is None:
        return False
    unit = match.tokens("unit")[0].lower()
    if match.tokens("number")[-1:] and len(match.tokens("number")[-1]) == 4 and match.word("number").isdigit():
        return False
    if match.after == "a" and match.word("number") in ("24", "seven", "7"):
        # "24 hours a day, seven days a week" means always.
        return False
    if _is_vague_day(match):
        return False
    if match.after in ("old", "olds") or (unit in ("quarter", "quarters") and match.word("number") in ("one", "three")):
        return False
    return not (
        match.tokens("unit")[0][0].isupper()
        and match.tokens("number")[:1]
        and match.tokens("number")[0].isdigit()
        and len(unit) > 1
    )


DAY_LEADS = words("for in within over after of than during least most only just lasted lasts last takes took under the")
"""Words before "one day" that is a duration."""


def _is_vague_day(match: Match) -> bool:
    """Return whether "one day" is any day, as in "he hopes to return one day"."""
    return (
        match.word("number") == "one"
        and match.word("unit") == "day"
        and "-" not in match.scan.tokens[match.start : match.end]
        and match.before not in DAY_LEADS
        and match.after not in ("of", "after", "before", "later", "earlier")
    )


SPAN_LEADS = words(
    "for in within over after of than during least most about nearly almost every under throughout into "
    "another up takes take took last lasted lasting spent spend only just through"
)
"""Words after which "a week" is a duration."""


ONE_FOLLOWERS = words(
    "of or long after before older younger early late longer shorter sooner faster ahead away behind overdue apart"
)
"""Words after "a week" that is a duration."""


def _is_one(match: Match) -> bool:
    """Accept "a week" after "for", "within" and the like; after a number it is a frequency."""
    if match.word("unit") == "quarter" and match.after == "of":
        # "a quarter of the shares"
        return False
    if match.scan.tokens[match.start].lower() == "the" and match.end - match.start == 3:
        return match.after in ("ended", "ending")
    return (
        match.has("approx")
        or match.has("half")
        or match.has("ortwo")
        or match.before in SPAN_LEADS
        or match.after in ONE_FOLLOWERS
        or (match.after in ("later", "earlier") and match.token(3).lower() == "than")
    )


BARE_LEADS = words(
    "for in within over after of follows the took take takes taking taken spent spend spends spending waited wait "
    "waits "
    "waiting lasted last lasts lasting cost costs needs needed require requires required stretched dragged "
    "additional extra"
)
"""Words before a bare plural that is a duration: "It took years"."""

BARE_FOLLOWERS = words("of after before away into ahead")
"""Words after a bare plural that is a duration: "hours after the vote", "weeks away"."""


def _is_bare(match: Match) -> bool:
    if match.before.isdigit():
        return False
    if match.scan.tokens[match.end - 1].lower() == "long":
        return True
    if match.token(-1) == "-" or (
        match.before == "of" and match.token(-3) == " " and match.token(-4).lower() == "matter"
    ):
        return False
    return match.has("article") or match.before in BARE_LEADS or match.after in BARE_FOLLOWERS


RULES = (
    Rule(
        name="number of units",
        pattern="( approx=APPROX )? ( the ( first | last | past | next | final | coming | following | "
        "previous | latest | remaining )? )? ( vague=VAGUE | couple=( a? couple of? ) | ( range=( "
        "CARDINAL ( to | or ) | INT _DASH ) )? _number=CARDINAL ) ( more | additional | full | straight | trading | "
        "consecutive | whole | business | working )? unit=UNITS ( half=( and a half ) )? long? | "
        "approx=( over | under ) number=CARDINAL unit=UNITS | ( approx=APPROX )? number=CARDINAL "
        "unit=UNIT long? | ( vague=( several | many | few ) ) unit=UNIT",
        read=_read_span,
        accept=_is_span,
        examples=(
            ("The trial took [three years].", "P3Y"),
            ("They ended a [two-week] strike.", "P2W"),
            ("He waited [more than 18 months].", "P18M"),
            ("It takes [2 1/2 years].", "P2Y6M"),
            ("It rained for [several days].", "PXD"),
            ("Sales rose in [the first nine months].", "P9M"),
        ),
    ),
    Rule(
        name="one unit",
        pattern="( approx=APPROX )? ( a | an | another | the entire | a full | a whole | an additional ) "
        "unit=UNIT ( half=( and a half ) | ortwo=( or two ) )? | approx=( over | under ) ( a | an ) "
        "unit=UNIT | the unit=( year | month | week )",
        read=_read_span,
        accept=_is_one,
        examples=(("It lasted for [an hour].", "PT1H"), ("Within [a year] it was built.", "P1Y")),
    ),
    Rule(
        name="as long as a unit",
        pattern="unit=UNIT long",
        read=_read_span,
        accept=lambda match: "-" in match.scan.tokens[match.start : match.end],
        examples=(("It was their third [day-long] meeting.", "P1D"),),
    ),
    Rule(
        name="half a unit",
        pattern="( approx=APPROX )? ( ahalf=( half ( a | an ) ) | a ahalf=half ) unit=( hour | year | day | "
        "minute | decade | century | month )",
        read=_read_span,
        examples=(("He waited [half an hour].", "PT30M"),),
    ),
    Rule(
        name="the past unit",
        pattern="( approx=APPROX )? the ( past | last ) unit=( year | decade | century | month | week | "
        "quarter | hour | day )",
        read=_read_span,
        examples=(("Over [the past year] prices rose.", "P1Y"), ("In [the last decade] it doubled.", "P10Y")),
    ),
    Rule(
        name="units without number",
        pattern="( article=( the ( past | last | next | coming | following | early | final | first | "
        "intervening ) | recent | coming | past | previous ) )? bare=( unit=UNITS ) ( or UNITS )? "
        "long?",
        read=_read_span,
        accept=_is_bare,
        examples=(("It was closed for [years] by then.", "PXY"), ("In [recent weeks] it rained.", "PXW")),
    ),
)
