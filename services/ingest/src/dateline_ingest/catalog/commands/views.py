"""What `dateline feeds list` and `show` do."""

import asyncio
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

import click
from dateline.cli.console import console
from dateline.feeds.page_choice import page_choice
from dateline_schemas import Feed, FeedPages, FeedState
from dateline_web.address import without_credentials

from dateline_ingest.catalog.commands.registry_access import known_feeds, open_registry
from dateline_ingest.catalog.folders import FolderPath, written_path
from dateline_ingest.catalog.view import FeedRow, feed_lines, feed_table, feed_view, verdict_of

__all__ = ["list_feeds", "show_feed"]

ValueT = TypeVar("ValueT")

MOST_IN_TABLE = 1000
"""Up to this many feeds are shown as a table; more are printed as lines, which is faster."""

LINES_AT_ONCE = 1000
"""Lines are written in groups of this size."""


@dataclass(frozen=True, slots=True)
class FeedFilter:
    """Chooses feeds of the list; without verdicts and folders, it takes all."""

    verdicts: frozenset[str]
    folders: tuple[FolderPath, ...]

    def takes(self, feed: Feed, state: FeedState | None) -> bool:
        """Return whether the feed has one of the verdicts, and is in one of the folders or below."""
        if self.verdicts and verdict_of(feed, state) not in self.verdicts:
            return False
        return not self.folders or any(
            tuple(names[: len(folder)]) == folder for names in feed.folders for folder in self.folders
        )


def list_feeds(verdicts: Collection[str], folders: Iterable[str], *, as_json: bool) -> None:
    """Print the feeds with one of the `verdicts` in one of the `folders`; of all, if there are none."""
    wanted = FeedFilter(frozenset(verdicts), tuple(map(written_path, folders)))
    asyncio.run(_list_json(wanted) if as_json else _list(wanted))


def show_feed(url: str, *, as_json: bool) -> None:
    """Print everything that is known about one feed."""
    feed, state, pages = asyncio.run(_one(url))
    if as_json:
        click.echo(_line(feed, state, pages))
    else:
        console().print(feed_view(feed, state, datetime.now(UTC), pages))


async def _list_json(wanted: FeedFilter) -> None:
    def line(feed: Feed, state: FeedState | None) -> bytes | None:
        return _line(feed, state) if wanted.takes(feed, state) else None

    async with open_registry() as (registry, _), aclosing(registry.rows(line)) as pages:
        async for page in pages:
            for lines in batched((each for each in page if each is not None), LINES_AT_ONCE):
                click.echo(b"\n".join(lines))


async def _list(wanted: FeedFilter) -> None:
    def row(feed: Feed, state: FeedState | None) -> FeedRow | None:
        return FeedRow.of(feed, state) if wanted.takes(feed, state) else None

    found: list[FeedRow | None] = []
    async with open_registry() as (registry, _), aclosing(registry.rows(row)) as pages:
        async for page in pages:
            found += page
    if not found:
        click.echo("no feeds yet; add one with `dateline feeds add URL`")
        return
    rows = sorted((row for row in found if row is not None), key=lambda row: row.url)
    if not rows:
        what = "is in this folder with this verdict" if wanted.verdicts else "is in this folder"
        what = what if wanted.folders else "has this verdict"
        click.echo(f"no feed {what}; `dateline feeds list` shows all feeds")
        return
    now = datetime.now(UTC)
    if len(rows) <= MOST_IN_TABLE:
        console().print(feed_table(rows, now))
        return
    for lines in batched(feed_lines(rows, now), LINES_AT_ONCE):
        click.echo("\n".join(lines))


async def _one(url: str) -> tuple[Feed, FeedState | None, list[FeedPages]]:
    async with open_registry() as (registry, _):
        ((key, feed),) = (await known_feeds(registry, [url])).items()
        return feed, (await registry.states([key])).get(key), await registry.page_results(key)


def batched(values: Iterable[ValueT], most: int) -> Iterator[list[ValueT]]:
    """Yield the values in lists of at most `most`."""
    rest = iter(values)
    while some := list(islice(rest, most)):
        yield some


def _line(feed: Feed, state: FeedState | None, pages: Sequence[FeedPages] | None = None) -> bytes:
    home_page = without_credentials(feed.home_page) if feed.home_page else None
    shown: dict[str, Any] = feed.model_dump(mode="json") | {
        "url": without_credentials(feed.url),
        "home_page": home_page,
    }
    if state is not None:
        # The markers of seen items are many, and mean nothing to a reader.
        known = state.model_dump(mode="json", exclude={"seen", "url", "seen_first", "seen_next", "seen_items"})
        shown["state"] = known | {"seen": state.seen_items + len(state.seen)}
    if pages is not None:
        shown["pages"] = {
            "choice": str(page_choice(feed, state.texts if state else None, pages)),
            "sites": [each.model_dump(mode="json") for each in pages],
        }
    return json.dumps(shown, ensure_ascii=False).encode("utf-8", "replace")
