"""Finds the site whose page holds the text of an item."""

from collections.abc import Collection

from dateline_schemas import site_key
from dateline_schemas.url import canonical_web_url

__all__ = ["page_site"]

MEDIA_ENDINGS = frozenset(
    (
        *("mp3", "m4a", "m4b", "aac", "ogg", "oga", "opus", "wav", "flac", "mp4", "m4v", "mov", "webm", "mkv", "avi"),
        *("jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "tif", "tiff", "bmp", "ico"),
        *("pdf", "epub", "mobi", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "csv", "txt", "rtf", "ps"),
        *("zip", "gz", "tgz", "bz2", "xz", "7z", "rar", "tar", "exe", "dmg", "apk", "iso", "deb", "rpm"),
        *("xml", "rss", "atom", "json", "ics", "torrent"),
    )
)
"""Endings of paths of files that are no pages."""


def page_site(link: str | None, files: Collection[str] = ()) -> str | None:
    """Return the site of a page; None if the link does not lead to a page.

    Args:
        link: the address.
        files: addresses of the files that belong to the item; a link to one of them does not lead to a page.
    """
    canonical = None if link is None else canonical_web_url(link)
    if canonical is None or canonical in {canonical_web_url(each) for each in files}:
        return None
    path = canonical.partition("?")[0].partition("://")[2].partition("/")[2]
    name, dot, ending = path.rpartition("/")[2].rpartition(".")
    if dot and name and ending.lower() in MEDIA_ENDINGS:
        return None
    return site_key(canonical)
