"""References to the present, the past and the future: "now", "recently", "the future"."""

from __future__ import annotations

from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.rule import Reading, Rule
from dateline_enrich.dates.words import words

__all__ = ["RULES"]


NUMBERS = words("one two three four five six seven eight nine ten few several couple dozen")
"""Words of a number after "the past"."""


def _is_past(match: Match) -> bool:
    """Reject "most recently" before a date: "most recently last October"."""
    first = match.scan.tokens[match.start].lower()
    if first == "the" and (match.after.isdigit() or match.after in NUMBERS):
        # "the past three summers"
        return False
    return first not in ("most", "more") or match.after not in ("in", "on", "last", "this", "at", "during")


def _is_future(match: Match) -> bool:
    """Accept "the long term", but not "the long-term value"."""
    tokens = match.scan.tokens[match.start : match.end]
    if tokens[-1].lower() != "term":
        return True
    return ("-" not in tokens and not match.after[:1].isalpha()) or match.after in ("and", "but", "as")


RULES = (
    Rule(
        name="present",
        pattern="now | currently | current | nowadays | at present | at the moment | these days | ( the )? present day",
        read=lambda match, context: Reading(type="DATE", value="PRESENT_REF"),
        examples=(("They are [now] in Rome.", "PRESENT_REF"), ("It is [currently] closed.", "PRESENT_REF")),
    ),
    Rule(
        name="past",
        pattern="( more | most )? recently | the ( recent | distant )? past",
        read=lambda match, context: Reading(type="DATE", value="PAST_REF"),
        accept=_is_past,
        examples=(("[Recently] they met in Baku.", "PAST_REF"), ("In [the past] it was a mill.", "PAST_REF")),
    ),
    Rule(
        name="future",
        pattern="the? ( near | foreseeable | distant | immediate ) future | the future | the ( short | near "
        "| long ) term | ( the )? coming ( years | months | weeks | days | decades )",
        read=lambda match, context: Reading(type="DATE", value="FUTURE_REF"),
        accept=_is_future,
        examples=(("Nobody knows [the future].", "FUTURE_REF"),),
    ),
)
