"""Sets of times: "every Friday", "annually", "twice a week"."""

from __future__ import annotations

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.amounts import span_value
from dateline_enrich.dates.english.lexicon import MONTHS, UNITS, WEEKDAYS
from dateline_enrich.dates.english.numbers import cardinal
from dateline_enrich.dates.english.phrases import PARTS_OF_DAY, SEASON_NUMBERS
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import SEASONS
from dateline_enrich.dates.rule import Reading, Rule
from dateline_enrich.dates.words import words

__all__ = ["RULES"]

ADVERBS = {
    "daily": "P1D", "hourly": "PT1H", "weekly": "P1W", "biweekly": "P2W", "fortnightly": "P2W", "monthly": "P1M",
    "quarterly": "P1Q", "yearly": "P1Y", "annually": "P1Y", "nightly": "PT1NI", "annual": "P1Y",
}  # fmt: skip
"""The values of adverbs."""


def _read_adverb(match: Match, context: Context) -> Reading | None:
    return Reading(type="SET", value=ADVERBS[match.word("adverb")])


def _read_every(match: Match, context: Context) -> Reading | None:
    if match.has("weekday"):
        value = f"XXXX-WXX-{WEEKDAYS[match.tokens('weekday')[0].lower()] + 1}"
        part = match.word("part")
        return Reading(type="SET", value=value + PARTS_OF_DAY.get(part, ""))
    if match.has("month"):
        return Reading(type="SET", value=f"XXXX-{MONTHS[match.tokens('month')[0].lower()]:02}")
    if match.has("season"):
        return Reading(type="SET", value=f"XXXX-{SEASONS[SEASON_NUMBERS[match.word('season')] - 1]}")
    if match.has("part"):
        return Reading(type="SET", value="XXXX-XX-XX" + PARTS_OF_DAY[match.word("part")])
    number = cardinal(match.tokens("number")) if match.has("number") else 2.0 if match.has("other") else 1.0
    unit = UNITS[match.tokens("unit")[0].lower()] if match.has("unit") else "year"
    if match.has("vague"):
        return Reading(type="SET", value=span_value(None, unit))
    return None if number is None else Reading(type="SET", value=span_value(number, unit))


def _is_rate(match: Match) -> bool:
    """Accept "a year" after a number or a plural: "$1 billion a year", "three times a week"."""
    if not match.has("unit"):
        return True
    if match.token(-2).lower() in UNITS and match.token(-4).lower() in ("24", "seven", "7"):
        return False
    before = match.token(-2).lower()
    if match.token(-1) not in (" ", "-"):
        return match.token(-1) in ("%",)
    return (
        before.isdigit()
        or before in AMOUNTS
        or match.token(-2) == "%"
        or (before.endswith("s") and len(before) > 3 and before not in NO_PLURALS)
    )


NO_PLURALS = words(
    "this was less plus across takes lasts perhaps its spends needs gives years months weeks days gets "
    "wants always minus"
)
"""Words in -s that are not plurals, or not amounts: "this", "takes", "years"."""

AMOUNTS = words("million billion trillion thousand hundred dozen times once twice people dollars percent pounds euros")
"""Words of an amount before a rate."""

RULES = (
    Rule(
        name="adverb of frequency",
        pattern="adverb=( daily | hourly | weekly | biweekly | fortnightly | monthly | yearly | annually | nightly )",
        read=_read_adverb,
        accept=lambda match: (
            match.token(0) != " "
            or not (
                (match.tokens("adverb")[0][0].isupper() and match.token(1)[:1].isupper())
                or (match.token(-2)[:1].isupper() and match.tokens("adverb")[0][0].isupper())
            )
        ),
        examples=(("The fair is held [annually].", "P1Y"), ("The [Daily] Telegraph reported it.", None)),
    ),
    Rule(
        name="every unit",
        pattern="( every | each | each and every ) ( other=other | number=CARDINAL | vague=( few | several | couple "
        "of ) | "
        "working | business | trading | calendar | school | single )? ( unit=( UNIT | UNITS ) | "
        "weekday=WEEKDAY part=PARTOFDAY? | month=MONTH | season=SEASON | part=( morning | afternoon "
        "| evening | night ) )",
        read=_read_every,
        accept=lambda match: (
            match.after not in ("of",) and (not match.has("number") or cardinal(match.tokens("number")) is not None)
        ),
        examples=(
            ("It meets [every Friday].", "XXXX-WXX-5"),
            ("It is done [each year].", "P1Y"),
            ("They vote [every four years].", "P4Y"),
            ("They vote [every few years].", "PXY"),
            ("They swim [each and every day].", "P1D"),
        ),
    ),
    Rule(
        name="weekends",
        pattern="weekends",
        read=lambda match, context: Reading(type="SET", value="XXXX-WXX-WE"),
        accept=lambda match: match.before in ("on", "at", "during", "most", "and", "or"),
        examples=(("It is open at [weekends].", "XXXX-WXX-WE"),),
    ),
    Rule(
        name="rate",
        pattern="( a | an | per ) unit=UNIT | per annum",
        read=_read_every,
        accept=_is_rate,
        examples=(("It costs $30 [a year].", "P1Y"), ("They train three times [a week].", "P1W")),
    ),
)
