"""What `dateline pages retry`, `block`, `unblock` and `pause` do."""

import asyncio
from collections.abc import Callable

import click
from dateline.cli.printable import printable
from dateline.clock import utc_now
from dateline.duration import in_words
from dateline_schemas import SiteSettings

from dateline_pages.commands.sites.known_site import KnownSite
from dateline_pages.commands.sites.next_request import pause_of
from dateline_pages.commands.sites.registry_access import known_site, open_registry
from dateline_pages.commands.sites.site_names import site_named
from dateline_pages.settings import PagesSettings

__all__ = ["block_site", "pause_site", "retry_site", "unblock_site"]

NOT_RUNNING = "; no process reads pages now: `dateline up` starts the service"
"""Added to what was done if nobody takes notice of it yet."""


def retry_site(text: str) -> None:
    """Request again what was given up, and end the hold of a site.

    Raises:
        DatelineError: the site is not known, or more than one has this name.
    """
    click.echo(asyncio.run(_retry(text)))


def block_site(text: str, *, reason: str | None) -> None:
    """Request no page of a site; its articles are published with their feeds' texts. The site may be unknown.

    Raises:
        DatelineError: the text names no site.
    """
    reason = " ".join(reason.split()) or None if reason else None
    click.echo(asyncio.run(_decide(text, lambda site, _: _blocked(site, reason))))


def unblock_site(text: str) -> None:
    """Request the pages of a blocked site again.

    Raises:
        DatelineError: the text names no site.
    """
    click.echo(asyncio.run(_decide(text, lambda site, _: _unblocked(site))))


def pause_site(text: str, seconds: float | None) -> None:
    """Set the pause between two requests to a site; None means that of the settings.

    Raises:
        DatelineError: the text names no site.
    """
    click.echo(asyncio.run(_decide(text, lambda site, settings: _paused(site, seconds, settings))))


Change = tuple[SiteSettings, str]
"""What is decided from now on, and what is done in words."""


async def _retry(text: str) -> str:
    async with open_registry() as (registry, settings):
        site = await known_site(registry, text)
        refusal = settings.site_limits.refusal(site.name)
        if site.decision is not None and site.decision.blocked:
            refusal = f"it is blocked: `dateline pages unblock {site.name}`"
        if refusal is not None:
            return f"{site.name}: nothing is requested, because {refusal}"
        await registry.retry(site.name)
    return f"{site.name}: {_retried(site)}{_note(site)}"


def _retried(site: KnownSite) -> str:
    count = len(site.failed)
    articles = "the article that was" if count == 1 else f"{count:,} articles that were"
    what = f"{articles} given up will be requested again" if count else "nothing was given up"
    state = site.state_or_empty
    left = 0.0 if state.held_until is None else (state.held_until - utc_now()).total_seconds()
    hold = f"; its hold of another {in_words(left)} ends" if left > 0 else ""
    return f"{what}{hold}; `dateline pages show {site.name}` tells what comes of it"


async def _decide(text: str, change: Callable[[KnownSite, PagesSettings], Change | str]) -> str:
    async with open_registry() as (registry, settings):
        # Also a site that was never visited can be blocked, so the name has to be a whole one.
        site = await registry.site(site_named(text))
        changed = change(site, settings)
        if isinstance(changed, str):
            return f"{site.name}: {changed}"
        decision, done = changed
        is_empty = not decision.blocked and decision.pause_seconds is None
        await registry.decide(site.name, None if is_empty else decision)
    is_new = "" if site.is_known else "; nothing else is known of this site yet"
    return f"{site.name}: {done}{is_new or _note(site)}"


def _blocked(site: KnownSite, reason: str | None) -> Change | str:
    old = _decision(site)
    if old.blocked and old.reason == reason:
        return "was blocked already"
    count = len(site.waiting)
    articles = "the article that waits is" if count == 1 else f"the {count:,} articles that wait are"
    note = f"; {articles} published with the feed's text" if count else ""
    because = f" ({printable(reason)})" if reason else ""
    return old.model_copy(update={"blocked": True, "reason": reason}), f"blocked{because}{note}"


def _unblocked(site: KnownSite) -> Change | str:
    old = _decision(site)
    if not old.blocked:
        return "was not blocked"
    return old.model_copy(update={"blocked": False, "reason": None}), "its pages are requested again"


def _paused(site: KnownSite, seconds: float | None, settings: PagesSettings) -> Change | str:
    old = _decision(site)
    if old.pause_seconds == seconds:
        return "had this pause already" if seconds is not None else "had the pause of the settings already"
    decision = old.model_copy(update={"pause_seconds": seconds})
    pause = pause_of(site.state_or_empty, decision, settings.site_limits)
    return decision, f"the pause between two requests is {in_words(pause.seconds)} ({pause.origin})"


def _decision(site: KnownSite) -> SiteSettings:
    """Return what was decided before, with the time of the new decision."""
    old = site.decision or SiteSettings(site=site.name, changed=utc_now())
    return old.model_copy(update={"changed": utc_now()})


def _note(site: KnownSite) -> str:
    return NOT_RUNNING if site.members == 0 else ""
