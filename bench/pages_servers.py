"""The servers of the simulated sites: they answer requests, and judge whether a request was polite."""

from __future__ import annotations

import math
import random
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from dateline_pages.extraction.lessons import PageLesson
from dateline_pages.judging.problem import PageProblem
from dateline_pages.reading.page import PageReading
from dateline_pages.sites.visit import PageMoved, PageRead, PageUnchanged, RulesRead, Visit, VisitFailed, VisitResult
from dateline_web.answer import Validators

from bench.pages_world import DAY, HOUR, LATENCY_SECONDS, WorldArticle, WorldSite

__all__ = ["PAUSE_SECONDS", "TEASER", "Server", "page_address", "page_text"]

PAUSE_SECONDS = 5.0
"""The pause that every site gets."""

ACCURACY_SECONDS = 1e-3
"""Times of the state are whole microseconds, and seconds since the epoch are less exact than that."""

STRICT_REQUESTS, STRICT_SECONDS, STRICT_RETRY_SECONDS = 40, 300.0, 300.0
"""Requests that strict sites allow, in this time, and the `Retry-After` beyond."""

AWAY_RETRY_SECONDS = 600.0
"""The `Retry-After` of sites that are away."""

MUTE_SECONDS = 15.0
"""A request that is not answered takes this long."""

FIRST_HOLD_SECONDS, REFUSAL_SECONDS = 60.0, 3600.0
"""The shortest first hold of a site that fails, and of one that refuses; each further failure doubles it."""

TROUBLED_FROM, REFUSED_FROM = 3, 5
"""Failures and refusals in a row from which a site has to be left alone."""

TEASER = "The council of the town met again on the question that has occupied it for years. " * 3
"""The text of a feed, but for its beginning."""

TEXT = "\n".join(
    f"Paragraph {number}: the members of the council spoke for an hour about the old bridge, the new one, and the "
    "money that neither of them has brought so far, and they adjourned the debate once more."
    for number in range(15)
)
"""The text of a page, but for its beginning."""


def page_address(article: WorldArticle) -> str:
    """Return the address that feeds give an article."""
    return f"https://{article.site.name}/{article.path}"


def page_text(article: WorldArticle, version: int) -> str:
    """Return the text of a version of a page."""
    if article.fate == "poor":
        return "One sentence."
    return f"Article {article.number}, version {version}.\n{TEXT}"


@dataclass(slots=True)
class Server:
    """One site's server, with what it remembers of the requests."""

    site: WorldSite
    articles: dict[str, WorldArticle]
    """By path."""
    broken: Counter[str]
    """Broken rules by kind, of all servers together."""
    active: int = 0
    last_end: float = -math.inf
    refused_until: float = -math.inf
    held_until: float = -math.inf
    opened: float = 0.0
    """When the site's task was opened."""
    failures: int = 0
    refusals: int = 0
    delay: float = 0.0
    """The pause that the site has asked for."""
    rules_until: dict[tuple[str, str], float] = field(default_factory=dict)
    """How long robots.txt and tdmrep.json of a host may be used, once they were read."""
    rules_asked: set[tuple[str, str]] = field(default_factory=set)
    recent: deque[float] = field(default_factory=deque)

    def begin(self, visit: Visit, at: float, chance: random.Random) -> float:
        """Judge a request, and return how long its answer takes."""
        pause = max(PAUSE_SECONDS, self.delay) - ACCURACY_SECONDS
        host = _host(visit.url)
        checks = {
            "at_once": self.active > 0,
            "too_soon": at - self.last_end < pause,
            "new_owner": at - self.opened < pause,
            "retry_after": at < self.refused_until - ACCURACY_SECONDS,
            "hold": at < self.held_until - ACCURACY_SECONDS,
            "rules_unknown": visit.kind == "page"
            and any(self.rules_until.get((host, kind), -math.inf) < at for kind in ("robots", "tdmrep")),
            "forbidden": visit.kind == "page" and self._is_forbidden(urlsplit(visit.url).path),
        }
        self.broken.update(name for name, is_broken in checks.items() if is_broken)
        self.active += 1
        self.recent.append(at)
        low, mode, high = LATENCY_SECONDS
        is_mute = self.site.kind in ("dead", "flaky", "robots down") and self.site.is_mute
        if is_mute and self._is_troubled(visit, at):
            return MUTE_SECONDS
        return chance.triangular(low, high, mode) * self.site.latency

    def cut(self, at: float) -> None:
        """Note that the client has gone away."""
        self.active, self.last_end = 0, at

    def end(self, visit: Visit, begun: float, at: float) -> VisitResult:
        """Answer a request."""
        self.active -= 1
        self.last_end = at
        result = self._trouble(visit, begun) or self._document(visit, begun)
        self._remember(visit, result, at)
        return result

    def _is_forbidden(self, path: str) -> bool:
        is_private = path.startswith("/private/") and (self.site.has_robots or self.site.has_tdm)
        return self.site.kind in ("forbidden", "reserved") or is_private

    def _is_troubled(self, visit: Visit, at: float) -> bool:
        return self.site.is_troubled(at) and (self.site.kind != "robots down" or visit.kind == "robots")

    def _trouble(self, visit: Visit, at: float) -> VisitResult | None:
        if self.site.kind == "strict":
            while self.recent and self.recent[0] < at - STRICT_SECONDS:
                self.recent.popleft()
            if len(self.recent) > STRICT_REQUESTS:
                return _failed("busy", 429, STRICT_RETRY_SECONDS)
        if not self._is_troubled(visit, at):
            return None
        if self.site.kind == "away":
            return _failed("busy", 503, None if self.site.is_mute else AWAY_RETRY_SECONDS)
        return _failed("unreachable", None) if self.site.is_mute else _failed("origin", 500)

    def _document(self, visit: Visit, at: float) -> VisitResult:
        if visit.kind == "robots":
            return RulesRead(status=200, body=self._robots()) if self.site.has_robots else RulesRead(status=404)
        if visit.kind == "tdmrep":
            return RulesRead(status=200, body=self._tdm()) if self.site.has_tdm else RulesRead(status=404)
        path = urlsplit(visit.url).path.removeprefix("/")
        if self.site.is_redirecting and not _host(visit.url).startswith("www."):
            return PageMoved(target=f"https://www.{self.site.name}/{path}", status=301)
        article = self.articles[path.removeprefix("moved/")]
        if self.site.kind == "refusing":
            return _failed("refused" if self.site.is_mute else "challenge", 403)
        if self.site.kind == "wall":
            return PageRead(reading=PageReading(problem=PageProblem("consent", "a wall")), url=visit.url)
        return self._page(article, visit, path, at)

    def _page(self, article: WorldArticle, visit: Visit, path: str, at: float) -> VisitResult:
        fate = article.fate
        if fate == "missing" or at < article.appears:
            return _failed("missing", 404)
        if fate == "gone":
            return _failed("gone", 410)
        if fate == "login":
            return PageRead(reading=PageReading(problem=PageProblem("login", "a form")), url=visit.url)
        if fate == "moved" and not path.startswith("moved/"):
            return PageMoved(target=f"https://{_host(visit.url)}/moved/{path}", status=302)
        if fate == "elsewhere" and article.target is not None and article.site is self.site:
            return PageMoved(target=f"https://{article.target.name}/{path}", status=302)
        version = article.version(at)
        validators = Validators(etag=f'"{version}"')
        if visit.validators == validators:
            return PageUnchanged()
        reading = PageReading(body=page_text(article, version), lesson=_lesson(article))
        return PageRead(reading=reading, url=visit.url, validators=validators)

    def _robots(self) -> bytes:
        delay = f"Crawl-delay: {self.site.delay:.0f}\n" if self.site.delay else ""
        place = "/" if self.site.kind == "forbidden" else "/private/"
        return f"User-agent: Other\nDisallow:\n\nUser-agent: *\nDisallow: {place}\n{delay}".encode()

    def _tdm(self) -> bytes:
        place = "/" if self.site.kind == "reserved" else "/private/"
        return f'[{{"location": "{place}", "tdm-reservation": 1}}]'.encode()

    def _remember(self, visit: Visit, result: VisitResult, at: float) -> None:
        """Work out, by the documented rules, until when the site has to be left alone."""
        if isinstance(result, RulesRead) or (visit.kind == "tdmrep" and isinstance(result, VisitFailed)):
            is_read = isinstance(result, RulesRead)
            self.rules_until[_host(visit.url), visit.kind] = at + (DAY if is_read else HOUR)
            if is_read and visit.kind == "robots":
                self.delay = self.site.delay
        self.held_until = -math.inf
        trouble = result.trouble if isinstance(result, VisitFailed) else None
        if trouble in ("busy", "origin", "unreachable"):
            self.failures += 1
            asked = result.retry_after_seconds if isinstance(result, VisitFailed) else None
            if asked is not None:
                self.refused_until = at + asked
            elif trouble == "busy" or self.failures >= TROUBLED_FROM:
                times = self.failures - (1 if trouble == "busy" else TROUBLED_FROM)
                self.held_until = at + min(FIRST_HOLD_SECONDS * 2.0**times, DAY)
            return
        is_refusal = trouble in ("refused", "challenge") and visit.kind == "page"
        self.failures, self.refusals = 0, self.refusals + 1 if is_refusal else 0
        if self.refusals >= REFUSED_FROM:
            self.held_until = at + min(REFUSAL_SECONDS * 2.0 ** (self.refusals - REFUSED_FROM), DAY)


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _failed(trouble: Any, status: int | None, retry_after_seconds: float | None = None) -> VisitFailed:
    reason = "no answer" if status is None else f"the server answered {status}"
    return VisitFailed(trouble=trouble, reason=reason, status=status, retry_after_seconds=retry_after_seconds)


def _lesson(article: WorldArticle) -> PageLesson:
    marks = "".join(f"{article.number % 1_000_000:06d}"[::-1] for _ in range(10)) + "abcdef" * 6
    digest = f"{article.number:012x}"
    return PageLesson(page=digest, headline=digest[::-1], marks=marks)
