"""Recognises front pages of sites and of their sections, to which pages that are gone are redirected."""

from urllib.parse import urlsplit

from dateline_pages.judging.addresses.article_address import names_article, names_front
from dateline_pages.judging.own_text import OwnText
from dateline_pages.judging.problem import PageProblem
from dateline_pages.judging.survey import PageSurvey

__all__ = ["bare_front_problem", "front_page_problem"]

FEW_TEASERS = 5
"""A front page has at least this many links to articles."""

MANY_TEASERS = 12
"""Where nothing says that the page is an article, this many links show that it is a list."""

SENTENCE_CHARACTERS = 40

SLOGAN_CHARACTERS = 150
"""Text of this length below the first heading is more than the slogan of a site."""

BARE_CHARACTERS = 700
"""A page with this much text may be an article, although its address is that of a front page."""


def front_page_problem(survey: PageSurvey, own: OwnText, url: str | None, *, moved: bool) -> PageProblem | None:
    """Return the problem of a page that is a front page.

    Args:
        survey: what stands on the page.
        own: its own text.
        url: the address that answered, None if it is not known.
        moved: whether an article's address was redirected there.
    """
    if own.teasers < FEW_TEASERS:
        return None
    # Text below the first heading is that of an article, unless it is the slogan of the site.
    if own.headed >= (SLOGAN_CHARACTERS if moved else SENTENCE_CHARACTERS):
        return None
    list_like = own.teasers * 60 > sum(map(len, own.paragraphs))
    if moved and list_like and (not survey.says_article or own.teasers >= MANY_TEASERS):
        return PageProblem(
            "front page",
            f"the address of an article was redirected to {urlsplit(url or '').path or '/'}, a page with {own.teasers} "
            "links to articles",
        )
    if moved or url is None or not names_article(url):
        empty = sum(map(len, own.paragraphs)) < 20 * own.teasers
        if own.teasers >= MANY_TEASERS and empty and not survey.says_article:
            return PageProblem("front page", f"the page has {own.teasers} links to articles and no text of its own")
    return None


def bare_front_problem(survey: PageSurvey, own: OwnText, url: str | None, *, moved: bool) -> PageProblem | None:
    """Return the problem of a front page that shows no links to articles, such as one that a script fills.

    Args:
        survey: what stands on the page.
        own: its own text.
        url: the address that answered, None if it is not known.
        moved: whether an article's address was redirected there.
    """
    if not moved or url is None or not names_front(url) or survey.says_article:
        return None
    if own.headed >= SLOGAN_CHARACTERS or sum(map(len, own.paragraphs)) >= BARE_CHARACTERS:
        return None
    return PageProblem("front page", "the address of an article was redirected to the front page of the site")
