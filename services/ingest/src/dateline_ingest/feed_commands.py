"""`dateline feeds`: the feeds that the ingest service polls."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import click
from dateline.errors import DatelineError
from dateline.service import prepare
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_schemas import Feed, FeedState, feed_key
from rich.console import Console
from rich.table import Table

from dateline_ingest.address import without_credentials
from dateline_ingest.feed_registry import FeedRegistry

__all__ = ["feeds"]

STYLES = {"OK": "green", "QUIET": "yellow", "FAILING": "red", "GONE": "red"}
"""The colour of each verdict."""


@click.group()
def feeds() -> None:
    """Add, list, pause and remove the feeds that the ingest service polls.

    \b
    Example:
      dateline feeds add https://news.example/rss.xml
      dateline feeds list
    """


@feeds.command()
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@click.option("--name", help="Name for people; without it the feed's own title is used.")
@click.option("--interval", type=click.FloatRange(min=1), metavar="SECONDS", help="Time between two polls.")
def add(urls: tuple[str, ...], name: str | None, interval: float | None) -> None:
    """Add feeds to be polled, the first time at once; those that are there are left as they are.

    \b
    Example:
      dateline feeds add https://news.example/rss.xml --interval 600
    """
    for url in urls:
        if not url.lower().startswith(("http://", "https://")):
            raise DatelineError(f"{url}: the address of a feed begins with http:// or https://")

    def change(known: dict[bytes, Feed]) -> dict[bytes, Feed | None]:
        changes: dict[bytes, Feed | None] = {}
        for url in urls:
            old = known.get(_key(url))
            new = Feed(url=url, name=name, added=datetime.now(UTC), interval_seconds=interval)
            if old is not None:
                new = old.model_copy(update=_given(url=url, name=name, interval_seconds=interval))
            if new != old:
                changes[_key(url)] = new
            click.echo(f"{without_credentials(url)}: {_what_was_done(old, new)}")
        return changes

    asyncio.run(_change(change))


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _what_was_done(old: Feed | None, new: Feed) -> str:
    return "added" if old is None else "already there" if new == old else "changed"


@feeds.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_feeds(as_json: bool) -> None:
    """Show the feeds and how they do.

    \b
    Example:
      dateline feeds list
    """
    found = asyncio.run(_list())
    if as_json:
        for feed, state in found:
            click.echo(json.dumps(_object(feed, state), ensure_ascii=False))
        return
    if not found:
        click.echo("no feeds yet: dateline feeds add URL")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("feed", "verdict", "last poll", "next poll", "items seen", "reason"):
        table.add_column(column, overflow="fold")
    for feed, state in found:
        table.add_row(*_row(feed, state))
    Console().print(table)


@feeds.command()
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
def remove(urls: tuple[str, ...]) -> None:
    """Stop polling feeds and forget what is known of them.

    \b
    Example:
      dateline feeds remove https://news.example/rss.xml
    """
    asyncio.run(_change(lambda known: dict.fromkeys(_known(urls, known))))


@feeds.command()
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
def pause(urls: tuple[str, ...]) -> None:
    """Stop polling feeds for now; what was seen of them stays known.

    \b
    Example:
      dateline feeds pause https://news.example/rss.xml
    """
    _set_paused(urls, paused=True)


@feeds.command()
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
def resume(urls: tuple[str, ...]) -> None:
    """Poll paused feeds again.

    \b
    Example:
      dateline feeds resume https://news.example/rss.xml
    """
    _set_paused(urls, paused=False)


def _set_paused(urls: Sequence[str], *, paused: bool) -> None:
    def change(known: dict[bytes, Feed]) -> dict[bytes, Feed | None]:
        wanted = {key: known[key] for key in _known(urls, known)}
        return {
            key: feed.model_copy(update={"paused": paused}) for key, feed in wanted.items() if feed.paused != paused
        }

    asyncio.run(_change(change))


def _key(url: str) -> bytes:
    return feed_key(url).encode()


def _known(urls: Iterable[str], known: dict[bytes, Feed]) -> list[bytes]:
    missing = [without_credentials(url) for url in urls if _key(url) not in known]
    if missing:
        raise DatelineError(f"no such feed: {', '.join(missing)}; `dateline feeds list` shows those there are")
    return [_key(url) for url in urls]


async def _change(change: Any) -> None:
    kafka, _ = prepare("feeds", KafkaSettings, RuntimeSettings)
    async with FeedRegistry.open(kafka) as registry:
        await registry.write(change(await registry.feeds()))


async def _list() -> list[tuple[Feed, FeedState | None]]:
    kafka, _ = prepare("feeds", KafkaSettings, RuntimeSettings)
    async with FeedRegistry.open(kafka) as registry:
        found, states = await registry.feeds(), await registry.states()
    return sorted(((feed, states.get(key)) for key, feed in found.items()), key=lambda pair: pair[0].url)


def _object(feed: Feed, state: FeedState | None) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(feed.to_bytes()) | {"url": without_credentials(feed.url)}
    if state is not None:
        known = json.loads(state.to_bytes())
        shown["state"] = {key: value for key, value in known.items() if key not in ("seen", "url")}
        shown["state"]["seen"] = len(state.seen)
    return shown


def _row(feed: Feed, state: FeedState | None) -> list[str]:
    name = f"{feed.name}\n{without_credentials(feed.url)}" if feed.name else without_credentials(feed.url)
    if feed.paused:
        return [name, "[dim]paused[/]", _time(state.last_poll if state else None), "", _seen(state), ""]
    if state is None or state.verdict is None:
        return [name, "[dim]not polled yet[/]", "", "", "", ""]
    verdict = f"[{STYLES[state.verdict]}]{state.verdict}[/]"
    return [name, verdict, _time(state.last_poll), _time(state.next_poll), _seen(state), state.reason or ""]


def _seen(state: FeedState | None) -> str:
    return "" if state is None else str(len(state.seen))


def _time(moment: datetime | None) -> str:
    return "" if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S")
