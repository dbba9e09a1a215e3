"""Shows one site in a terminal, or as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from dateline.cli.printable import printable
from dateline.duration import relative
from dateline_schemas import SiteVisit, WaitingPage
from dateline_web.address import without_credentials
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dateline_pages.commands.sites.known_site import KnownSite
from dateline_pages.commands.sites.next_request import next_request, pause_of
from dateline_pages.commands.sites.robots_summary import robots_summary, tdm_summary
from dateline_pages.commands.sites.site_facts import next_request_text, site_facts
from dateline_pages.commands.sites.site_row import condition_of
from dateline_pages.commands.sites.wording import clock, counted
from dateline_pages.sites.limits import SiteLimits

__all__ = ["CONDITION_STYLES", "site_json", "site_view"]

CONDITION_STYLES = {
    "answers": "green",
    "new": "dim",
    "failing": "yellow",
    "refusing": "yellow",
    "held": "red",
    "blocked": "red",
    "left out": "dim",
}
"""The colour of each condition."""

MOST_WAITING = 20
"""At most this many articles that wait are shown."""

MOST_FAILED = 5
"""At most this many articles that were given up are shown."""


def site_view(site: KnownSite, limits: SiteLimits, now: datetime, feeds: Mapping[str, str]) -> RenderableType:
    """Return all details of a site: how it does, its next request, what waits, and its last visits.

    Args:
        site: the site.
        limits: the rules for all sites.
        now: the current time.
        feeds: the addresses of feeds by key, as far as they are known.
    """
    return Group(*_parts(site, limits, now, feeds))


def site_json(site: KnownSite, limits: SiteLimits, now: datetime, feeds: Mapping[str, str]) -> dict[str, Any]:
    """Return what is known of a site for programs; articles without their text."""
    state = site.state_or_empty
    condition = condition_of(site.name, site.state, site.decision, limits, now)
    pause = pause_of(state, site.decision, limits)
    upcoming = next_request(site, limits, now)
    at = None if upcoming.at is None else upcoming.at.isoformat()
    return {
        "site": site.name,
        "condition": condition.word,
        "reason": condition.reason or None,
        "next_request": {"url": upcoming.url, "for": upcoming.what or None, "at": at, "reason": upcoming.why or None},
        "pause": {"seconds": pause.seconds, "origin": pause.origin},
        "decision": None if site.decision is None else site.decision.model_dump(mode="json"),
        "state": state.model_dump(mode="json"),
        "waiting": [_page_json(page) for page in site.waiting],
        "failed": [_page_json(page) for page in site.failed],
        "not_taken": site.pending,
        "processes": site.members,
        "looks": [look.model_dump(mode="json", include={"url", "due", "looks"}) for look in site.looks],
        "rules": [
            rules.model_dump(mode="json")
            | {"robots_summary": robots_summary(rules, limits, now), "tdm_summary": tdm_summary(rules, limits)}
            for rules in site.rules
        ],
        "feeds": [
            {"key": key, "url": feeds.get(key)} | pages.model_dump(mode="json") for key, pages in site.feeds.items()
        ],
        "sitemaps": [job.model_dump(mode="json") for job in site.jobs],
    }


def _page_json(page: WaitingPage) -> dict[str, Any]:
    article = page.request.article
    shown = page.model_dump(mode="json", exclude={"request", "trace"})
    return shown | {
        "article": None if article is None else article.id,
        "title": None if article is None else article.title,
        "url": page.url or page.request.url,
        "via": None if article is None else article.via,
    }


def _parts(site: KnownSite, limits: SiteLimits, now: datetime, feeds: Mapping[str, str]) -> Iterator[RenderableType]:
    yield Text(printable(site.name), "bold")
    condition = condition_of(site.name, site.state, site.decision, limits, now)
    reason = f": {condition.reason}" if condition.reason else ""
    yield Text.assemble((condition.word, CONDITION_STYLES[condition.word]), reason)
    yield Text(printable(next_request_text(site, limits, now)))
    facts = Table.grid(padding=(0, 2))
    for name, value in site_facts(site, limits, now, feeds):
        facts.add_row(Text(name, "dim"), Text(printable(value)))
    yield facts
    if site.waiting:
        yield Text()
        yield _waiting(site.waiting, now)
    if site.failed:
        yield Text()
        yield _failed(site.failed, now)
    visits = site.state_or_empty.visits
    if visits:
        yield Text()
        yield _visits(visits, now)


def _waiting(pages: Sequence[WaitingPage], now: datetime) -> Table:
    table = _table("waiting", "deadline", "next try", "address", "reason")
    for page in pages[:MOST_WAITING]:
        deadline = "published" if page.published else "none" if page.deadline is None else _due(page.deadline, now)
        again = "" if page.due is None or page.due <= now else relative(page.due, now)
        reason = f"{counted(page.attempts, 'try', 'tries')}, the last: {page.reason}" if page.reason else ""
        if page.request.article is not None and page.request.article.via is not None:
            reason = f"{reason}; backfill" if reason else "backfill"
        table.add_row(
            relative(page.received, now).removesuffix(" ago"),
            deadline,
            again,
            _address(page.url or page.request.url),
            Text(printable(reason)),
        )
    if len(pages) > MOST_WAITING:
        table.add_row("", "", "", f"and {len(pages) - MOST_WAITING:,} more", "")
    return table


def _failed(pages: Sequence[WaitingPage], now: datetime) -> Table:
    table = _table("given up", "address", "reason")
    for page in pages[:MOST_FAILED]:
        table.add_row(
            f"came {relative(page.received, now)}",
            _address(page.url or page.request.url),
            Text(printable(page.reason or "")),
        )
    if len(pages) > MOST_FAILED:
        table.add_row("", f"and {len(pages) - MOST_FAILED:,} more", "")
    return table


def _visits(visits: Sequence[SiteVisit], now: datetime) -> Table:
    table = _table("last visits", "", "status", "outcome", "address", "reason")
    for visit in reversed(visits):
        table.add_row(
            clock(visit.at, now),
            relative(visit.at, now),
            "" if visit.status is None else str(visit.status),
            Text(printable(visit.outcome)),
            _address(visit.url),
            Text(printable(visit.reason or "")),
        )
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        is_long = column in ("address", "reason")
        table.add_column(column, no_wrap=not is_long, overflow="fold" if is_long else "ellipsis")
    return table


def _address(url: str) -> Text:
    return Text(printable(without_credentials(url)))


def _due(moment: datetime, now: datetime) -> str:
    return "now" if moment <= now else relative(moment, now)
