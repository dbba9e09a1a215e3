"""HTML fragments of entries: to plain text that keeps paragraphs, and with absolute links.

All patterns run in linear time whatever the input is: none can look past the next `<` or `>`, and a
construct with an end mark (a comment, a script) is only looked for where its end mark still follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from dateline_ingest.feeds.address import absolute
from dateline_ingest.feeds.problems import Problems

__all__ = ["absolute_links", "html_to_text", "looks_like_html"]

_HTML = re.compile(
    r"</?(?:p|br|div|a|b|i|em|strong|span|img|ul|ol|li|h[1-6]|blockquote|table|pre|figure)\b[^<>]*>", re.I
)
_BLOCK = re.compile(
    r"</?(?:p|div|h[1-6]|ul|ol|blockquote|figure|figcaption|pre|section|article|header|footer|main|aside|nav|dl|table"
    r"|hr|form|fieldset|address|details|summary|center|video|audio)(?=[\s/>])[^<>]*>"
)
_LINE = re.compile(r"<(?:br|li|/?tr|/?d[td]|/?caption|option|legend)(?=[\s/>])[^<>]*>")
_CELL = re.compile(r"<t[dh](?=[\s/>])[^<>]*>")
_TAG = re.compile(r"<[/!?A-Za-z][^<>]*>")
_UPPER_CASE = re.compile(r"</?[a-z]*[A-Z][^<>]*>")
_MARK_IN_ATTRIBUTE = re.compile(r'="[^"<>]*[<>][^"]{0,500}"(?=[\s/>])')
_EMPTY_LINES = re.compile(r"\n\n\n+")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_PREFORMATTED = re.compile(r"<pre\b[^<>]*>(?:[^<]++|<(?!/pre\b))*+</pre\b")
_SILENT_NAMES = ("script", "style", "head", "noscript", "template", "iframe", "svg", "math", "object", "select")
_SILENT = {name: re.compile(rf"<{name}\b[^<>]*>(?:[^<]++|<(?!/{name}\b))*+</{name}\b[^<>]*>") for name in _SILENT_NAMES}
"""Elements whose text nobody reads."""
_SPECIAL = re.compile(rf"<({'|'.join(_SILENT_NAMES)}|pre|!--)")

_RELATIVE = r"""(\s*=\s*["']?)(?!https?:|data:|mailto:|\#)([^"'\s<>]+)"""
_RELATIVE_LINKS = {name: re.compile(f"({name}){_RELATIVE}") for name in ("href", "src", "HREF", "SRC")}
"""One pattern for each spelling, so that the search can skip to its literal beginning."""


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
    if "<" in html:
        html = _readable(html)
        if _TAG.search(html):
            html = " ".join(html.split("\n"))
            html = _LINE.sub("\n", _BLOCK.sub("\n\n", html))
            html = _TAG.sub("", _CELL.sub(" ", html))
    text = unescape(html) if "&" in html else html
    lines = "\n".join([" ".join(line.split()) for line in text.splitlines()])
    return _EMPTY_LINES.sub("\n\n", lines).strip()


def _readable(html: str) -> str:
    """The fragment without comments, scripts and the like, and with `<br>` for the line breaks that count."""
    html = _UPPER_CASE.sub(_lower, html)
    special = {match[1] for match in _SPECIAL.finditer(html)}
    if "!--" in special:
        html = _replaced(html, "-->", _COMMENT, "")
    for name, pattern in _SILENT.items():
        if name in special:
            html = _replaced(html, f"</{name}", pattern, " ")
    if "pre" in special:
        html = _replaced(html, "</pre", _PREFORMATTED, _with_line_breaks)
    return _MARK_IN_ATTRIBUTE.sub('=""', html)


def absolute_links(html: str, base: str, problems: Problems) -> str:
    """The fragment with its relative links resolved against `base`."""
    for name, pattern in _RELATIVE_LINKS.items():
        links = html.count(name)
        relative = links - html.count(f'{name}="http') if links else 0
        if relative > 0 and problems.afford(4 * relative):
            html = pattern.sub(lambda match: f"{match[1]}{match[2]}{absolute(match[3], base)}", html)
    return html


def _lower(match: re.Match[str]) -> str:
    return match[0].lower()


def _with_line_breaks(match: re.Match[str]) -> str:
    return match[0].replace("\n", "<br>")


def _replaced(
    html: str, end_mark: str, pattern: re.Pattern[str], replacement: str | Callable[[re.Match[str]], str]
) -> str:
    """`html` with the matches replaced; only what has an end mark ahead is searched, which keeps it linear."""
    last = html.rfind(end_mark)
    if last < 0:
        return html
    stop = html.find(">", last) + 1 or len(html)
    return pattern.sub(replacement, html[:stop]) + html[stop:]
