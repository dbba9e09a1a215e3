"""Date words inside proper names: "The Sunday Times", "the Good Friday Agreement", "the October Revolution"."""

from __future__ import annotations

from dateline_enrich.dates.english.numbers import ordinal
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.words import words

__all__ = ["is_name_of_event", "is_name_of_weekday", "is_this_week"]

EVENTS = words(
    "Revolution Agreement Agreements Accord Accords Uprising Rebellion Massacre Movement Brigade Brigades Monarchy "
    "Coup "
    "Manifesto Theses Declaration Crisis War Pact Treaty Protocol Constitution Martyrs Prison Palace Street "
    "Square Bridge Avenue Boulevard Plaza Road Stadium Hospital University College Airport Park Club Foundation "
    "Institute "
    "Coalition Alliance Rising Truce Memorial Museum Group Fund Society Barracks Island Harbor Harbour Madness "
    "Conspiracy Plot Boys"
)
"""Nouns that make a day or month before them part of a name."""

PAPERS = words("Times Mirror Telegraph Express Mail Herald Tribune Mercury")
"""Nouns in the names of papers that appear on one day of the week."""

OTHER_PAPERS = words(
    "Independent Star Post News People Sun World Business Graphic Vision Nation Standard Monitor Leader Magazine "
    "Review Punch Record Life Sport Chronicle Observer Gazette "
    "Territorian Age Argus Dispatch Journal"
)
"""The same, but only after an article, as they are other words too: "said Thursday Leader of the House ..."."""

ARTICLES = words("the a an s her his their its this that")
"""Words before the name of a paper, the s of a genitive among them."""

SHOWS = words("Live Football Fever Lights Baseball Takeaway Raw Massacre Club Show")
"""Nouns after "Friday Night" and the like in names of shows."""

BEFORE_DAYS = words("on since until till by from late early last next this that after before in of")
"""Words before a date that is not part of a name."""

BEFORE_WEEKDAYS = BEFORE_DAYS - words("in of that")
"""Words before a weekday that is not part of a name; one reads in a paper: "in Sunday Mirror"."""

PREFIXES = words(
    "Good Bloody Super Fat Ruby Blue Giving Sheffield Shrove Holy Holiday Red Whit Man Girl Mr Mrs Ms Dr Sir Prof "
    "Black White"
)
"""Capitalised words that make a weekday after them part of a name."""

PAPERS_ON = words("Mail Independent Scotland Ireland Wales")
"""Papers whose name ends with "on Sunday"."""


def _follower(match: Match) -> str:
    return match.token(1) if match.token(0) in (" ", "\xa0") else ""


def is_name_of_event(match: Match) -> bool:
    """Return whether a noun after a day or month makes it part of a name: "the October Revolution"."""
    if _follower(match) not in EVENTS:
        return False
    counted = match.before == "of" and ordinal([match.token(-4)]) is not None
    return counted or match.before not in BEFORE_DAYS


def is_name_of_weekday(match: Match) -> bool:
    """Return whether a weekday is part of the name of a paper, a show, a club, or a person."""
    follower, before = _follower(match), match.token(-2) if match.token(-1) in (" ", "\xa0", "-") else ""
    if before in PREFIXES:
        return True
    if before == "on" and match.word("weekday") == "sunday" and match.token(-4) in PAPERS_ON:
        return match.token(-6) != "Daily"
    if match.has("part") and match.tokens("part")[0][0].isupper() and follower in SHOWS:
        return True
    if match.has("deictic") or match.has("phase") or before.lower() in BEFORE_WEEKDAYS:
        return False
    return follower in PAPERS or (before.lower() in ARTICLES and (follower in OTHER_PAPERS or follower in EVENTS))


def is_this_week(match: Match) -> bool:
    """Return whether "This Week" is the name of a programme or paper: written large inside a sentence."""
    if (
        match.word("deictic") != "this"
        or not match.tokens("unit")[0].istitle()
        or not match.tokens("deictic")[0].istitle()
    ):
        return False
    before = match.token(-2)
    return before[:1].islower() or match.token(-1) in ('"', "“", "'", "‘")
