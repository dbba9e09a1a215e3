"""Recognises walls, forms and error pages: what stands where the article's text should be is made of their words."""

import re

from dateline_pages.judging.names import has_headline, is_covered, page_names
from dateline_pages.judging.notice_pages import has_title_of_article, rest_of
from dateline_pages.judging.own_text import LINKED_SHARE, OwnText, is_prose
from dateline_pages.judging.problem import PageProblem
from dateline_pages.judging.survey import PageSurvey
from dateline_pages.judging.wording.address import speaks_to_reader
from dateline_pages.judging.wording.vocabulary import TELLTALES, Wall, words_in

__all__ = ["ORDER", "named_wall", "unnamed_wall"]

PROSE_CHARACTERS = 40
"""A shorter stretch of text is a label or a heading."""

FORM_CHARACTERS = 200
"""Below a title that says little else, or beside a field for a password, this much text is no article's."""

REST_CHARACTERS = 80
"""So much text in sentences that walls do not have is an article's, whatever words it holds."""

LABEL_CHARACTERS = 3
"""Shorter stretches of text are signs and symbols."""

FEW_TEASERS = 5
"""A page with fewer links to other articles has nothing but its own part."""

LONG_CHARACTERS = 20_000
"""Walls and error pages have fewer characters of sentences, even with the teasers of a front page below them."""

MENTION_CHARACTERS = 40
"""Text of this length below a headline with words of a kind is an article about it, unless the headline is its name."""

CHOICE_CHARACTERS = 80
"""Buttons and the links that stand for them are shorter."""

QUOTES = re.compile("[“”„«»‘]")

NOTICE_CHARACTERS = 800
"""The notices of guards are shorter."""

NOTICES = frozenset(
    {"Akamai", "Anubis", "DDoS-Guard", "Fastly", "Imunify360", "Radware", "SiteGround", "Vercel", "Wordfence"}
)
"""Guards whose marks stand on their notices alone; the scripts of others are on innocent pages as well."""

GENERAL = frozenset({"a captcha", "a check for browsers"})
"""Marks that articles about guards may have."""

SHELL_CHARACTERS = 200
"""A page with less text is a shell for scripts."""

NAMED_SHARE = 0.25
"""The least share of the stretches of text that hold words of the kind that a title names."""

CAPTCHA = re.compile(r"captcha|challenge|/_sec/|verify", re.I)

QUOTED_CHARACTERS = 80
"""Characters of a heading that reasons quote."""

ORDER: tuple[Wall, ...] = ("challenge", "consent", "not found", "login")
"""The kinds in the order in which they are tried: the pages of guards speak of cookies as well, for example."""


def named_wall(survey: PageSurvey, own: OwnText, guard: str | None) -> PageProblem | None:
    """Return what a page is if it is named a wall, a form or an error page, or bears a guard's marks.

    Args:
        survey: what stands on the page.
        own: its own text.
        guard: the name of the guard whose marks the page bears, if there is one.
    """
    if _is_long(survey):
        return None
    rest = rest_of(own)
    for kind in ORDER:
        # A wall at an article's address may have the article's metadata; then all text counts, wherever it stands.
        beside = _all_beside(kind, survey) if survey.says_article else own.beside(kind)
        speaks = _speaks(kind, own)
        marks = _marks(survey, guard) if kind == "challenge" else None
        if marks is not None and _is_notice(survey, own, beside, guard, speaks=speaks):
            return PageProblem(kind, f"{marks}, and the page has no text of its own")
        names = list(page_names(kind, survey))
        if not names:
            continue
        # News about cookies or errors do not speak to their reader, and a headline of their own stands above them.
        if not speaks:
            continue
        headline = has_headline(kind, survey)
        plain = next((name for name in names if not headline and name.leads and is_covered(kind, name.text)), None)
        # Below a headline that only mentions the words, a text of some length is an article's.
        box = kind == "login" and any(is_covered(kind, name.text) for name in names) and _tells(kind, own)
        # A field for a password is rarer on articles than any word.
        form = kind == "login" and survey.passwords > 0
        if not (plain or box or form) and sum(map(len, own.paragraphs)) >= MENTION_CHARACTERS:
            continue
        allowed = FORM_CHARACTERS if form or (plain and not survey.says_article) else PROSE_CHARACTERS
        if plain is None:
            beside = max(beside, _all_beside(kind, survey, overlays=False))
        if beside < allowed and rest < REST_CHARACTERS and (kind == "not found" or _share(kind, survey) >= NAMED_SHARE):
            name = plain or names[0]
            quoted = name.text[:QUOTED_CHARACTERS]
            return PageProblem(kind, f"{name.place} is “{quoted}”, and there is no text of an article")
    return None


def unnamed_wall(survey: PageSurvey, own: OwnText) -> PageProblem | None:
    """Return what a page is if its text is made of the words of walls, although no title says so."""
    if survey.says_article or _is_long(survey):
        return None
    for kind in ORDER:
        if not _speaks(kind, own) or own.beside(kind) >= PROSE_CHARACTERS or rest_of(own) >= REST_CHARACTERS:
            continue
        stretches = _stretches(kind, survey)
        if kind == "login" and survey.passwords and stretches and not has_headline(kind, survey):
            return PageProblem(kind, "the page has a field for a password, and no text of an article")
        if kind == "consent" and not _offers_choice(survey):
            continue
        least, share = UNNAMED.get(kind, (0, 0.0))
        # A dialog without anything below it is the page.
        alone = not own.paragraphs and own.teasers < FEW_TEASERS and not has_headline(kind, survey)
        if alone:
            least -= 2 if is_covered(kind, _dialog_heading(survey)) else 1
        if share and words_in(" ".join(stretches), kind) >= least and _share(kind, survey) >= share:
            return PageProblem(kind, f"the text is that of a wall: “{stretches[0][:QUOTED_CHARACTERS]}”")
    return None


def _speaks(kind: Wall, own: OwnText) -> bool:
    """Return whether a text speaks as the pages of a kind do, and does not only quote them."""
    if speaks_to_reader(own.paragraphs):
        return True
    return _tells(kind, own)


def _tells(kind: Wall, own: OwnText) -> bool:
    text = " ".join(own.paragraphs).lower()
    return TELLTALES[kind].search(text) is not None and QUOTES.search(text) is None


def _offers_choice(survey: PageSurvey) -> bool:
    """Return whether a button or link asks for consent."""
    return any(
        not block.tag
        and block.zone in ("main", "overlay")
        and len(block.text) <= CHOICE_CHARACTERS
        and not is_prose(block)
        and words_in(block.text, "consent")
        for block in survey.blocks
    )


def _dialog_heading(survey: PageSurvey) -> str:
    return next((block.text for block in survey.blocks if block.zone == "overlay" and block.tag), "")


UNNAMED: dict[Wall, tuple[int, float]] = {"consent": (4, 0.4), "challenge": (3, 0.5)}
"""The least number of words, and the least share of the stretches of text, by which a page is recognised untitled."""


def _is_long(survey: PageSurvey) -> bool:
    """Return whether a page has more sentences than any wall; this also limits the time that words are searched."""
    return sum(len(block.text) for block in survey.blocks if is_prose(block)) > LONG_CHARACTERS


def _is_notice(survey: PageSurvey, own: OwnText, beside: int, guard: str | None, *, speaks: bool) -> bool:
    """Return whether a page with marks of a guard is its notice, and not an article that the guard watches."""
    short = sum(map(len, own.paragraphs)) < NOTICE_CHARACTERS
    if guard in NOTICES and short and not survey.says_article:
        return True
    titled = guard in GENERAL and has_title_of_article(survey)
    beside = max(beside, rest_of(own))
    return beside < PROSE_CHARACTERS and not titled and (speaks or (short and guard not in GENERAL))


def _marks(survey: PageSurvey, guard: str | None) -> str | None:
    """Return the signs of a guard in words, other than its text."""
    if guard is not None:
        return f"the page bears the marks of {guard}"
    if CAPTCHA.search(survey.refresh):
        return "the page sends browsers to a captcha"
    if survey.sets_cookie and sum(len(block.text) for block in survey.blocks) < SHELL_CHARACTERS:
        return "a script sets a cookie and loads the page again"
    return None


def _stretches(kind: Wall, survey: PageSurvey) -> list[str]:
    """Return the stretches of text that hold words of a kind."""
    return [text for text in _all_stretches(kind, survey) if words_in(text, kind)]


def _all_stretches(kind: Wall, survey: PageSurvey) -> list[str]:
    """Return the stretches of text that may be a wall's; only walls for consent are dialogs."""
    zones = ("main", "overlay") if kind == "consent" else ("main",)
    return [
        block.text
        for block in survey.blocks
        if block.zone in zones and block.linked <= LINKED_SHARE and len(block.text) >= LABEL_CHARACTERS
    ]


def _all_beside(kind: Wall, survey: PageSurvey, *, overlays: bool = True) -> int:
    """Return the characters of all paragraphs without words of a kind, wherever they stand."""
    zones = ("main", "chrome", "overlay") if overlays else ("main", "chrome")
    return sum(
        len(block.text)
        for block in survey.blocks
        if block.zone in zones and not block.tag and is_prose(block) and not words_in(block.text, kind)
    )


def _share(kind: Wall, survey: PageSurvey) -> float:
    return len(_stretches(kind, survey)) / max(1, len(_all_stretches(kind, survey)))
