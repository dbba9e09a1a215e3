"""Recognises front pages of sites and of their sections, to which pages that are gone are redirected."""

import re
from urllib.parse import parse_qsl, urlsplit

from dateline_pages.judging.own_text import OwnText
from dateline_pages.judging.problem import PageProblem
from dateline_pages.judging.survey import PageSurvey

__all__ = ["front_page_problem", "is_moved", "names_article"]

FEW_TEASERS = 5
"""A front page has at least this many links to articles."""

MANY_TEASERS = 12
"""Where nothing says that the page is an article, this many links show that it is a list."""

SENTENCE_CHARACTERS = 40

SLOGAN_CHARACTERS = 150
"""Text of this length below the first heading is more than the slogan of a site."""

WORDY = re.compile(r"[^\W_]+(?:[-_+.][^\W_]+){3,}")
"""A path segment of several words, such as an article's title."""

NUMBERED = re.compile(r"\d{4,}|[0-9a-f]{8,}", re.I)
"""A number or a digest in a path segment."""

DATE_SEGMENT = re.compile(r"(?:19|20)\d\d|\d{1,2}")

INDEX = re.compile(r"(?:index|default|home|start|accueil|inicio)(?:\.\w+)?", re.I)

ARTICLE_PARAMETER = re.compile(
    r"^(?:p|id|\w*(?:article|story|news|artikel|post|page)_?id|nid|aid|article|story)$", re.I
)


def names_article(address: str) -> bool:
    """Return whether an address looks like that of an article, not of a site or a section."""
    parts = urlsplit(address)
    segments = [segment for segment in parts.path.split("/") if segment]
    if any(ARTICLE_PARAMETER.match(name) and value for name, value in parse_qsl(parts.query)):
        return True
    if not segments or INDEX.fullmatch(segments[-1]):
        return False
    named = [segment for segment in segments if not DATE_SEGMENT.fullmatch(segment)]
    if not named:
        return False
    if any(WORDY.search(segment) or NUMBERED.search(segment) for segment in named):
        return True
    # A file below a date or a section: `/2024/05/03/flood.html`.
    return len(segments) > 2 and (len(named) < len(segments) - 1 or "." in segments[-1])


def is_moved(url: str | None, requested: str | None) -> bool:
    """Return whether the address of an article was redirected to the address of a site or a section.

    Args:
        url: the address that answered, None if it is not known.
        requested: the address of the article, None if it is not known.
    """
    if url is None or requested is None or url == requested:
        return False
    return names_article(requested) and not names_article(url)


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
