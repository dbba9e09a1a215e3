"""Resolves the relative links of HTML fragments."""

from __future__ import annotations

import re

from dateline_ingest.feeds.address import absolute
from dateline_ingest.feeds.html.markup import markup
from dateline_ingest.feeds.problems import Problems

__all__ = ["absolute_links"]

RELATIVE_LINK = re.compile(r"""((?:href|src)\s*=\s*["']?)(?!https?:|data:|mailto:|\#)([^"'\s<>]+)""", re.I)
WORK = 4
"""Cost of resolving a link, in the unit of `Problems.afford`."""


def absolute_links(html: str, base: str, problems: Problems) -> str:
    """Resolve the relative links in the tags of a fragment against `base`, while `problems` has budget for it."""
    lower = html.lower()
    links = lower.count("href") + lower.count("src")
    relative = links - lower.count('href="http') - lower.count('src="http')
    if relative <= 0 or not problems.afford(WORK * relative):
        return html
    pieces: list[str] = []
    position = 0
    for start, end, _, attributes in markup(html):
        if attributes and RELATIVE_LINK.search(attributes):
            tag = html[start:end]
            pieces += html[position:start], RELATIVE_LINK.sub(lambda link: link[1] + absolute(link[2], base), tag)
            position = end
    return "".join(pieces) + html[position:] if pieces else html
