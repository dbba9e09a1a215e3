"""Reads web archives: several pages at a time, their articles published in order."""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Protocol

from dateline.concurrency.threads import in_thread
from dateline.errors import PermanentError
from dateline_schemas import Article, site_key

from dateline_pages.backfill.warc_archive import WarcArchive
from dateline_pages.backfill.warc_article import warc_article
from dateline_pages.backfill.warc_places import WarcPlace, WarcPlaces
from dateline_pages.backfill.warc_progress import WarcProgress
from dateline_pages.backfill.warc_records import FoundRecord, WarcPosition, read_records
from dateline_pages.extraction.lessons import SiteLessons
from dateline_pages.reading.document import MAX_DOCUMENT_BYTES
from dateline_pages.reading.page import PageReading
from dateline_pages.reading.pool import ReaderPool

__all__ = ["Publisher", "WarcRun", "WarcSelection"]

READ_AHEAD = 4
"""This many pages a process are under way."""

RECORDS_AT_ONCE = 32
"""Records are read from the file in groups of this size, in a thread."""

MAX_SITES = 1000
"""The lessons of this many sites are kept, those read last; about 12 kB each."""

CHECKPOINT_SECONDS = 10.0
"""Each time this much has passed, Kafka confirms what was published, and the place is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcSelection:
    """Which pages of the archives are read."""

    since: datetime | None = None
    """Only pages captured at this time or later."""
    until: datetime | None = None
    """Only pages captured before this time."""
    sites: frozenset[str] = frozenset()
    """Only pages of these sites; all, if it is empty."""
    limit: int | None = None
    """At most this many articles."""

    def wants(self, url: str, captured: datetime) -> bool:
        """Return whether a page is read."""
        if (self.since is not None and captured < self.since) or (self.until is not None and captured >= self.until):
            return False
        return not self.sites or site_key(url) in self.sites


class Publisher(Protocol):
    """Where the articles go."""

    async def publish(self, article: Article) -> None:
        """Accept an article.

        Raises:
            PermanentError: the article is too large.
        """

    async def flush(self) -> None:
        """Wait until all articles have arrived."""


@dataclass(slots=True, kw_only=True)
class WarcRun:
    """Reads archives one after another, several pages at a time, and publishes their articles in order."""

    pool: ReaderPool
    publisher: Publisher
    places: WarcPlaces | None
    """Where it is kept how far each archive has been read."""
    progress: WarcProgress
    selection: WarcSelection
    jobs: int
    agent: str = "dateline"
    """The name of this program in robots directives (product token)."""
    obey_reservations: bool = True
    clock: Callable[[], float] = time.monotonic
    report: Callable[[str], None]
    """Takes lines for people."""
    _lessons: OrderedDict[str, SiteLessons] = field(default_factory=OrderedDict)
    _saved: float = 0.0

    async def read(self, archive: WarcArchive, start: WarcPosition) -> None:
        """Read an archive from a position on. Where it was stopped is kept.

        Raises:
            OSError: the archive cannot be read, or the place cannot be kept.
        """
        self._saved = self.clock()
        pages = 0
        under_way: deque[tuple[FoundRecord, asyncio.Task[PageReading] | None]] = deque()
        try:
            with archive.open() as stream:
                records = read_records(stream, start, max_bytes=MAX_DOCUMENT_BYTES, wanted=self.selection.wants)
                while group := await in_thread(_several, records):
                    for found in group:
                        under_way.append((found, self._begin(found)))
                        pages += found.capture is not None
                        while pages > READ_AHEAD * self.jobs and not self.is_full:
                            pages -= under_way[0][1] is not None
                            await self._finish(archive, *under_way.popleft())
                    if self.is_full:
                        return
            while under_way and not self.is_full:
                await self._finish(archive, *under_way.popleft())
        finally:
            for _, task in under_way:
                if task is not None:
                    task.cancel()
            await asyncio.gather(*(task for _, task in under_way if task is not None), return_exceptions=True)
        if not self.is_full:
            await self._keep(archive, WarcPlace(position=WarcPosition(offset=archive.size), is_done=True))

    @property
    def is_full(self) -> bool:
        """Whether as many articles were found as were asked for."""
        return self.selection.limit is not None and self.progress.articles >= self.selection.limit

    def _begin(self, found: FoundRecord) -> "asyncio.Task[PageReading] | None":
        capture = found.capture
        if capture is None:
            return None
        lessons = self._lessons.get(site_key(capture.url) or "")
        changes: dict[str, Any] = {"agent": self.agent, "obey_reservations": self.obey_reservations}
        document = replace(capture.document, lessons=lessons, **changes)
        return asyncio.create_task(self.pool.read(document))

    async def _finish(self, archive: WarcArchive, found: FoundRecord, task: "asyncio.Task[PageReading] | None") -> None:
        progress = self.progress
        progress.records += not found.broken
        progress.offset = found.position.offset
        if found.broken:
            progress.broken += 1
            self.report(f"{archive.name}: broken at byte {found.position.offset:,}: {found.broken}")
        elif found.left_out:
            progress.left_out[found.left_out] += 1
        if task is not None:
            await self._publish(archive, found, await task)
        if self.is_full or self.clock() - self._saved >= CHECKPOINT_SECONDS:
            # This record is read again after a stop: the next one's position is not known yet.
            await self._keep(archive, WarcPlace(position=found.position))

    async def _publish(self, archive: WarcArchive, found: FoundRecord, reading: PageReading) -> None:
        assert found.capture is not None
        if reading.problem is not None:
            self.progress.left_out[reading.problem.kind] += 1
            return
        site = site_key(found.capture.url)
        if site is not None and reading.lesson is not None:
            self._lessons[site] = self._lessons.pop(site, SiteLessons()).with_page(reading.lesson)
            if len(self._lessons) > MAX_SITES:
                self._lessons.popitem(last=False)
        try:
            await self.publisher.publish(warc_article(found.capture, reading, archive.name, datetime.now(UTC)))
        except PermanentError as error:
            self.report(f"{archive.name}: {found.capture.url}: {error}")
            self.progress.left_out["too large"] += 1
        else:
            self.progress.articles += 1

    async def _keep(self, archive: WarcArchive, place: WarcPlace) -> None:
        await self.publisher.flush()
        if self.places is not None:
            await in_thread(self.places.save, archive, place)
        self._saved = self.clock()


def _several(records: Iterator[FoundRecord]) -> list[FoundRecord]:
    return list(islice(records, RECORDS_AT_ONCE))
