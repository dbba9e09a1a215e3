"""Resolves the relative links of HTML fragments."""

from __future__ import annotations

import re

from dateline_ingest.feeds.address import absolute
from dateline_ingest.feeds.html.tags import TAG, TagJudge
from dateline_ingest.feeds.problems import Problems

__all__ = ["absolute_links"]

RELATIVE_LINK = r"""(\s*=\s*["']?)(?!https?:|data:|mailto:|\#)([^"'\s<>]+)"""
RELATIVE_LINKS = {name: re.compile(f"({name}){RELATIVE_LINK}") for name in ("href", "src", "HREF", "SRC")}
"""One pattern for each spelling: a literal beginning makes the search fast."""

MAX_TAG_CHARS = 8_192
"""Links in longer tags are left as they are, which keeps the time linear."""

WORK = 4
"""Cost of resolving a link, in the unit of `Problems.afford`."""


def absolute_links(html: str, base: str, problems: Problems) -> str:
    """Resolve the relative links in the tags of a fragment against `base`, while `problems` has budget for it."""
    patterns = []
    for name, pattern in RELATIVE_LINKS.items():
        links = html.count(name)
        relative = links - html.count(f'{name}="http') if links else 0
        if relative > 0 and pattern.search(html) and problems.afford(WORK * relative):
            patterns.append(pattern)
    return _resolved(html, base, patterns) if patterns else html


def _resolved(html: str, base: str, patterns: list[re.Pattern[str]]) -> str:
    for pattern in patterns:
        tags = _Tags(html, base)
        html = pattern.sub(tags.resolved, html)
    return html


class _Tags:
    """Resolves the links of a text, one after the other, that are inside of tags."""

    def __init__(self, html: str, base: str) -> None:
        self._html = html
        self._base = base
        self._judge = TagJudge(html)
        self._searched = 0
        self._end = 0

    def resolved(self, link: re.Match[str]) -> str:
        """Return what takes the place of a match of `RELATIVE_LINK`."""
        start = self._html.rfind("<", self._searched, link.start())
        self._searched = link.start()
        if start >= 0:
            tag = TAG.match(self._html, start, start + MAX_TAG_CHARS)
            is_tag = tag and tag[2] and tag[4] and self._judge.is_tag(start, tag[1], tag[2], tag[3])
            self._end = tag.end() if tag and is_tag else 0
        return f"{link[1]}{link[2]}{absolute(link[3], self._base)}" if link.end() <= self._end else link[0]
