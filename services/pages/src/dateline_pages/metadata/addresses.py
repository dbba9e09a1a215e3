"""The addresses that a page gives: its own, and that of its picture."""

from urllib.parse import urljoin, urlsplit

from dateline_schemas import canonical_url, site_key
from dateline_schemas.url import canonical_web_url
from dateline_web.address import without_credentials

from dateline_pages.metadata.markup.head import HeadValues
from dateline_pages.metadata.markup.linked_article import LinkedArticle

__all__ = ["own_address", "picture_address"]

MAX_ADDRESS_CHARS = 4_096
"""Longer addresses are ignored."""

PICTURES = (
    "og:image:secure_url",
    "og:image",
    "og:image:url",
    "twitter:image",
    "twitter:image:src",
    "thumbnail",
    "image",
)
"""Names of `meta` elements with the article's picture, best first."""


def own_address(head: HeadValues, linked: LinkedArticle, url: str | None) -> str | None:
    """Return the address that the page gives as its own; None if it gives none that can be believed.

    The front page of a site is not an article's address. Another site's address counts only if the page states it
    twice: as canonical address and in its OpenGraph or JSON-LD.
    """
    page = url or head.first(["og:url"])
    stated = [head.canonical, head.first(["og:url"]), *linked.urls]
    absolute = [address for each in stated if each and (address := _absolute(each, head, page))]
    articles = [each for each in absolute if not _is_front_page(each)]
    for address in articles:
        if url is None or site_key(address) == site_key(url):
            return address
        if [canonical_url(each) for each in articles].count(canonical_url(address)) > 1:
            return address
    return None


def picture_address(head: HeadValues, linked: LinkedArticle, url: str | None) -> str | None:
    """Return the address of the picture that stands for the article."""
    for each in [*head.all(PICTURES[:3]), *linked.images, *head.all(PICTURES[3:])]:
        if address := _absolute(each, head, url or head.canonical or head.first(["og:url"])):
            return address
    return None


def _absolute(address: str, head: HeadValues, page: str | None) -> str | None:
    try:
        base = urljoin(page or "", head.base or "")
        absolute = urljoin(base, address.strip()).partition("#")[0]
        if len(absolute) > MAX_ADDRESS_CHARS or canonical_web_url(absolute) is None:
            return None
        return without_credentials(absolute)
    except ValueError:
        return None


def _is_front_page(address: str) -> bool:
    parts = urlsplit(address)
    return parts.path.strip("/").casefold() in ("", "index.html", "index.php", "home") and not parts.query
