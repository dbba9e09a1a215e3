"""What `dateline pages extract` does: reads saved pages, learning from those of one site, and prints their articles."""

import asyncio
import json
import os
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass, replace

import click
from dateline.concurrency.threads import in_thread

from dateline_pages.commands.page_file import PageFile
from dateline_pages.commands.printed_article import printed_article
from dateline_pages.commands.site_lessons import LessonsBySite, site_of
from dateline_pages.extraction.boilerplate import without_boilerplate
from dateline_pages.extraction.lessons import SiteLessons
from dateline_pages.reading.document import MAX_DOCUMENT_BYTES
from dateline_pages.reading.page import PageDocument, PageReading
from dateline_pages.reading.pool import ReaderPool

__all__ = ["extract_files"]

READ_AHEAD = 4
"""This many pages a process are under way, so that none waits for the slowest."""

MAX_KEPT_CHARACTERS = 100_000_000
"""Texts of the first pass are kept up to this length together; the pages beyond are read again in the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePage:
    """A page to read, and what its site taught."""

    file: str
    content: bytes | None = None
    """The document, if it can be read only once."""
    reading: PageReading | None = None
    """What the first pass read, if it was kept."""
    lessons: SiteLessons | None = None


def extract_files(files: tuple[str, ...], *, url: str | None, learning: bool, jobs: int | None) -> None:
    """Print the articles of saved pages, one JSON object a line, in the given order.

    Args:
        files: names of files, or `-` for standard input.
        url: address of the page, if there is only one.
        learning: whether the pages of one site are learned from together.
        jobs: number of pages that are read at once; None stands for the number of cores.

    Raises:
        SystemExit: with code 1 when a file could not be read; the others were.
    """
    if asyncio.run(_extract(files, url, learning=learning, jobs=jobs or os.cpu_count() or 1)):
        raise SystemExit(1)


async def _extract(files: tuple[str, ...], url: str | None, *, learning: bool, jobs: int) -> int:
    """Return the number of files that could not be read."""
    failed = 0
    # Standard input can be read only once.
    kept = {name: await in_thread(PageFile(name).content, MAX_DOCUMENT_BYTES) for name in files if name == "-"}
    pages = [OnePage(file=name, content=kept.get(name)) for name in files]
    async with ReaderPool.open(processes=jobs) as pool:
        if learning and len(files) > 1:
            pages = await _with_lessons(pages, pool, jobs)
        async with aclosing(_readings(pages, url, pool, jobs)) as readings:
            async for page, found in readings:
                if isinstance(found, OSError):
                    failed += 1
                    what = found.strerror or str(found)
                    click.echo(f"dateline pages extract: {page.file}: {what}", err=True)
                    continue
                name = {"file": page.file} if len(files) > 1 else {}
                click.echo(json.dumps(name | printed_article(found), ensure_ascii=False).encode("utf-8", "replace"))
    return failed


async def _with_lessons(pages: list[OnePage], pool: ReaderPool, jobs: int) -> list[OnePage]:
    """Read all pages, and return them with what those of their site taught."""
    by_site = LessonsBySite()
    sites: list[str | None] = []
    kept: list[PageReading | None] = []
    characters = 0
    async with aclosing(_readings(pages, None, pool, jobs)) as readings:
        async for _, found in readings:
            reading = None if isinstance(found, OSError) else found
            sites.append(site_of(None, reading) if reading else None)
            by_site.add(sites[-1], reading or PageReading())
            characters += len(reading.body) if reading else 0
            kept.append(reading if characters <= MAX_KEPT_CHARACTERS else None)
    return [
        replace(page, reading=reading, lessons=by_site.of(site))
        for page, reading, site in zip(pages, kept, sites, strict=True)
    ]


async def _readings(
    pages: Iterable[OnePage], url: str | None, pool: ReaderPool, jobs: int
) -> AsyncGenerator[tuple[OnePage, PageReading | OSError], None]:
    """Yield the pages with their readings, in order, while the next ones are being read."""
    under_way: deque[tuple[OnePage, asyncio.Task[PageReading | OSError]]] = deque()
    try:
        for page in pages:
            under_way.append((page, asyncio.create_task(_reading(page, url, pool))))
            if len(under_way) >= READ_AHEAD * jobs:
                first, task = under_way.popleft()
                yield first, await task
        while under_way:
            first, task = under_way.popleft()
            yield first, await task
    finally:
        for _, task in under_way:
            task.cancel()
        await asyncio.gather(*(task for _, task in under_way), return_exceptions=True)


async def _reading(page: OnePage, url: str | None, pool: ReaderPool) -> PageReading | OSError:
    reading = page.reading
    if reading is None:
        content = page.content
        if content is None:
            try:
                content = await in_thread(PageFile(page.file).content, MAX_DOCUMENT_BYTES)
            except OSError as error:
                return error
        reading = await pool.read(PageDocument(body=content, url=url, is_wanted_anyway=True))
    if page.lessons is None or reading.lesson is None:
        return reading
    return replace(reading, body=without_boilerplate(reading.body, reading.lesson, page.lessons))
