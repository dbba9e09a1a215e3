"""Answers questions about the feeds: pages of the list, and everything about one of them."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dateline.clock import utc_now
from dateline.kafka.records import Record
from dateline_schemas import Feed, FeedState
from dateline_schemas.identity import feed_key
from dateline_schemas.topics import FEED_PAGES, FEED_STATE, FEEDS
from pydantic_core import from_json

from dateline_status.feeds.directory import FeedDirectory
from dateline_status.feeds.entry import VERDICT_NAMES, FeedEntry
from dateline_status.feeds.facts import feed_facts, next_poll, poll_notes
from dateline_status.feeds.models import FeedDetails, FeedList, ListedFeed
from dateline_status.feeds.query import FeedQuery
from dateline_status.feeds.reader import FeedReader, FeedRecords
from dateline_status.feeds.redaction import without_credentials
from dateline_status.feeds.selection import by_address, select
from dateline_status.tables.values import read_value

__all__ = ["FeedCatalog"]

KEPT_SELECTIONS = 12
"""The lists of this many queries are kept; each holds a reference to every feed that it found."""

FRESH_SECONDS = 1.0
"""A list is made again after a change, but at most once in this many seconds."""

SHARE = 20
"""After a change, a list that took long is made again only after this many times as long, however many read it."""

MAX_RAW_BYTES = 65_536
"""A longer record is not shown as it is."""


@dataclass(frozen=True, slots=True)
class _Selection:
    directory: FeedDirectory
    version: int
    entries: list[FeedEntry]
    at: float
    seconds: float


class FeedCatalog:
    """The feeds as the latest complete directory has them, also while Kafka is down."""

    def __init__(
        self,
        directory: Callable[[], FeedDirectory | None],
        reader: FeedReader,
        *,
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._directory = directory
        self._reader = reader
        self._now = now
        self._monotonic = monotonic
        self._selections: OrderedDict[FeedQuery, _Selection] = OrderedDict()
        self._sorting = asyncio.Lock()
        self._by_address: tuple[FeedDirectory, int, list[FeedEntry]] | None = None

    async def listed(self, query: FeedQuery) -> FeedList:
        """Return one page of the feeds that a query asks for."""
        directory = self._directory()
        if directory is None:
            return FeedList(total=0, verdicts={}, matching=0, page=query.page, pages=0, complete=False, feeds=[])
        found = await self._select(directory, query.selection)
        begin = (query.page - 1) * query.size
        return FeedList.model_construct(
            total=directory.total,
            verdicts={name: directory.shown[name] for name in VERDICT_NAMES if directory.shown[name]},
            matching=len(found),
            page=query.page,
            pages=-(-len(found) // query.size),
            complete=True,
            feeds=[ListedFeed.of(each) for each in found[begin : begin + query.size]],
        )

    def find(self, name: str) -> FeedEntry | None:
        """Return a feed by its key or its address; None if it is not followed."""
        directory = self._directory()
        if directory is None:
            return None
        by_key = directory.get(name.encode("latin-1", "replace"))
        return by_key or directory.get(feed_key(name).encode())

    async def details(self, entry: FeedEntry) -> FeedDetails:
        """Return everything that is known about a feed; this reads Kafka, and says so if that does not answer."""
        records = await self._reader.read(entry)
        feed = read_value(Feed, records.feed) if records.feed is not None else None
        state = read_value(FeedState, records.state) if records.state is not None else None
        return FeedDetails(
            summary=ListedFeed.of(entry),
            next_poll=next_poll(entry, state),
            facts=list(feed_facts(feed, state, records.pages, self._now())),
            polls=poll_notes(state.polls) if state is not None else [],
            problem=records.problem,
            records=_raw(records),
        )

    async def _select(self, directory: FeedDirectory, query: FeedQuery) -> list[FeedEntry]:
        known = self._fresh(directory, query)
        if known is None:
            async with self._sorting:
                # Another reader may have asked for the same meanwhile.
                known = self._fresh(directory, query) or await self._sort(directory, query)
        return known.entries

    def _fresh(self, directory: FeedDirectory, query: FeedQuery) -> _Selection | None:
        known = self._selections.get(query)
        if known is None or known.directory is not directory:
            return None
        self._selections.move_to_end(query)
        age = self._monotonic() - known.at
        pause = max(FRESH_SECONDS, SHARE * known.seconds)
        return known if known.version == directory.version or age < pause else None

    async def _sort(self, directory: FeedDirectory, query: FeedQuery) -> _Selection:
        began, version = self._monotonic(), directory.version
        ordered = await self._ordered(directory)
        entries = await asyncio.to_thread(select, ordered, query)
        now = self._monotonic()
        selection = _Selection(directory, version, entries, now, now - began)
        self._selections[query] = selection
        self._selections.move_to_end(query)
        if len(self._selections) > KEPT_SELECTIONS:
            self._selections.popitem(last=False)
        return selection

    async def _ordered(self, directory: FeedDirectory) -> list[FeedEntry]:
        """Return all feeds by address; sorted again only if feeds were added or removed."""
        known = self._by_address
        if known is None or known[0] is not directory or known[1] != directory.membership:
            membership = directory.membership
            known = (directory, membership, await asyncio.to_thread(by_address, directory.snapshot()))
            self._by_address = known
        return known[2]


def _raw(records: FeedRecords) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for topic, record in ((FEEDS.name, records.feed), (FEED_STATE.name, records.state)):
        if record is not None:
            raw[topic] = {"position": record.position, "value": _shown(record)}
    if records.pages:
        raw[FEED_PAGES.name] = [_redacted(each.model_dump(mode="json")) for each in records.pages]
    return raw


def _shown(record: Record) -> Any:
    value = record.value or b""
    if len(value) > MAX_RAW_BYTES:
        return f"{len(value):,} bytes, too many to show"
    try:
        return _redacted(from_json(value))
    except ValueError:
        return without_credentials(value.decode("utf-8", "replace"))


def _redacted(value: Any) -> Any:
    """Return a value of JSON in which no text has an address with user name and password."""
    if isinstance(value, str):
        return without_credentials(value)
    if isinstance(value, list):
        return [_redacted(each) for each in value]
    if isinstance(value, dict):
        return {without_credentials(key): _redacted(each) for key, each in value.items()}
    return value
