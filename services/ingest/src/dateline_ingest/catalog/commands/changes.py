"""What `dateline feeds pause`, `resume`, `archives`, `full-text` and `remove` do."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import click
from dateline.cli.printable import printable
from dateline.feeds.edits import FeedEdit, paused, poll_asked, resumed, with_full_text
from dateline_schemas import ArchivesRequest, Feed, FullText
from dateline_web.address import without_credentials

from dateline_ingest.catalog.commands.registry_access import known_feeds, open_registry

__all__ = ["ask_for_archives", "pause_feeds", "poll_feeds", "remove_feeds", "resume_feeds", "set_full_text"]


def pause_feeds(urls: Sequence[str]) -> None:
    """Stop polling the feeds; their state is kept."""
    asyncio.run(_change(urls, paused))


def resume_feeds(urls: Sequence[str]) -> None:
    """Poll paused feeds again, and feeds that fail or are gone at once."""
    asyncio.run(_change(urls, resumed))


def poll_feeds(urls: Sequence[str]) -> None:
    """Ask for one poll of each feed now.

    Raises:
        SystemExit: with code 1 when a feed is paused.
    """
    now = datetime.now(UTC)
    asyncio.run(_change(urls, lambda feed: poll_asked(feed, now)))


def remove_feeds(urls: Sequence[str]) -> None:
    """Remove the feeds and their state."""
    asyncio.run(_remove(urls))


def ask_for_archives(url: str, *, since: datetime | None, limit: int | None) -> None:
    """Ask for the archives of a feed."""
    asyncio.run(_ask_for_archives(url, ArchivesRequest(asked=datetime.now(UTC), since=since, limit=limit)))


def set_full_text(urls: Sequence[str], full_text: FullText) -> None:
    """Set whether the pages of the feeds' articles are read."""
    asyncio.run(_change(urls, lambda feed: with_full_text(feed, full_text)))


async def _change(urls: Sequence[str], change: Callable[[Feed], FeedEdit]) -> None:
    """Apply a change to feeds, write those that need it, and print what was done.

    Raises:
        SystemExit: with code 1 when a change cannot be made.
    """
    async with open_registry() as (registry, _):
        found = await known_feeds(registry, urls)
        changes = {key: change(feed) for key, feed in found.items()}
        await registry.write({key: each.feed for key, each in changes.items() if each.is_needed})
    refused = 0
    for each in changes.values():
        refused += each.is_refused
        click.echo(f"{_name(each.feed)}: {each.done}", err=each.is_refused)
    if refused:
        raise SystemExit(1)


async def _ask_for_archives(url: str, request: ArchivesRequest) -> None:
    async with open_registry() as (registry, _):
        found = await known_feeds(registry, [url])
        await registry.write({key: feed.model_copy(update={"archives": request}) for key, feed in found.items()})
    for feed in found.values():
        note = "; it is paused: its archives are read when it is resumed" if feed.paused else ""
        click.echo(f"{_name(feed)}: archives asked for; `dateline feeds show` tells how far they are{note}")


async def _remove(urls: Sequence[str]) -> None:
    async with open_registry() as (registry, _):
        found = await known_feeds(registry, urls)
        await registry.write(dict.fromkeys(found))
    for feed in found.values():
        click.echo(f"{_name(feed)}: removed")


def _name(feed: Feed) -> str:
    return printable(without_credentials(feed.url))
