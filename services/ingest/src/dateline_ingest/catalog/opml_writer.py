"""Writes lists of feeds in OPML."""

import re
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import quoteattr

from dateline_schemas import Feed

__all__ = ["OPML_END", "opml_outline", "opml_start"]

NAMESPACE = "urn:dateline:feeds"
"""Namespace of the attributes that OPML lacks: `interval`, in seconds, `paused` and `full-text`."""

OPML_END = "</body>\n</opml>"
"""The end of an OPML document."""

ILLEGAL_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def opml_start(now: datetime) -> str:
    """Return the beginning of an OPML 2.0 document."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0" xmlns:dateline="{NAMESPACE}">
<head><title>Feeds of Dateline</title><dateCreated>{_rfc_822(now)}</dateCreated></head>
<body>"""


def opml_outline(feed: Feed) -> str:
    """Return one feed as an element of the body.

    Fields that OPML lacks are attributes in a namespace, as its specification requires. Characters that XML
    does not allow are left out.
    """
    attributes = {"type": "rss", "text": feed.name or feed.url}
    if feed.name:
        attributes["title"] = feed.name
    attributes |= {"xmlUrl": feed.url, "created": _rfc_822(feed.added)}
    if feed.interval_seconds is not None:
        attributes["dateline:interval"] = repr(feed.interval_seconds)
    if feed.paused:
        attributes["dateline:paused"] = "true"
    # A feed without a value is written as well: an entry without one gets the value of new feeds.
    attributes["dateline:full-text"] = feed.full_text or "never"
    return f"<outline {' '.join(f'{name}={_quoted(value)}' for name, value in attributes.items())}/>"


def _quoted(value: str) -> str:
    return quoteattr(ILLEGAL_IN_XML.sub("", value), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;", '"': "&quot;"})


def _rfc_822(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)
