"""Recognises walls, forms and error pages: what stands where the article's text should be is made of their words."""

import re
from dataclasses import dataclass, field

from dateline_pages.judging.problem import PageProblem
from dateline_pages.judging.survey import Block, PageSurvey
from dateline_pages.judging.vocabulary import HEADINGS, Wall, words_in

__all__ = ["ORDER", "OwnText", "named_wall", "own_text", "unnamed_wall"]

PROSE_CHARACTERS = 40
"""A shorter stretch of text is a label or a heading."""

TEASER_CHARACTERS = 12
"""Links with fewer characters name a section or an author, not another article."""

LONG_RUN_CHARACTERS = 600
"""A longer run of paragraphs is no teaser, although a link stands before it."""

LINKED_SHARE = 0.6
"""A stretch of text with a larger share of links is a link."""

FORM_CHARACTERS = 150
"""Beside a field for a password, this much text is still that of a form."""

SHELL_CHARACTERS = 200
"""A page with less text is a shell for scripts."""

NAMED_SHARE = 0.25
"""The least share of the stretches of text that hold words of the kind that a title names."""

CAPTCHA = re.compile(r"captcha|challenge|/_sec/|verify", re.I)

QUOTED_CHARACTERS = 80
"""Characters of a heading that reasons quote."""

ORDER: tuple[Wall, ...] = ("challenge", "consent", "not found", "login")
"""The kinds in the order in which they are tried: the pages of guards speak of cookies as well, for example."""


@dataclass(slots=True)
class OwnText:
    """The text of a page that is its own, without navigation, overlays, and teasers of other articles."""

    paragraphs: list[str] = field(default_factory=list)
    teasers: int = 0
    """Links to other articles, as far as their length tells."""

    def beside(self, kind: Wall) -> int:
        """Return the characters of paragraphs that hold no words of a kind."""
        return sum(len(text) for text in self.paragraphs if not words_in(text, kind))


def own_text(survey: PageSurvey) -> OwnText:
    """Return a page's own text."""
    found = OwnText()
    run: list[str] = []
    after_teaser = False

    def close() -> None:
        if not after_teaser or sum(map(len, run)) >= LONG_RUN_CHARACTERS:
            found.paragraphs.extend(run)
        run.clear()

    for block in survey.blocks:
        if block.zone != "main":
            continue
        if block.linked > LINKED_SHARE and len(block.text) >= TEASER_CHARACTERS:
            found.teasers += 1
            close()
            after_teaser = True
        elif block.tag:
            close()
            after_teaser = False
        elif is_prose(block):
            run.append(block.text)
    close()
    return found


def is_prose(block: Block) -> bool:
    """Return whether a block is a sentence rather than a label."""
    return block.linked <= 0.6 and (
        len(block.text) >= PROSE_CHARACTERS
        or (len(block.text) >= 20 and block.text.endswith((".", "!", "”", "»", "“")))
    )


def named_wall(survey: PageSurvey, own: OwnText, guard: str | None) -> PageProblem | None:
    """Return what a page is if it is named a wall, a form or an error page, or bears a guard's marks.

    Args:
        survey: what stands on the page.
        own: its own text.
        guard: the name of the guard whose marks the page bears, if there is one.
    """
    for kind in ORDER:
        # A wall at an article's address may have the article's metadata; then all text counts, wherever it stands.
        beside = _all_beside(kind, survey) if survey.says_article else own.beside(kind)
        if kind == "challenge" and (marks := _marks(survey, guard)) is not None and beside < PROSE_CHARACTERS:
            return PageProblem(kind, f"{marks}, and the page has no text of its own")
        named = _named(kind, survey)
        if named is None:
            continue
        # A field for a password is rarer on articles than any word.
        allowed = FORM_CHARACTERS if kind == "login" and survey.passwords else PROSE_CHARACTERS
        if beside < allowed and (kind == "not found" or _share(kind, survey) >= NAMED_SHARE):
            return PageProblem(kind, f"{named}, and there is no text of an article")
    return None


def unnamed_wall(survey: PageSurvey, own: OwnText) -> PageProblem | None:
    """Return what a page is if its text is made of the words of walls, although no title says so."""
    if survey.says_article:
        return None
    for kind in ORDER:
        if own.beside(kind) >= PROSE_CHARACTERS:
            continue
        stretches = _stretches(kind, survey)
        if kind == "login" and survey.passwords and stretches:
            return PageProblem(kind, "the page has a field for a password, and no text of an article")
        least, share = UNNAMED.get(kind, (0, 0.0))
        if least and words_in(" ".join(stretches), kind) >= least and _share(kind, survey) >= share:
            return PageProblem(kind, f"the text is that of a wall: “{stretches[0][:QUOTED_CHARACTERS]}”")
    return None


UNNAMED: dict[Wall, tuple[int, float]] = {"consent": (4, 0.4), "challenge": (3, 0.5)}
"""The least number of words, and the least share of the stretches of text, by which a page is recognised untitled."""


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
    return [text for text in _all_stretches(survey) if words_in(text, kind)]


def _all_stretches(survey: PageSurvey) -> list[str]:
    return [block.text for block in survey.blocks if block.zone in ("main", "overlay") and block.linked <= LINKED_SHARE]


def _all_beside(kind: Wall, survey: PageSurvey) -> int:
    return sum(len(block.text) for block in survey.blocks if is_prose(block) and not words_in(block.text, kind))


def _share(kind: Wall, survey: PageSurvey) -> float:
    return len(_stretches(kind, survey)) / max(1, len(_all_stretches(survey)))


def _named(kind: Wall, survey: PageSurvey) -> str | None:
    """Return which title or heading names the kind, in words; those of dialogs do not count."""
    pattern = HEADINGS[kind]
    for block in survey.blocks:
        if block.tag in ("h1", "h2") and block.zone == "main" and pattern.search(block.text.lower()):
            return f"the heading is “{block.text[:QUOTED_CHARACTERS]}”"
    if pattern.search(survey.title.lower()):
        return f"the title is “{survey.title[:QUOTED_CHARACTERS]}”"
    first = next((block for block in survey.blocks if block.zone == "main" and block.linked <= LINKED_SHARE), None)
    if first is not None and pattern.search(first.text.lower()):
        return f"the page begins with “{first.text[:QUOTED_CHARACTERS]}”"
    return None
