"""What `dateline pages list`, `show`, `retry` and `block` do."""

import asyncio
import json

import click
from dateline.cli.console import console
from dateline.clock import utc_now
from dateline.errors import DatelineError
from dateline.settings import load
from dateline_schemas import SiteSettings
from rich.table import Table

from dateline_pages.commands.site_registry import KnownSite, named_site, open_sites
from dateline_pages.commands.site_view import is_troubled, site_lines, site_rows
from dateline_pages.settings import PagesSettings

__all__ = ["block_site", "list_sites", "retry_site", "show_site"]


def list_sites(*, waiting: bool, troubled: bool) -> None:
    """Print all sites, or those for which something waits, or those in trouble."""
    asyncio.run(_list(waiting=waiting, troubled=troubled))


def show_site(text: str, *, as_json: bool) -> None:
    """Print everything that is known about one site."""
    site = asyncio.run(_known(named_site(text)))
    if as_json:
        click.echo(json.dumps(_as_json(site), ensure_ascii=False))
        return
    (settings,) = load(PagesSettings, unknown=False)
    click.echo("\n".join(site_lines(site, utc_now(), settings.pause_seconds, settings.max_pause_seconds)))


def retry_site(text: str) -> None:
    """Ask again for what was given up, and end the hold of the site."""
    name = named_site(text)
    asyncio.run(_retry(name))
    click.echo(f"{name}: what was given up is asked for again; `dateline pages show {name}` tells what comes of it")


def block_site(text: str, *, reason: str | None, undo: bool) -> None:
    """Request no page of a site any more, or request them again."""
    name = named_site(text)
    asyncio.run(_block(name, reason=reason, undo=undo))
    done = "its pages are requested again" if undo else "no page of it is requested any more"
    click.echo(f"{name}: {done}")


async def _list(*, waiting: bool, troubled: bool) -> None:
    async with open_sites() as registry:
        sites = await registry.sites()
    now = utc_now()
    if not sites:
        click.echo("no sites yet: pages reads the articles of feeds whose `full-text` is not `never`")
        return
    sites = [site for site in sites if not waiting or site.counts["request"]]
    sites = [site for site in sites if not troubled or is_troubled(site, now)]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("site", "waiting", "published", "requests", "condition"):
        table.add_column(name, justify="right" if name in ("waiting", "published", "requests") else "left")
    for row in site_rows(sites, now):
        table.add_row(*row)
    console().print(table)


async def _known(name: str) -> KnownSite:
    async with open_sites() as registry:
        site = await registry.site(name)
    if site.state is None and site.decision is None and not site.counts:
        raise DatelineError(f"{name}: nothing is known of this site; `dateline pages list` shows all")
    return site


async def _retry(name: str) -> None:
    async with open_sites() as registry:
        await registry.retry(name)


async def _block(name: str, *, reason: str | None, undo: bool) -> None:
    async with open_sites() as registry:
        old = (await registry.site(name)).decision
        pause = None if old is None else old.pause_seconds
        if undo and pause is None:
            await registry.decide(name, None)
            return
        decision = SiteSettings(
            site=name, blocked=not undo, reason=None if undo else reason, pause_seconds=pause, changed=utc_now()
        )
        await registry.decide(name, decision)


def _as_json(site: KnownSite) -> dict[str, object]:
    return {
        "site": site.name,
        "state": None if site.state is None else site.state.model_dump(mode="json"),
        "decision": None if site.decision is None else site.decision.model_dump(mode="json"),
        "parts": dict(site.counts),
        "waiting": [page.model_dump(mode="json") for page in site.waiting],
        "rules": [rules.model_dump(mode="json") for rules in site.rules],
        "sitemaps": [job.model_dump(mode="json") for job in site.jobs],
    }
