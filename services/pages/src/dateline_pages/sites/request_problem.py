"""Finds what is wrong with a request, which anybody may have written."""

from dateline_schemas import PageRequest, site_key

__all__ = ["request_problem"]

MAX_SHOWN_CHARACTERS = 200
"""At most this much of a key or an address is repeated in the message."""


def request_problem(key: str, request: PageRequest) -> str | None:
    """Return why a request cannot be served, None if it can.

    The page of an article may be of another site than the key: an item whose link has moved keeps its key, so that
    its contents stay in order. The address of a `retry` does not matter.

    Args:
        key: the key of the record.
        request: the request.
    """
    site = site_key(request.url)
    if not _is_site(key):
        return f"the key {_short(key)} is not a site"
    if site is None:
        return f"{_short(request.url)} is not a web address"
    if request.kind == "article" and request.article is None:
        return "a request for an article's page holds the article"
    if request.kind == "sitemap" and site != key:
        return f"the key {_short(key)} is not the site of {_short(request.url)}"
    return None


def _is_site(key: str) -> bool:
    # A default port is part of a key only under the other scheme: `localhost:80` is a site of https.
    return any(site_key(f"{scheme}://{key}/") == key for scheme in ("https", "http"))


def _short(text: str) -> str:
    return repr(text if len(text) <= MAX_SHOWN_CHARACTERS else f"{text[:MAX_SHOWN_CHARACTERS]}…")
