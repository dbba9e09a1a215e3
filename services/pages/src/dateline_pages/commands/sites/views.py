"""What `dateline pages list` and `show` do."""

import asyncio
import json
from datetime import datetime

import click
from dateline.cli.console import console
from dateline.clock import utc_now
from dateline_web.address import without_credentials

from dateline_pages.commands.sites.known_site import KnownSite
from dateline_pages.commands.sites.registry_access import known_site, open_registry
from dateline_pages.commands.sites.site_row import SiteRow, condition_of
from dateline_pages.commands.sites.site_table import site_list_lines, site_table
from dateline_pages.commands.sites.site_view import site_json, site_view
from dateline_pages.sites.limits import SiteLimits

__all__ = ["list_sites", "show_site"]

MOST_IN_TABLE = 1000
"""Up to this many sites are shown as a table; more are printed as lines, which is faster."""

NO_SITES = (
    "no sites yet: pages are read for feeds whose full text is auto or always (`dateline feeds show URL`), "
    "when the pages service runs"
)
"""What is shown when there is no record of any site."""


def list_sites(*, waiting: bool, troubled: bool, as_json: bool) -> None:
    """Print the sites: all, or those that something waits for, or those in trouble."""
    rows, limits = asyncio.run(_rows())
    now = utc_now()
    wanted = sorted(
        (row for row in rows if _is_wanted(row, limits, now, waiting=waiting, troubled=troubled)),
        key=lambda row: row.name,
    )
    if as_json:
        if wanted:
            click.echo("\n".join(json.dumps(row.as_json(limits, now), ensure_ascii=False) for row in wanted))
    elif not rows:
        click.echo(NO_SITES)
    elif not wanted:
        click.echo("no site is like this; `dateline pages list` shows all sites")
    elif len(wanted) > MOST_IN_TABLE:
        click.echo("\n".join(site_list_lines(wanted, limits, now)))
    else:
        console().print(site_table(wanted, limits, now))


def show_site(text: str, *, as_json: bool) -> None:
    """Print everything that is known about one site.

    Raises:
        DatelineError: the site is not known, or more than one has this name.
    """
    site, limits, feeds = asyncio.run(_one(text))
    now = utc_now()
    if as_json:
        click.echo(json.dumps(site_json(site, limits, now, feeds), ensure_ascii=False).encode("utf-8", "replace"))
    else:
        console().print(site_view(site, limits, now, feeds))


async def _rows() -> tuple[list[SiteRow], SiteLimits]:
    async with open_registry() as (registry, settings):
        return await registry.rows(), settings.site_limits


async def _one(text: str) -> tuple[KnownSite, SiteLimits, dict[str, str]]:
    async with open_registry() as (registry, settings):
        site = await known_site(registry, text)
        feeds = await registry.feeds(site.feeds)
        return site, settings.site_limits, {key: without_credentials(feed.url) for key, feed in feeds.items()}


def _is_wanted(row: SiteRow, limits: SiteLimits, now: datetime, *, waiting: bool, troubled: bool) -> bool:
    if waiting and not row.waiting:
        return False
    return not troubled or condition_of(row.name, row.state, row.decision, limits, now).is_trouble
