"""Judges whether a page is an article: before its text is extracted, and after."""

from dateline_web import challenge
from dateline_web.robots_directives import RobotsRules
from lxml.html import HtmlElement

from dateline_pages.judging.addresses.article_address import is_moved
from dateline_pages.judging.addresses.wall_address import named_by_address
from dateline_pages.judging.declared import declared_problem
from dateline_pages.judging.file_kind import file_problem
from dateline_pages.judging.front_pages import bare_front_problem, front_page_problem
from dateline_pages.judging.notice_pages import (
    MAX_REST,
    gate_in,
    gate_problem,
    notice_problem,
    rest_of,
    without_hidden_gates,
)
from dateline_pages.judging.own_text import own_text
from dateline_pages.judging.problem import PageProblem
from dateline_pages.judging.shell_pages import links_problem, shell_problem
from dateline_pages.judging.survey import has_long_text, survey_body, survey_head
from dateline_pages.judging.title_hint import lacks_title, shows_title
from dateline_pages.judging.walls import ORDER, named_wall, unnamed_wall
from dateline_pages.judging.wording.address import speaks_to_reader
from dateline_pages.judging.wording.notices import width
from dateline_pages.judging.wording.vocabulary import Wall, words_in
from dateline_pages.metadata.page_metadata import PageMetadata
from dateline_pages.page_document import PageDocument

__all__ = ["MIN_TEXT_CHARACTERS", "judge_document", "judge_text"]

MIN_TEXT_CHARACTERS = 20
"""A text with fewer letters and digits is no text of an article; the shortest reports have as many."""

WALL_TEXT_CHARACTERS = 700
"""Only a shorter text is searched for the words of walls."""

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
    gated = gate_problem(survey)
    own = own_text(survey, moved_to=document.url if moved else None)
    if gated is not None:
        return gated
    if own.paragraphs and shows_title(survey, document.title_hint):
        return notice_problem(survey, own, has_title=True)
    front = front_page_problem(survey, own, document.url, moved=moved)
    if rest_of(own) >= MAX_REST:
        return front
    return (
        named_wall(survey, own, challenge(200, {}, document.body))
        or front
        or unnamed_wall(survey, own)
        or notice_problem(
            survey,
            own,
            addressed=named_by_address(document.url, document.requested),
            foreign=lacks_title(survey, document.title_hint),
        )
        or bare_front_problem(survey, own, document.url, moved=moved)
    )


def judge_text(tree: HtmlElement, document: PageDocument, body: str, metadata: PageMetadata) -> PageProblem | None:
    """Return what a page is instead of an article, by the text that was found on it.

    Args:
        tree: the parsed page.
        document: the page as it was fetched.
        body: the text that was extracted.
        metadata: what the page says about itself.
    """
    if width("".join(filter(str.isalnum, body))) < MIN_TEXT_CHARACTERS:
        survey = survey_head(tree)
        survey_body(tree, survey)
        return shell_problem(survey, document.body) or PageProblem(
            "empty", f"the text that was found is “{body}”" if body else "no text was found"
        )
    if len(body) >= WALL_TEXT_CHARACTERS:
        return None
    lines = [line for line in body.splitlines() if line.strip()]
    survey = survey_head(tree)
    survey_body(tree, survey)
    problem = gate_in(without_hidden_gates(survey, lines))
    if problem is not None or metadata.published is not None:
        return problem
    problem = links_problem(survey, document.body, lines)
    if problem is not None:
        return problem
    if not speaks_to_reader(lines):
        return None
    for kind in ORDER:
        if all(words_in(line, kind) for line in lines) and words_in(body, kind) >= LEAST_WORDS[kind]:
            return PageProblem(kind, f"the text that was found is “{lines[0][:80]}”")
    return None


LEAST_WORDS: dict[Wall, int] = {"challenge": 4, "consent": 5, "login": 4, "not found": 3}
"""A text with fewer words of a kind may be about anything."""
