"""`dateline feeds list` and `show`."""

import asyncio
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import aclosing
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

import click
from dateline_schemas import Feed, FeedState
from dateline_web.address import without_credentials
from rich.console import Console

from dateline_ingest.catalog.commands.connected import known_feeds, open_registry
from dateline_ingest.catalog.view import FeedRow, feed_lines, feed_table, feed_view, verdict_of

__all__ = ["list_feeds", "show"]

ValueT = TypeVar("ValueT")

PIPE_WIDTH = 200
"""Characters of a line where no terminal says how wide it is."""

MOST_IN_TABLE = 1000
"""Feeds in a table whose columns fit them; of more each is one line."""

LINES_AT_ONCE = 1000
"""Lines that are written at once."""

VERDICTS = ("OK", "QUIET", "FAILING", "GONE", "paused", "new")
"""What a feed may be in the list: its verdict, or that it is paused or has not been polled."""


@click.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, in no particular order.")
@click.option(
    "--verdict",
    "verdicts",
    multiple=True,
    type=click.Choice(VERDICTS, case_sensitive=False),
    help="Only feeds that do so (may be given more than once).",
)
def list_feeds(as_json: bool, verdicts: tuple[str, ...]) -> None:
    """Show the feeds and how they do.

    \b
    Example:
      dateline feeds list --verdict FAILING --verdict GONE
    """
    wanted = frozenset(verdicts) or frozenset(VERDICTS)
    asyncio.run(_list_json(wanted) if as_json else _list(wanted))


@click.command()
@click.argument("url", metavar="URL")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(url: str, as_json: bool) -> None:
    """Show one feed: when it is polled next and why, its last polls, and what is known of it. Times are UTC.

    \b
    Example:
      dateline feeds show https://news.example/rss.xml
    """
    feed, state = asyncio.run(_one(url))
    if as_json:
        click.echo(_line(feed, state))
    else:
        _console().print(feed_view(feed, state, datetime.now(UTC)))


async def _list_json(wanted: frozenset[str]) -> None:
    def line(feed: Feed, state: FeedState | None) -> bytes | None:
        return _line(feed, state) if verdict_of(feed, state) in wanted else None

    async with open_registry() as (registry, _), aclosing(registry.rows(line)) as pages:
        async for page in pages:
            for lines in batched((each for each in page if each is not None), LINES_AT_ONCE):
                click.echo(b"\n".join(lines))


async def _list(wanted: frozenset[str]) -> None:
    rows: list[FeedRow] = []
    async with open_registry() as (registry, _), aclosing(registry.rows(FeedRow.of)) as pages:
        async for page in pages:
            rows += page
    if not rows:
        click.echo("no feeds yet: dateline feeds add URL")
        return
    rows = sorted((row for row in rows if row.verdict in wanted), key=lambda row: row.url)
    if not rows:
        click.echo("no feed does so: dateline feeds list")
        return
    now = datetime.now(UTC)
    if len(rows) <= MOST_IN_TABLE:
        _console().print(feed_table(rows, now))
        return
    for lines in batched(feed_lines(rows, now), LINES_AT_ONCE):
        click.echo("\n".join(lines))


async def _one(url: str) -> tuple[Feed, FeedState | None]:
    async with open_registry() as (registry, _):
        ((key, feed),) = (await known_feeds(registry, [url])).items()
        return feed, (await registry.states([key])).get(key)


def batched(values: Iterable[ValueT], most: int) -> Iterator[list[ValueT]]:
    """Yield lists of up to `most` values."""
    rest = iter(values)
    while some := list(islice(rest, most)):
        yield some


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)


def _line(feed: Feed, state: FeedState | None) -> bytes:
    shown: dict[str, Any] = feed.model_dump(mode="json") | {"url": without_credentials(feed.url)}
    if state is not None:
        # The items seen are many and say nothing to anybody.
        known = state.model_dump(mode="json", exclude={"seen", "url", "seen_first", "seen_next", "seen_items"})
        shown["state"] = known | {"seen": state.seen_items + len(state.seen)}
    return json.dumps(shown, ensure_ascii=False).encode("utf-8", "replace")
