"""What `dateline feeds pause`, `resume`, `archives`, `full-text` and `remove` do."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import click
from dateline.cli.printable import printable
from dateline_schemas import ArchivesRequest, Feed, FullText
from dateline_web.address import without_credentials

from dateline_ingest.catalog.commands.registry_access import known_feeds, open_registry

__all__ = ["ask_for_archives", "pause_feeds", "remove_feeds", "resume_feeds", "set_full_text"]


def pause_feeds(urls: Sequence[str]) -> None:
    """Stop polling the feeds; their state is kept."""
    asyncio.run(_set_paused(urls, paused=True))


def resume_feeds(urls: Sequence[str]) -> None:
    """Poll paused feeds again, and feeds that fail or are gone at once."""
    asyncio.run(_set_paused(urls, paused=False))


def remove_feeds(urls: Sequence[str]) -> None:
    """Remove the feeds and their state."""
    asyncio.run(_remove(urls))


def ask_for_archives(url: str, *, since: datetime | None, limit: int | None) -> None:
    """Ask for the archives of a feed."""
    asyncio.run(_ask_for_archives(url, ArchivesRequest(asked=datetime.now(UTC), since=since, limit=limit)))


def set_full_text(urls: Sequence[str], full_text: FullText) -> None:
    """Set whether the pages of the feeds' articles are read."""
    asyncio.run(_set_full_text(urls, full_text))


async def _set_paused(urls: Sequence[str], *, paused: bool) -> None:
    async with open_registry() as (registry, _):
        found = await known_feeds(registry, urls)
        # A new record makes ingest poll the feed again, so a resumed feed is written even if it was not paused.
        changes = {
            key: feed.model_copy(update={"paused": paused})
            for key, feed in found.items()
            if not paused or not feed.paused
        }
        await registry.write(changes)
    for key, feed in found.items():
        click.echo(f"{_name(feed)}: {_done(feed, changed=key in changes, paused=paused)}")


def _done(before: Feed, *, changed: bool, paused: bool) -> str:
    if paused:
        return "paused" if changed else "was paused already"
    return "resumed" if before.paused else "was not paused; if it failed it is polled at once"


async def _ask_for_archives(url: str, request: ArchivesRequest) -> None:
    async with open_registry() as (registry, _):
        found = await known_feeds(registry, [url])
        await registry.write({key: feed.model_copy(update={"archives": request}) for key, feed in found.items()})
    for feed in found.values():
        note = "; it is paused: its archives are read when it is resumed" if feed.paused else ""
        click.echo(f"{_name(feed)}: archives asked for; `dateline feeds show` tells how far they are{note}")


async def _set_full_text(urls: Sequence[str], full_text: FullText) -> None:
    async with open_registry() as (registry, _):
        found = await known_feeds(registry, urls)
        changes = {
            key: feed.model_copy(update={"full_text": full_text})
            for key, feed in found.items()
            if feed.full_text != full_text
        }
        await registry.write(changes)
    for key, feed in found.items():
        before = feed.full_text or "never"
        done = f"full text {full_text}, before {before}" if key in changes else f"full text was {before} already"
        click.echo(f"{_name(feed)}: {done}")


async def _remove(urls: Sequence[str]) -> None:
    async with open_registry() as (registry, _):
        found = await known_feeds(registry, urls)
        await registry.write(dict.fromkeys(found))
    for feed in found.values():
        click.echo(f"{_name(feed)}: removed")


def _name(feed: Feed) -> str:
    return printable(without_credentials(feed.url))
