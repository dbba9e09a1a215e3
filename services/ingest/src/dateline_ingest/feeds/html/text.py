"""Converts HTML fragments to plain text that keeps paragraphs."""

from __future__ import annotations

import re
from html import unescape

from dateline_ingest.feeds.html.elements import BREAKS, LINE
from dateline_ingest.feeds.html.markup import COMMENT, HIDDEN, markup
from dateline_ingest.feeds.invisible import INVISIBLE, without_invisible

__all__ = ["html_to_text", "looks_like_html", "without_cdata"]

EMPTY_LINES = re.compile(r"\n\n\n+")
OTHER_SPACE = re.compile("[\u1680\u2000-\u200a\u202f\u205f\u3000]")
UNUSUAL = re.compile(f"{INVISIBLE.pattern[:-1]}{OTHER_SPACE.pattern[1:]}")
"""One search for what most texts do not have."""

CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.S)
USUAL_TAG = re.compile(
    r"</?(?:p|br|div|a|b|i|em|strong|span|img|ul|ol|li|h[1-6]|blockquote|table|pre|figure)\b[^<>]*>", re.I
)
EVIDENCE = re.compile(r"</[a-z]|<br|<p>|<img\s[^<>]*=", re.I)
"""Prose about HTML seldom has any of these; fragments of HTML nearly always do."""


def looks_like_html(text: str) -> bool:
    """Return whether a text that is declared as plain is HTML all the same."""
    return "<" in text and USUAL_TAG.search(text) is not None and EVIDENCE.search(text) is not None


def without_cdata(text: str) -> str:
    """Replace CDATA sections, which were escaped together with their text and mean nothing in HTML, with that text."""
    return CDATA.sub(r"\1", text) if "<![CDATA[" in text else text


def html_to_text(html: str, *, headline: bool = False) -> str:
    """Return the plain text of an HTML fragment.

    Paragraphs, headings and lists are separated by an empty line, list items and `<br>` by a line break.
    Text without any tag keeps its own empty lines. Scripts, styles and comments are removed. Angle brackets
    that are not HTML are text.

    Args:
        html: the fragment, well-formed or not.
        headline: whether an element without its end tag is text, as in headlines that name elements.
    """
    html = without_cdata(html)
    if "<" in html:
        html = _without_markup(html, headline=headline)
    text = unescape(html) if "&" in html else html
    if not text.isascii() and UNUSUAL.search(text):
        text = OTHER_SPACE.sub(" ", without_invisible(text))
    lines = text.replace("\t", " ").replace("\xa0", " ").splitlines()
    text = "\n".join([" ".join(line.split()) if "  " in line else line.strip() for line in lines])
    return EMPTY_LINES.sub("\n\n", text).strip()


def _without_markup(html: str, *, headline: bool) -> str:
    pieces: list[str] = []
    position = 0
    has_tags = preformatted = False
    last: int | None = None
    for start, end, name, _ in markup(html, headline=headline):
        if start > position:
            pieces.append(html[position:start].replace("\n", LINE) if preformatted else html[position:start])
        position = end
        if name == COMMENT:
            continue
        has_tags = True
        if name == HIDDEN:
            pieces.append(" ")
        elif lines := BREAKS.get(name):
            pieces.append(lines)
            if name in ("pre", "/pre"):
                # Without an end tag, the rest of the text is not taken for preformatted.
                last = max(html.rfind("</pre"), html.rfind("</PRE")) if last is None else last
                preformatted = name == "pre" and end <= last
    pieces.append(html[position:])
    text = "".join(pieces)
    return text.replace("\r", " ").replace("\n", " ") if has_tags else text
