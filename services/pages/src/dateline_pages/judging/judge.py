"""Judges whether a page is an article: before its text is extracted, and after."""

import re

from dateline_web import challenge
from dateline_web.robots_directives import RobotsRules
from lxml.html import HtmlElement

from dateline_pages.judging.address import speaks_to_reader
from dateline_pages.judging.declared import declared_problem
from dateline_pages.judging.file_kind import file_problem
from dateline_pages.judging.front_pages import front_page_problem, is_moved
from dateline_pages.judging.own_text import own_text
from dateline_pages.judging.problem import PageProblem
from dateline_pages.judging.survey import PageSurvey, has_long_text, survey_body, survey_head
from dateline_pages.judging.vocabulary import Wall, words_in
from dateline_pages.judging.walls import ORDER, named_wall, unnamed_wall
from dateline_pages.metadata.page_metadata import PageMetadata
from dateline_pages.page_document import PageDocument

__all__ = ["MIN_TEXT_CHARACTERS", "judge_document", "judge_text"]

MIN_TEXT_CHARACTERS = 25
"""A text with fewer letters and digits is no text of an article; reports of one sentence have twice as many."""

WALL_TEXT_CHARACTERS = 700
"""Only a shorter text is searched for the words of walls."""

WORD = re.compile(r"\w+")

RULES = RobotsRules()
"""The directives that are obeyed where the caller does not say."""


def judge_document(tree: HtmlElement, document: PageDocument, rules: RobotsRules = RULES) -> PageProblem | None:
    """Return what a page is instead of an article, None if nothing speaks against an article.

    Args:
        tree: the parsed page; it is not changed.
        document: the page as it was fetched.
        rules: the robots directives that are obeyed.
    """
    problem = file_problem(document)
    if problem is not None:
        return problem
    if document.mitigated.strip().lower() == "challenge":
        return PageProblem("challenge", "the header cf-mitigated says that Cloudflare wants a browser")
    survey = survey_head(tree)
    problem = declared_problem(document, survey, rules)
    moved = is_moved(document.url, document.requested)
    if problem is not None or (survey.says_article and not moved and has_long_text(tree)):
        return problem
    survey_body(tree, survey)
    if _shows(survey, document.title_hint):
        return None
    own = own_text(survey)
    guard = challenge(200, {}, document.body)
    return (
        named_wall(survey, own, guard)
        or front_page_problem(survey, own, document.url, moved=moved)
        or unnamed_wall(survey, own)
    )


def judge_text(tree: HtmlElement, document: PageDocument, body: str, metadata: PageMetadata) -> PageProblem | None:
    """Return what a page is instead of an article, by the text that was found on it.

    Args:
        tree: the parsed page.
        document: the page as it was fetched.
        body: the text that was extracted.
        metadata: what the page says about itself.
    """
    if sum(map(str.isalnum, body)) < MIN_TEXT_CHARACTERS:
        return PageProblem("empty", f"the text that was found is “{body}”" if body else "no text was found")
    if len(body) >= WALL_TEXT_CHARACTERS or metadata.published is not None:
        return None
    lines = [line for line in body.splitlines() if line.strip()]
    if not speaks_to_reader(lines):
        return None
    for kind in ORDER:
        if all(words_in(line, kind) for line in lines) and words_in(body, kind) >= LEAST_WORDS[kind]:
            return PageProblem(kind, f"the text that was found is “{lines[0][:80]}”")
    return None


LEAST_WORDS: dict[Wall, int] = {"challenge": 4, "consent": 5, "login": 4, "not found": 3}
"""A text with fewer words of a kind may be about anything."""


def _shows(survey: PageSurvey, title: str | None) -> bool:
    """Return whether the page shows the title that its feed gives the article, so that it is no wall."""
    words = {word for word in WORD.findall((title or "").lower()) if len(word) > 3}
    if len(words) < 3:
        return False
    shown = " ".join([*survey.headings("h1", "h2")[:3], survey.title]).lower()
    return sum(word in shown for word in words) >= 0.7 * len(words) and bool(own_text(survey).paragraphs)
