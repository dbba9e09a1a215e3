"""Recognises pages without any text: shells for scripts, and templates with nothing but links."""

import re

from dateline_pages.judging.own_text import LINKED_SHARE
from dateline_pages.judging.problem import PageProblem
from dateline_pages.judging.survey import PageSurvey
from dateline_pages.judging.wording.notices import is_notice, sentences, width

__all__ = ["links_problem", "shell_problem"]

PLATFORM = re.compile(
    rb"sp_message_container|privacy-mgmt\.com|privacy-center\.org|didomi|usercentrics|cookielaw\.org|onetrust|consentmanager"
    rb"|quantcast|iubenda|cookiebot|__tcfapi|trustarc|sourcepoint",
    re.I,
)
"""Marks of platforms for consent."""

LABEL_WIDTH = 30
"""A shorter line may be a label of the site."""

FEW_LINES = 3
"""So many lines of links are no accident."""


def shell_problem(survey: PageSurvey, body: bytes) -> PageProblem | None:
    """Return what a page without a text waits for, None if nothing says it.

    Args:
        survey: what stands on the page.
        body: the page as it was fetched.
    """
    if PLATFORM.search(body):
        return PageProblem("consent", "the page has no text, and the scripts of a platform for consent")
    for block in survey.blocks:
        if block.zone == "fallback" and any(is_notice(part, "challenge") for part in sentences(block.text)):
            return PageProblem("challenge", f"the page has no text, and says “{block.text[:80]}”")
    return None


def links_problem(survey: PageSurvey, body: bytes, lines: list[str]) -> PageProblem | None:
    """Return the problem of a page whose text is made of links and of what every page of the site has.

    Args:
        survey: what stands on the page.
        body: the page as it was fetched.
        lines: the lines of the text that was extracted.
    """
    if any(block.tag == "h1" and block.zone == "main" for block in survey.blocks):
        return None
    site = {block.text for block in survey.blocks if block.linked > LINKED_SHARE or block.zone in ("chrome", "overlay")}
    own = {block.text for block in survey.blocks if block.zone != "fallback" and not block.tag} - site
    if any(width(text) >= LABEL_WIDTH for text in own):
        return None
    fallback = " ".join(block.text for block in survey.blocks if block.zone == "fallback")
    if all(line.strip() in fallback for line in lines):
        return shell_problem(survey, body)
    # Links side by side are one block.
    linked = " ".join(site)
    if sum(line.strip() in linked for line in lines) < FEW_LINES:
        return None
    return PageProblem("empty", "the text that was found is that of links")
