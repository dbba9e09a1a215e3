"""Convert HTML fragments to plain text that keeps paragraphs, and make their links absolute.

Every pattern runs in linear time on any input. No pattern looks past the next `<` or `>`, and a construct
with an end mark (a comment, a script) is only searched for where an end mark still follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from dateline_ingest.feeds.address import absolute
from dateline_ingest.feeds.problems import Problems

__all__ = ["absolute_links", "html_to_text", "looks_like_html"]

HTML_TAG = re.compile(
    r"</?(?:p|br|div|a|b|i|em|strong|span|img|ul|ol|li|h[1-6]|blockquote|table|pre|figure)\b[^<>]*>", re.I
)
BLOCK_TAG = re.compile(
    r"</?(?:p|div|h[1-6]|ul|ol|blockquote|figure|figcaption|pre|section|article|header|footer|main|aside|nav|dl|table"
    r"|hr|form|fieldset|address|details|summary|center|video|audio)(?=[\s/>])[^<>]*>"
)
LINE_TAG = re.compile(r"<(?:br|li|/?tr|/?d[td]|/?caption|option|legend)(?=[\s/>])[^<>]*>")
CELL_TAG = re.compile(r"<t[dh](?=[\s/>])[^<>]*>")
ANY_TAG = re.compile(r"<[/!?A-Za-z][^<>]*>")
UPPER_CASE_TAG = re.compile(r"</?[a-z]*[A-Z][^<>]*>")
MARK_IN_ATTRIBUTE = re.compile(r'="[^"<>]*[<>][^"]{0,500}"(?=[\s/>])')
EMPTY_LINES = re.compile(r"\n\n\n+")
COMMENT = re.compile(r"<!--.*?-->", re.S)
PREFORMATTED = re.compile(r"<pre\b[^<>]*>(?:[^<]++|<(?!/pre\b))*+</pre\b")
SILENT_NAMES = ("script", "style", "head", "noscript", "template", "iframe", "svg", "math", "object", "select")
SILENT = {name: re.compile(rf"<{name}\b[^<>]*>(?:[^<]++|<(?!/{name}\b))*+</{name}\b[^<>]*>") for name in SILENT_NAMES}
"""Elements whose text is not shown to readers."""

SPECIAL_TAG = re.compile(rf"<({'|'.join(SILENT_NAMES)}|pre|!--)")

RELATIVE_LINK = r"""(\s*=\s*["']?)(?!https?:|data:|mailto:|\#)([^"'\s<>]+)"""
RELATIVE_LINKS = {name: re.compile(f"({name}){RELATIVE_LINK}") for name in ("href", "src", "HREF", "SRC")}
"""One pattern for each spelling: a literal beginning makes the search fast."""


def looks_like_html(text: str) -> bool:
    """Whether the text contains an HTML tag."""
    return "<" in text and HTML_TAG.search(text) is not None


def html_to_text(html: str) -> str:
    """Return the plain text of an HTML fragment.

    Paragraphs, headings and lists are separated by an empty line, list items and `<br>` by a line break.
    Text without any tag keeps its own empty lines. Scripts, styles and comments are removed.

    Args:
        html: the fragment, well-formed or not.
    """
    if "<" in html:
        html = _readable(html)
        if ANY_TAG.search(html):
            html = " ".join(html.split("\n"))
            html = LINE_TAG.sub("\n", BLOCK_TAG.sub("\n\n", html))
            html = ANY_TAG.sub("", CELL_TAG.sub(" ", html))
    text = unescape(html) if "&" in html else html
    lines = "\n".join([" ".join(line.split()) for line in text.splitlines()])
    return EMPTY_LINES.sub("\n\n", lines).strip()


def _readable(html: str) -> str:
    """Remove comments, scripts and the like; in preformatted text, replace line breaks with `<br>`."""
    html = UPPER_CASE_TAG.sub(_lower, html)
    special = {match[1] for match in SPECIAL_TAG.finditer(html)}
    if "!--" in special:
        html = _replaced(html, "-->", COMMENT, "")
    for name, pattern in SILENT.items():
        if name in special:
            html = _replaced(html, f"</{name}", pattern, " ")
    if "pre" in special:
        html = _replaced(html, "</pre", PREFORMATTED, _with_line_breaks)
    return MARK_IN_ATTRIBUTE.sub('=""', html)


def absolute_links(html: str, base: str, problems: Problems) -> str:
    """Resolve the relative links of a fragment against `base`, while `problems` has budget for it."""
    for name, pattern in RELATIVE_LINKS.items():
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
    """Replace the matches; only text before the last end mark is searched, which keeps the search linear."""
    last = html.rfind(end_mark)
    if last < 0:
        return html
    stop = html.find(">", last) + 1 or len(html)
    return pattern.sub(replacement, html[:stop]) + html[stop:]
