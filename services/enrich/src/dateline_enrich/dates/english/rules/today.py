"""Today, yesterday and tomorrow, and parts of the day: "this morning", "overnight"."""

from __future__ import annotations

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.phrases import part_of_day, phase_of, relative
from dateline_enrich.dates.english.rules.weekdays import weekday_point
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.rule import Reading, Rule
from dateline_enrich.dates.words import words

__all__ = ["DAY_SHIFTS", "RULES"]

PAPERS = words("usa russia psychology india pakistan")
"""Words before "Today" in names of papers and magazines."""

DAY_SHIFTS = {"today": 0, "yesterday": -1, "tomorrow": 1, "tonight": 0}
"""Days from the publication."""


SHOWS = words("show programme program")
"""Words after the name of a show: "the Today programme", "The Tonight Show"."""


NOWADAYS = words(
    "world youth society generation generations standards children kids teenagers parents women men people "
    "consumers computers technology culture climate era age dollars money prices terms"
)
"""Nouns after "today's" in the sense of "present": "by today's standards"."""

CLAUSE_WORDS = words(
    "in of at on by for to from with without as than that which who what where when while because if but and or nor "
    "is are was were be has have had do does did can could will would may might must should not only "
    "also more still often it he she they we you i there this these"
)
"""Words that do not continue a noun: "today's youth is", but "today's youth parade"."""


def _means_nowadays(match: Match) -> bool:
    """Return whether "today's" is an adjective that dates nothing, like "present" and "future"."""
    if match.token(0) not in ("'", "’") or match.token(1) != "s" or match.token(3) not in NOWADAYS:
        return False
    if match.token(4) in ("'", "’"):
        # "today's women's final"
        return False
    following = match.token(5)
    return match.token(4) not in (" ", "-") or not following[:1].isalnum() or following.lower() in CLAUSE_WORDS


def _is_today(match: Match) -> bool:
    if match.word("day") == "today" and _means_nowadays(match):
        return False
    if not match.tokens("day")[0].istitle():
        return True
    # "the Tomorrow Group" inside a sentence; in a headline other words are capitalised too.
    inside = match.token(-1) == " " and match.token(-2).islower() and match.token(1)[:1].isupper()
    return not (inside or match.before in PAPERS or match.after in SHOWS)


def _read_today(match: Match, context: Context) -> Reading | None:
    word = match.word("day")
    clock = "TNI" if word == "tonight" else part_of_day(match)
    if word == "today" and context.narrative and context.published is not None:
        return Reading(type="DATE", value="PRESENT_REF", confidence=0.6)
    confidence = 1.0 if context.precision == "day" else 0.95
    return relative(
        context, context.now("day"), DAY_SHIFTS[word], "day", clock=clock, mod=phase_of(match), confidence=confidence
    )


def _read_day_around(match: Match, context: Context) -> Reading | None:
    """Read "the day before yesterday", "the day after tomorrow"."""
    shift = -2 if match.has("before") else 2
    return relative(context, context.now("day"), shift, "day")


def _read_day_beside(match: Match, context: Context) -> Reading | None:
    """Read "the day before the vote": the day before the last date."""
    return relative(context, context.reference("day"), -1 if match.has("before") else 1, "day", confidence=0.4)


def _read_beside_weekday(match: Match, context: Context) -> Reading | None:
    point, confidence = weekday_point(match, context)
    shift = -1 if match.has("before") else 1
    return relative(context, point, shift, "day", confidence=confidence)


def _read_part(match: Match, context: Context) -> Reading | None:
    """Read "this morning", "last night", "the next morning", "that afternoon"."""
    clock, deictic = part_of_day(match), match.word("deictic")
    if deictic in ("next", "following"):
        return relative(context, context.reference("day"), 1, "day", clock=clock, mod=phase_of(match))
    if deictic == "previous":
        return relative(context, context.reference("day"), -1, "day", clock=clock, mod=phase_of(match))
    if deictic in ("that", "same"):
        return relative(context, context.reference("day"), 0, "day", clock=clock, mod=phase_of(match))
    return relative(
        context, context.now("day"), -1 if deictic == "last" else 0, "day", clock=clock, mod=phase_of(match)
    )


def _read_bare_part(match: Match, context: Context) -> Reading | None:
    """Read "in the morning", "the night": on the day of the last date."""
    return relative(
        context, context.reference("day"), 0, "day", clock=part_of_day(match), mod=phase_of(match), confidence=0.5
    )


def _read_overnight(match: Match, context: Context) -> Reading | None:
    shift = 0 if context.tense(match) == "future" else -1
    return relative(context, context.now("day"), shift, "day", clock="TNI", confidence=0.5)


RULES = (
    Rule(
        name="today",
        pattern="( phase=( early | late | sometime ) | phase=mid part=( morning | afternoon ) )? day=( "
        "today | yesterday | tomorrow | tonight ) ( phase=( early | late ) )? part=PARTOFDAY?",
        read=_read_today,
        accept=_is_today,
        counts_from_publication=True,
        examples=(
            ("The court ruled [today].", "2024-06-27"),
            ("Shares fell [late yesterday].", "2024-06-26"),
            ("By [today]'s standards it was small.", None),
            ("It is the task of [today]'s youth.", None),
            ("He ran in [today]'s youth parade.", "2024-06-27"),
            ("She won [today]'s women's final.", "2024-06-27"),
            ("She voted in [today]'s election.", "2024-06-27"),
        ),
    ),
    Rule(
        name="the day before yesterday",
        pattern="the? day ( before=before yesterday | after tomorrow )",
        read=_read_day_around,
        examples=(("It snowed [the day before yesterday].", "2024-06-25"),),
    ),
    Rule(
        name="day beside a weekday",
        pattern="the? day ( before=before | after ) ( deictic=( last | next | this ) )? weekday=WEEKDAY",
        read=_read_beside_weekday,
        examples=(("It was [the day before last Tuesday].", "2024-06-24"),),
    ),
    Rule(
        name="the day after",
        pattern="the day ( before=before | after )",
        read=_read_day_beside,
        examples=(("He fell ill on June 3 and died [the day after] his return.", "2024-06-04"),),
    ),
    Rule(
        name="part of a day in relation",
        pattern="PHASEWORD? ( deictic=( this | last | that ) | the deictic=( next | following | previous | "
        "same ) ) part=( morning | afternoon | evening | night )",
        read=_read_part,
        counts_from_publication=True,
        examples=(
            ("She spoke [this morning].", "2024-06-27TMO"),
            ("It burned [last night].", "2024-06-26TNI"),
        ),
    ),
    Rule(
        name="overnight",
        pattern="overnight",
        read=_read_overnight,
        accept=lambda match: (
            match.before not in ("an", "the", "succeed", "become") and match.after not in ("success", "stay")
        ),
        examples=(("Shares fell [overnight].", "2024-06-26TNI"),),
    ),
    Rule(
        name="part of the day",
        pattern="PHASEWORD? the part=( morning | afternoon | evening ) | phase=mid part=( morning | afternoon )",
        read=_read_bare_part,
        accept=lambda match: match.before in ("in", "during", "by", "until") or match.has("phase"),
        examples=(("The rain stopped in [the afternoon].", "2024-06-27TAF"),),
    ),
)
