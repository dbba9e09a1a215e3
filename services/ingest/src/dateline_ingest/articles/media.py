"""The pictures, recordings and other files that belong to an article."""

from collections.abc import Iterable, Iterator

from dateline_schemas import Media
from dateline_schemas.url import canonical_web_url
from dateline_web.address import without_credentials

from dateline_ingest.articles.draft import clean_text
from dateline_ingest.feeds import ParsedEntry
from dateline_ingest.feeds.html.headline import headline_text

__all__ = ["MAX_MEDIA", "listed_media", "media_of_entry"]

MAX_MEDIA = 50
"""At most this many files of one article are kept."""

MAX_ADDRESS_CHARS = 4_096
"""A file with a longer address is left out."""

MAX_TITLE_CHARS = 1_000
"""Longer titles are cut."""

IMAGE = "image"
"""Type of a picture whose feed says no more than that it is one."""


def media_of_entry(entry: ParsedEntry) -> list[Media]:
    """Return the enclosures of an entry, and its picture if that is not one of them."""
    stated = [(each.url, each.type, each.title) for each in entry.enclosures]
    picture = [(entry.image, IMAGE, None)] if entry.image else []
    return listed_media([*stated, *picture])


def listed_media(stated: Iterable[tuple[str, str | None, str | None]]) -> list[Media]:
    """Return the media with an http or https address, one for each address.

    Args:
        stated: address, type and title of each file, as the source states them.
    """
    return list(_distinct(stated))[:MAX_MEDIA]


def _distinct(stated: Iterable[tuple[str, str | None, str | None]]) -> Iterator[Media]:
    seen: set[str] = set()
    for address, kind, title in stated:
        url = clean_text(address)
        if len(url) > MAX_ADDRESS_CHARS or canonical_web_url(url) is None:
            continue
        url = without_credentials(url)
        if url in seen:
            continue
        seen.add(url)
        yield Media(
            url=url,
            type=clean_text(kind or "").lower()[:MAX_TITLE_CHARS] or None,
            title=headline_text(clean_text(title or ""), plain=True)[:MAX_TITLE_CHARS] or None,
        )
