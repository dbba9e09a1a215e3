"""What `dateline backfill warc` does: reads archived pages here, and publishes their articles."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.pipeline.publisher import ArticlePublisher
from dateline.service.process import prepare
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_schemas import Article
from dateline_schemas.topics import ARTICLES_PARSED
from dateline_web.robots import product_token

from dateline_pages.backfill.warc_archive import WarcArchive, archives_in
from dateline_pages.backfill.warc_places import WarcPlace, WarcPlaces
from dateline_pages.backfill.warc_progress import WarcProgress
from dateline_pages.backfill.warc_records import WarcPosition
from dateline_pages.backfill.warc_run import Publisher, WarcRun, WarcSelection
from dateline_pages.reading.pool import ReaderPool
from dateline_pages.settings import PagesSettings

__all__ = ["read_archives"]

EVENT_SOURCE = "backfill"
"""The service in the CloudEvents `source` of the articles."""

CLIENT_ID = "dateline-backfill"
"""The client id in requests to the brokers."""


class PrintingPublisher:
    """Prints articles, one JSON object a line."""

    async def publish(self, article: Article) -> None:
        """Print an article."""
        click.echo(article.to_bytes())

    async def flush(self) -> None:
        """Do nothing: a printed line has arrived."""


def read_archives(
    files: tuple[str, ...], *, selection: WarcSelection, jobs: int, folder: Path, from_start: bool, dry_run: bool
) -> None:
    """Publish the articles of web archives, or with `dry_run` print them.

    Args:
        files: WARC and WACZ files.
        selection: the pages to read.
        jobs: number of pages that are read at once.
        folder: where it is kept how far each archive has been read.
        from_start: read archives again that were read before.
        dry_run: print the articles and keep no places; needs no Kafka.

    Raises:
        SystemExit: with code 1 when a file could not be read, 130 after Ctrl-C.
    """
    kafka, layout, settings, _ = prepare("backfill", KafkaSettings, TopicLayout, PagesSettings, RuntimeSettings)
    report = _report
    archives: list[WarcArchive] = []
    failed = 0
    for name in files:
        try:
            archives += archives_in(Path(name))
        except OSError as error:
            failed += 1
            report(f"{name}: {error.strerror or error}")
    places = WarcPlaces(folder)
    progress = WarcProgress(total_bytes=sum(each.size for each in archives), started=time.monotonic())

    async def run() -> int:
        publisher = _printing() if dry_run else _publishing(kafka, layout)
        async with (
            publisher as target,
            ReaderPool.open(
                processes=jobs, seconds=settings.read_timeout_seconds, memory_bytes=settings.read_memory_bytes
            ) as pool,
        ):
            warc_run = WarcRun(
                pool=pool,
                publisher=target,
                places=None if dry_run else places,
                progress=progress,
                selection=selection,
                jobs=jobs,
                agent=product_token(settings.user_agent),
                obey_reservations=settings.obey_reservations,
                report=report,
            )
            ticker = asyncio.create_task(_show(progress))
            try:
                return await _all(warc_run, archives, places, ignore_places=from_start or dry_run)
            finally:
                ticker.cancel()

    try:
        failed += asyncio.run(run())
    except KeyboardInterrupt:
        report(f"stopped: {progress.summary('published')}; the same command continues")
        raise SystemExit(130) from None
    report(progress.summary("read" if dry_run else "published"))
    if failed:
        raise SystemExit(1)


async def _all(run: WarcRun, archives: list[WarcArchive], places: WarcPlaces, *, ignore_places: bool) -> int:
    """Read all archives; return the number of those that could not be read."""
    failed = 0
    for archive in archives:
        place = WarcPlace(position=WarcPosition()) if ignore_places else places.load(archive)
        run.progress.offset = place.position.offset
        run.progress.known_bytes += place.position.offset
        if place.is_done:
            run.report(f"{archive.name}: was read before; --from-start reads it again")
        elif not run.is_full:
            before = run.progress.records, run.progress.broken
            try:
                await run.read(archive, place.position)
                holds_none = run.progress.records == before[0] and run.progress.broken > before[1]
                if holds_none and place.position == WarcPosition():
                    raise OSError("no record of a web archive was found in it; WARC and WACZ files can be read")
            except OSError as error:
                failed += 1
                run.report(f"{archive.name}: {error.strerror or error}")
        run.progress.done_bytes += archive.size
        run.progress.offset = 0
    return failed


@asynccontextmanager
async def _printing() -> AsyncIterator[Publisher]:
    yield PrintingPublisher()


@asynccontextmanager
async def _publishing(kafka: KafkaSettings, layout: TopicLayout) -> AsyncIterator[Publisher]:
    await ensure_topics(kafka, [layout.of(ARTICLES_PARSED)])
    async with ArticlePublisher.open(kafka, client_id=CLIENT_ID, source=EVENT_SOURCE) as publisher:
        yield publisher


async def _show(progress: WarcProgress) -> None:
    """Show the progress on standard error: often on a terminal, rarely in a log."""
    seconds = 2.0 if sys.stderr.isatty() else 30.0
    while True:
        await asyncio.sleep(seconds)
        _report(progress.line(time.monotonic()))


def _report(line: str) -> None:
    click.echo(f"dateline backfill: {line}", err=True)
