"""Tells the addresses of articles from those of sites and sections."""

import re
from urllib.parse import parse_qsl, urlsplit

__all__ = ["is_moved", "names_article", "names_front"]

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


def names_front(address: str) -> bool:
    """Return whether an address is that of the front page of a site."""
    parts = urlsplit(address)
    path = parts.path.strip("/")
    return not parts.query and (not path or INDEX.fullmatch(path) is not None)


def is_moved(url: str | None, requested: str | None) -> bool:
    """Return whether the address of an article was redirected to the address of a site or a section.

    Any other address that was redirected to the front page of a site counts, whatever it looks like.

    Args:
        url: the address that answered, None if it is not known.
        requested: the address of the article, None if it is not known.
    """
    if url is None or requested is None or url == requested:
        return False
    if names_front(url):
        return not names_front(requested)
    return names_article(requested) and not names_article(url)
