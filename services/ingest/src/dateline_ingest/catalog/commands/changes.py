"""`dateline feeds pause`, `resume` and `remove`."""

import asyncio
from collections.abc import Sequence

import click
from dateline_schemas import Feed
from dateline_web.address import without_credentials

from dateline_ingest.catalog.commands.connected import known_feeds, open_registry
from dateline_ingest.catalog.printable import printable

__all__ = ["pause", "remove", "resume"]


@click.command()
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
def pause(urls: tuple[str, ...]) -> None:
    """Stop polling feeds for now; what was seen of them stays known.

    \b
    Example:
      dateline feeds pause https://news.example/rss.xml
    """
    asyncio.run(_set_paused(urls, paused=True))


@click.command()
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
def resume(urls: tuple[str, ...]) -> None:
    """Poll paused feeds again; feeds that fail or are gone are polled at once.

    \b
    Example:
      dateline feeds resume https://news.example/rss.xml
    """
    asyncio.run(_set_paused(urls, paused=False))


@click.command()
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
def remove(urls: tuple[str, ...]) -> None:
    """Stop polling feeds and forget what is known of them.

    \b
    Example:
      dateline feeds remove https://news.example/rss.xml
    """
    asyncio.run(_remove(urls))


async def _set_paused(urls: Sequence[str], *, paused: bool) -> None:
    async with open_registry() as (registry, _):
        found = await known_feeds(registry, urls)
        # Any record of a feed revives it, so one that goes on is written again even if it was not paused.
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


async def _remove(urls: Sequence[str]) -> None:
    async with open_registry() as (registry, _):
        found = await known_feeds(registry, urls)
        await registry.write(dict.fromkeys(found))
    for feed in found.values():
        click.echo(f"{_name(feed)}: removed")


def _name(feed: Feed) -> str:
    return printable(without_credentials(feed.url))
