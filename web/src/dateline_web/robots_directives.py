"""What a document's `X-Robots-Tag` headers and robots meta elements ask of the programs that read it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["FORBIDDING", "RobotsDirective", "RobotsRules", "header_directives", "meta_directives"]

FORBIDDING = frozenset({"noindex", "none", "noarchive", "nocache", "nosnippet", "noai", "noml", "unavailable_after"})
"""Directives that can forbid to read, keep or pass on a document's text; all others speak of links and pictures."""

VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
"""Directives with a value behind a colon; any other word before a colon is the name of a crawler."""

MAX_DIRECTIVES = 100
"""At most this many directives of a header or a meta element count."""

AGENT = re.compile(r"\s*([a-z][a-z0-9_.-]*)\s*:\s*(.*)", re.I | re.S)

WEEKDAY = re.compile(r"\s*(mon|tue|wed|thu|fri|sat|sun)[a-z]*\s*", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsDirective:
    """One directive for one crawler."""

    name: str
    """In lower case."""
    value: str = ""
    agent: str = "*"
    """The product token of the crawler in lower case, `*` for all."""

    def expired(self, now: datetime | None) -> bool:
        """Return whether the time of an `unavailable_after` is over; False for a time that cannot be read."""
        if now is None:
            return False
        try:
            until = datetime.fromisoformat(self.value)
        except ValueError:
            try:
                until = parsedate_to_datetime(self.value)
            except ValueError:
                return False
        return (until if until.tzinfo else until.replace(tzinfo=UTC)) <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRules:
    """Which directives a program obeys.

    Most directives speak of search results: publishers set `noindex` on duplicates and campaigns, and `noarchive`
    against copies in the cache of a search engine. A program that is no search engine obeys those that name it, and of
    those for all crawlers `noai` and `noml` alone, unless it is told otherwise.
    """

    agent: str = "dateline"
    """The product token of the program."""
    obeyed: frozenset[str] = frozenset({"noai", "noml"})
    """The directives for all crawlers that are obeyed."""

    def forbidding(self, directives: Iterable[RobotsDirective], now: datetime | None = None) -> RobotsDirective | None:
        """Return the first directive that forbids to use the document's text, None if none does.

        Args:
            directives: those of the document.
            now: the time that `unavailable_after` is compared with; None leaves that directive out.
        """
        for directive in directives:
            named = directive.agent == self.agent.lower()
            if directive.name not in FORBIDDING or not (named or directive.agent == "*"):
                continue
            if not named and directive.name not in self.obeyed:
                continue
            if directive.name != "unavailable_after" or directive.expired(now):
                return directive
        return None


def header_directives(headers: Iterable[str]) -> list[RobotsDirective]:
    """Return the directives of `X-Robots-Tag` headers.

    A word before a colon names the crawler that the directives behind it are for, up to the next such word.
    """
    found: list[RobotsDirective] = []
    for header in headers:
        agent = "*"
        for part in _parts(header):
            match = AGENT.fullmatch(part)
            if match and match[1].lower() not in VALUED:
                agent, part = match[1].lower(), match[2]
            found += _directive(part, agent)
    return found


def meta_directives(name: str, content: str, agent: str = "dateline") -> list[RobotsDirective]:
    """Return the directives of a meta element: for all if its name is `robots`, or for the crawler that it names.

    Args:
        name: the `name` of the element.
        content: its `content`.
        agent: the product token of the program; elements with other names than it and `robots` are not directives.
    """
    named = name.strip().lower()
    if named not in ("robots", agent.lower()):
        return []
    target = "*" if named == "robots" else named
    return [directive for part in _parts(content) for directive in _directive(part, target)]


def _parts(text: str) -> list[str]:
    """Return the parts between commas; a date keeps the comma behind its weekday."""
    parts: list[str] = []
    for part in text.split(",", MAX_DIRECTIVES)[:MAX_DIRECTIVES]:
        if parts and WEEKDAY.fullmatch(parts[-1].rpartition(":")[2]):
            parts[-1] += f",{part}"
        else:
            parts.append(part)
    return parts


def _directive(part: str, agent: str) -> list[RobotsDirective]:
    name, _, value = part.strip().partition(":")
    name = name.strip().lower()
    if name == "max-snippet" and value.strip() == "0":
        name, value = "nosnippet", ""
    return [RobotsDirective(name=name, value=value.strip(), agent=agent)] if name else []
