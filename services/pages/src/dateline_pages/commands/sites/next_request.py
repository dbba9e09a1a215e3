"""Works out which request to a site is next, when it can be sent at the earliest, and what it waits for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from dateline.duration import in_words
from dateline_schemas import HostRules, SiteSettings, SiteState

from dateline_pages.backfill.sitemap_job import next_sitemap
from dateline_pages.commands.sites.known_site import KnownSite
from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.politeness.rules import origin_of
from dateline_pages.sites.queues.queue import QueuePlace

__all__ = ["NextRequest", "SitePause", "next_request", "pause_of", "refusal_of"]

RULES_FRESH = timedelta(days=1)
"""robots.txt and tdmrep.json are kept for this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextRequest:
    """The next request to a site; without an address nothing is requested."""

    url: str | None = None
    what: str = ""
    """What it is for, such as `page` or `robots.txt`."""
    at: datetime | None = None
    """The earliest time; None means now."""
    why: str
    """What it waits for, or why there is none, in words; empty if it waits for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePause:
    """The pause between two requests to a site, and where it comes from."""

    seconds: float
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    place: QueuePlace
    number: float
    url: str
    what: str
    due: datetime | None
    why: str


def refusal_of(name: str, decision: SiteSettings | None, limits: SiteLimits) -> str | None:
    """Return why no page of a site is requested, None if they may be."""
    if decision is not None and decision.blocked:
        return "blocked" if decision.reason is None else f"blocked: {decision.reason}"
    return limits.refusal(name)


def pause_of(state: SiteState, decision: SiteSettings | None, limits: SiteLimits) -> SitePause:
    """Return the pause between two requests to a site."""
    own = None if decision is None else decision.pause_seconds
    seconds = limits.pause_seconds if own is None else own
    origin = "DATELINE_PAGES__PAUSE_SECONDS" if own is None else "set by an operator"
    host, asked = max(state.delays.items(), key=lambda each: each[1], default=("", 0.0))
    if min(asked, limits.max_pause_seconds) <= seconds:
        return SitePause(seconds=seconds, origin=origin)
    return SitePause(seconds=min(asked, limits.max_pause_seconds), origin=f"Crawl-delay in the robots.txt of {host}")


def next_request(site: KnownSite, limits: SiteLimits, now: datetime) -> NextRequest:
    """Return the next request to a site.

    The task that owns the site may know better: a new owner waits one whole pause, and so does one that has just
    answered.
    """
    refusal = refusal_of(site.name, site.decision, limits)
    if refusal is not None:
        return NextRequest(why=refusal)
    entries = list(_entries(site))
    if not entries:
        return NextRequest(why="nothing waits for it")
    entry = min(entries, key=lambda each: _order(each, now))
    state = site.state_or_empty
    pause = pause_of(state, site.decision, limits)
    reasons = [(entry.due, entry.why)]
    if state.last_visit is not None:
        over = state.last_visit + timedelta(seconds=pause.seconds)
        reasons.append((over, f"the pause between two requests is {in_words(pause.seconds)}"))
    reasons.append((state.held_until, f"the site is left alone: {state.held_reason}"))
    origin = origin_of(entry.url)
    rules = next((each for each in site.rules if each.origin == origin), HostRules(origin=origin))
    url, what = entry.url, entry.what
    if _is_over(rules.robots_until, now):
        url, what = rules.robots_url or f"{origin}/robots.txt", "robots.txt, which comes before the first page"
    elif rules.robots_failures:
        reasons.append((rules.robots_until, f"the robots.txt of {origin} cannot be read"))
    elif limits.obey_reservations and _is_over(rules.tdm_until, now):
        url, what = rules.tdm_url or f"{origin}/.well-known/tdmrep.json", "tdmrep.json, which comes before the page"
    at, why = max(((when, text) for when, text in reasons if when is not None), default=(now, ""))
    return NextRequest(url=url, what=what, at=at if at > now else None, why=why if at > now else "")


def _order(entry: _Entry, now: datetime) -> tuple[datetime, QueuePlace, float]:
    # What is due comes by its place; what is not, by its time.
    return (now if entry.due is None else max(now, entry.due), entry.place, entry.number)


def _entries(site: KnownSite) -> Iterator[_Entry]:
    for page in site.waiting:
        article = page.request.article
        is_backfill = article is not None and article.via is not None
        yield _Entry(
            place=QueuePlace.BACKFILL if is_backfill else QueuePlace.FEED,
            number=page.number,
            url=page.url or page.request.url,
            what="page",
            due=page.due,
            why=f"its last request gave nothing: {page.reason}" if page.reason else "its page is requested again later",
        )
    for look in site.looks:
        why = "a later look has its time"
        yield _Entry(place=QueuePlace.LOOK, number=look.number, url=look.url, what="later look", due=look.due, why=why)
    for job in site.jobs:
        url = next_sitemap(job)
        if url is not None:
            why = "pages of other sites are asked for slowly"
            yield _Entry(
                place=QueuePlace.BACKFILL, number=float("inf"), url=url, what="sitemap", due=job.resume_at, why=why
            )


def _is_over(until: datetime | None, now: datetime) -> bool:
    # As the task has it: beyond two days the clock was wrong when it was written.
    return until is None or until <= now or until > now + 2 * RULES_FRESH
