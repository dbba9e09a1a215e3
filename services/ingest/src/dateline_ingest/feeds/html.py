"""HTML fragments of entries: to plain text that keeps paragraphs, and with absolute links.

All patterns run in linear time whatever the input is: none can look past the next `<` or `>`, and a
construct with an end mark (a comment, a script) is only looked for where its end mark still follows.
"""

from __future__ import annotations

import re
from html import unescape

from dateline_ingest.feeds.address import absolute

__all__ = ["absolute_links", "html_to_text", "looks_like_html"]

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)([^<>]*)>|<[!?][^<>]*>")
_HTML = re.compile(
    r"</?(?:p|br|div|a|b|i|em|strong|span|img|ul|ol|li|h[1-6]|blockquote|table|pre|figure)\b[^<>]*>", re.I
)
_SPACE = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r" *\n(?: *\n)+ *")
_LINE_EDGES = re.compile(r" *\n *")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_SILENT_NAMES = ("script", "style", "head", "noscript", "template", "iframe", "svg", "math", "object", "select")
_SILENT = {name: re.compile(rf"<{name}\b[^<>]*>.*?</{name}\b[^<>]*>", re.S | re.I) for name in _SILENT_NAMES}
"""Elements whose text nobody reads."""

_BLOCK_NAMES = """
p div section article header footer main aside nav h1 h2 h3 h4 h5 h6 blockquote pre ul ol dl table figure figcaption
hr form fieldset address details summary center video audio
"""
_PARAGRAPHS = frozenset(_BLOCK_NAMES.split())
_LINES = frozenset(["br", "tr", "dt", "dd", "caption", "option", "legend", "li"])
_CELLS = frozenset(["td", "th"])

_RELATIVE = re.compile(
    r"""((?:\s|["'])(?:href|src|cite|poster|longdesc)\s*=\s*)("|'|)(?!(?:https?:|data:|mailto:|\#))([^"'\s<>]+)""", re.I
)


def looks_like_html(text: str) -> bool:
    """Whether the text holds a tag of HTML."""
    return "<" in text and _HTML.search(text) is not None


def html_to_text(html: str) -> str:
    """Plain text of an HTML fragment.

    Paragraphs, headings and lists are divided by an empty line, items and `<br>` by a line break; text
    without any tag keeps its own empty lines. Scripts, styles and comments are dropped.

    Args:
        html: the fragment, well-formed or not.
    """
    if "<" not in html:
        text = unescape(html) if "&" in html else html
        return _tidy(text.replace("\r\n", "\n").replace("\r", "\n"))
    html = _without(html, "-->", _COMMENT, "<!--")
    lowered = _ascii_lower(html)
    for name, pattern in _SILENT.items():
        if f"<{name}".encode() in lowered:
            html = _without(html, f"</{name}", pattern)
    if not _TAG.search(html):
        return _tidy(unescape(html).replace("\r\n", "\n").replace("\r", "\n"))
    parts: list[str] = []
    position = 0
    preformatted = 0
    for match in _TAG.finditer(html):
        start = match.start()
        if start < position:
            continue
        if start > position:
            text = html[position:start]
            parts.append(text if preformatted else " ".join(text.split("\n")))
        position = match.end()
        name = match[2]
        if name is None:
            continue
        attributes = match[3]
        if '"' in attributes and attributes.count('"') % 2:
            position = _end_of_tag(html, position)
        name = name.lower()
        if name in _PARAGRAPHS:
            parts.append("\n\n")
            if name == "pre":
                preformatted = max(0, preformatted + (-1 if match[1] else 1))
        elif name in _LINES:
            if name != "li" or not match[1]:
                parts.append("\n")
        elif name in _CELLS:
            parts.append(" ")
    parts.append(html[position:] if preformatted else html[position:].replace("\n", " "))
    return _tidy(unescape("".join(parts)))


def absolute_links(html: str, base: str) -> str:
    """The fragment with its relative links resolved against `base`."""
    if "=" not in html:
        return html
    links = html.count("href=") + html.count("src=")
    if links and links == html.count('href="http') + html.count('src="http'):
        return html
    return _RELATIVE.sub(lambda match: f"{match[1]}{match[2]}{absolute(match[3], base)}", html)


def _without(html: str, end_mark: str, pattern: re.Pattern[str], start_mark: str = "<") -> str:
    """`html` without the matches; only the part with an end mark ahead is searched, which keeps it linear."""
    if start_mark not in html:
        return html
    last = _ascii_lower(html).rfind(end_mark.encode())
    if last < 0:
        return html
    stop = html.find(">", last) + 1
    stop = stop or len(html)
    return pattern.sub(" ", html[:stop]) + html[stop:]


def _end_of_tag(html: str, position: int) -> int:
    """Where a tag ends whose quoted attribute held the `>` at which it seemed to end."""
    quote = html.find('"', position, position + 4096)
    if quote < 0:
        return position
    end = html.find(">", quote, quote + 4096)
    return position if end < 0 else end + 1


def _tidy(text: str) -> str:
    text = _SPACE.sub(" ", text)
    text = _EMPTY_LINES.sub("\n\n", text)
    return _LINE_EDGES.sub("\n", text).strip()


def _ascii_lower(text: str) -> bytes:
    # One byte a character, so that positions hold in the text as well.
    return text.encode("ascii", "replace").lower()
