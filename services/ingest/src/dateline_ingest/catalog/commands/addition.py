"""What `dateline feeds add` does: finds the feeds of addresses and adds them."""

import asyncio
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import click
from dateline.cli.printable import printable
from dateline.errors import DatelineError
from dateline.feeds.address import InvalidFeedAddressError, feed_record_key, typed_address
from dateline.feeds.edits import added
from dateline.feeds.values import FeedValues
from dateline.log import get_logger
from dateline_schemas import Feed, FullText
from dateline_web.address import without_credentials
from dateline_web.client import WebClient

from dateline_ingest.catalog.commands.registry_access import open_registry
from dateline_ingest.catalog.finder import FeedFinder, FeedsNotFoundError, FoundFeeds
from dateline_ingest.catalog.folders import folder_paths, written_path
from dateline_ingest.catalog.registry import FeedRegistry
from dateline_ingest.settings import IngestSettings

__all__ = ["add_feeds"]

log = get_logger("dateline.ingest")

MOST_OTHERS = 10
"""At most this many other feeds of a page are shown."""


@dataclass(slots=True)
class Addition:
    """The result for one address that was given."""

    address: str
    asked: str
    """The address for the finder: without a scheme if none was given."""
    found: FoundFeeds | None = None
    """None if the address is added as it is, without a look at it."""
    error: str | None = None
    urls: list[str] = field(default_factory=list)
    """The feeds to add."""


def add_feeds(
    addresses: Sequence[str],
    *,
    name: str | None,
    interval_seconds: float | None,
    full_text: FullText | None,
    folders: Sequence[str],
    every: bool,
    check: bool,
) -> None:
    """Add feeds to the registry, and print the result for each address.

    Args:
        addresses: addresses of feeds, sites or pages.
        name: the name of each feed; None means the feed's own title.
        interval_seconds: seconds between two polls; None leaves it to the service.
        full_text: whether the pages of its articles are read; None means the setting for new feeds.
        folders: the folders of each feed, such as `World/Europe`; an empty one is the top of the list, and none leaves
            an existing feed where it is.
        every: add all feeds that a page links to, not only the first.
        check: fetch each new address first, and add it only if it leads to a feed.

    Raises:
        SystemExit: with code 1 when an address was not added.
    """
    paths = folder_paths(map(written_path, folders)) if folders else None

    def values(settings: IngestSettings) -> FeedValues:
        return FeedValues(
            name=name,
            interval_seconds=interval_seconds,
            full_text=full_text,
            folders=paths,
            default_full_text=settings.full_text,
        )

    asyncio.run(_add(addresses, values, every=every, check=check))


async def _add(
    addresses: Sequence[str], values: Callable[[IngestSettings], FeedValues], *, every: bool, check: bool
) -> None:
    outcomes = [_outcome(each) for each in dict.fromkeys(addresses)]
    async with open_registry() as (registry, settings):
        known = await registry.feeds([feed_record_key(outcome.address) for outcome in outcomes])
        for outcome in outcomes:
            if not check or feed_record_key(outcome.address) in known:
                outcome.urls.append(outcome.address)
        unseen = [outcome for outcome in outcomes if not outcome.urls]
        if unseen:
            await _find(unseen, settings, every=every)
            known |= await registry.feeds([feed_record_key(url) for outcome in unseen for url in outcome.urls])
        done = await _write(registry, outcomes, values(settings), known)
    failed = 0
    for outcome in outcomes:
        failed += outcome.error is not None
        _report(outcome, done)
    if failed:
        click.echo(f"dateline feeds: {failed} of {len(outcomes)} not added", err=True)
        raise SystemExit(1)


def _outcome(text: str) -> Addition:
    text = text.strip()
    try:
        address = typed_address(text)
    except InvalidFeedAddressError as error:
        raise DatelineError(printable(str(error))) from error
    bare = "://" not in text and not text.lower().startswith("feed:")
    return Addition(address, asked=address.removeprefix("https://") if bare else address)


async def _find(outcomes: Sequence[Addition], settings: IngestSettings, *, every: bool) -> None:
    slots = asyncio.Semaphore(settings.concurrent_polls)

    async def find(outcome: Addition, finder: FeedFinder) -> None:
        async with slots:
            try:
                outcome.found = await finder.find(outcome.asked, every=every)
                outcome.urls = [feed.url for feed in outcome.found.feeds]
            except FeedsNotFoundError as error:
                outcome.error = str(error)
            except Exception as error:
                # A defect that one document reveals must not stop the others.
                log.exception("looking for feeds failed", address=without_credentials(outcome.address))
                outcome.error = f"{type(error).__name__}: {error}"

    async with WebClient.open(settings.client_options) as client:
        finder = FeedFinder(client, settings)
        await asyncio.gather(*(find(outcome, finder) for outcome in outcomes))


async def _write(
    registry: FeedRegistry, outcomes: Sequence[Addition], values: FeedValues, known: dict[bytes, Feed]
) -> dict[str, str]:
    """Write the feeds that are new or changed; return the result for each address in words."""
    records: dict[bytes, Feed | None] = {}
    done: dict[str, str] = {}
    for url in [url for outcome in outcomes for url in outcome.urls]:
        key = feed_record_key(url)
        change = added(url, known.get(key), datetime.now(UTC), values)
        if change.is_needed:
            records[key] = known[key] = change.feed
        done.setdefault(url, change.done)
    await registry.write(records)
    return done


def _report(outcome: Addition, done: dict[str, str]) -> None:
    shown = printable(without_credentials(outcome.address))
    if outcome.error is not None:
        click.echo(f"dateline feeds: {shown}: {printable(outcome.error)}", err=True)
        return
    page = outcome.found.page if outcome.found else None
    for url in outcome.urls:
        named = f", a feed of {shown}" if page else ""
        click.echo(f"{printable(without_credentials(url))}: {done[url]}{named}")
    others = outcome.found.others if outcome.found else ()
    for other in others[:MOST_OTHERS]:
        title = f" ({printable(other.title)})" if other.title else ""
        click.echo(f"  also found{title}: dateline feeds add {shlex.quote(other.url)}")
    if len(others) > MOST_OTHERS:
        click.echo(f"  and {len(others) - MOST_OTHERS} more")
