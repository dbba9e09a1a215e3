"""References to present, past and future: "now", "recently", "the future"."""

from __future__ import annotations

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.rule import Match, Reading, Rule

__all__ = ["RULES"]


def _reference(value: str) -> object:
    def read(match: Match, context: Context) -> Reading | None:
        return Reading(type="DATE", value=value, confidence=0.9)

    return read


RULES = (
    Rule(
        name="present",
        pattern="( right | just )? now | currently | current | nowadays | at present | at the moment | these days | ( the )? present day | at this time | for the time being",
        read=lambda match, context: Reading(type="DATE", value="PRESENT_REF"),
        examples=(("They are [now] in Rome.", "PRESENT_REF"), ("It is [currently] closed.", "PRESENT_REF")),
    ),
    Rule(
        name="past",
        pattern="( more | most )? recently | recent | previously | formerly | the ( recent | distant )? past | recent ( years | months | weeks | days | decades ) | once | in the past",
        read=lambda match, context: Reading(type="DATE", value="PAST_REF"),
        accept=lambda match: match.found.group() != "" and match.scan.tokens[match.start].lower() not in ("once", "in"),
        examples=(("[Recently] they met in Baku.", "PAST_REF"), ("In [the past] it was a mill.", "PAST_REF")),
    ),
    Rule(
        name="future",
        pattern="the ( near | foreseeable | distant | immediate )? future | future | the ( short | near | long ) term | ( the )? coming ( years | months | weeks | days | decades ) | as soon as possible",
        read=lambda match, context: Reading(type="DATE", value="FUTURE_REF"),
        accept=lambda match: not (match.found.end() - match.found.start() == 1 and match.after in ("contracts", "prices")),
        examples=(("Nobody knows [the future].", "FUTURE_REF"),),
    ),
)
