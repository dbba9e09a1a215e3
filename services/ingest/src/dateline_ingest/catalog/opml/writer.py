"""Writes lists of feeds in OPML, with their folders."""

from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import quoteattr

from dateline_schemas import Feed

from dateline_ingest.catalog.folders import UNSAFE, FolderPath, folder_path, folder_paths
from dateline_ingest.catalog.opml.folder_spool import FolderSpool

__all__ = ["OPML_END", "OpmlWriter", "opml_outline", "opml_start"]

NAMESPACE = "urn:dateline:feeds"
"""Namespace of the attributes that OPML lacks: `interval`, in seconds, `paused` and `full-text`."""

OPML_END = "</body>\n</opml>"
"""The end of an OPML document."""


class OpmlWriter:
    """Writes feeds that come in any order as a tree of folders.

    Feeds outside of folders are written at once; those in folders wait in a file, so that memory stays flat. A feed in
    several folders is written in each of them.
    """

    def __init__(self, spool: FolderSpool, now: datetime) -> None:
        self._spool = spool
        self._now = now

    def start(self) -> bytes:
        """Return the beginning of the document."""
        return f"{opml_start(self._now)}\n".encode()

    def add(self, feed: Feed) -> bytes:
        """Return the feed as an element; nothing if it is in a folder, which `end` writes."""
        line = f"{opml_outline(feed)}\n".encode("utf-8", "replace")
        paths = folder_paths(folder_path(names) for names in feed.folders)
        for path in paths:
            self._spool.put(path, line)
        return b"" if paths else line

    def end(self) -> Iterator[bytes]:
        """Yield the folders with their feeds, and the end of the document."""
        here: FolderPath = ()
        for path in self._spool.paths():
            common = _common(here, path)
            yield b"</outline>\n" * (len(here) - common)
            yield b"".join(_folder(name) for name in path[common:])
            yield from self._spool.lines(path)
            here = path
        yield b"</outline>\n" * len(here)
        yield f"{OPML_END}\n".encode()


def opml_start(now: datetime) -> str:
    """Return the beginning of an OPML 2.0 document."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0" xmlns:dateline="{NAMESPACE}">
<head><title>Feeds of Dateline</title><dateCreated>{_rfc_822(now)}</dateCreated></head>
<body>"""


def opml_outline(feed: Feed) -> str:
    """Return one feed as an element.

    Fields that OPML lacks are attributes in a namespace, as its specification requires. Characters that XML
    does not allow are left out.
    """
    attributes = {"type": "rss", "text": feed.name or feed.url}
    if feed.name:
        attributes["title"] = feed.name
    attributes["xmlUrl"] = feed.url
    if feed.home_page:
        attributes["htmlUrl"] = feed.home_page
    attributes["created"] = _rfc_822(feed.added)
    if feed.interval_seconds is not None:
        attributes["dateline:interval"] = repr(feed.interval_seconds)
    if feed.paused:
        attributes["dateline:paused"] = "true"
    # A feed without a value is written as well: an entry without one gets the value of new feeds.
    attributes["dateline:full-text"] = feed.full_text or "never"
    return f"<outline {' '.join(f'{name}={_quoted(value)}' for name, value in attributes.items())}/>"


def _folder(name: str) -> bytes:
    return f"<outline text={_quoted(name)} title={_quoted(name)}>\n".encode()


def _common(one: FolderPath, other: FolderPath) -> int:
    """Return how many folders two paths share from the top."""
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return shared


def _quoted(value: str) -> str:
    return quoteattr(UNSAFE.sub("", value), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;", '"': "&quot;"})


def _rfc_822(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)
