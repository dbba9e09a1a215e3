"""Reads inputs one after the other, away from the event loop."""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from datetime import datetime
from typing import TypeVar

from dateline_schemas import Article, Source

from dateline_ingest.articles.documents import Content, read_document
from dateline_ingest.articles.draft import article_from_draft
from dateline_ingest.articles.input_problem import InputProblem
from dateline_ingest.articles.items import feed_items
from dateline_ingest.feeds import FeedLimits, ParsedFeed
from dateline_ingest.files.inputs import Input
from dateline_ingest.settings import IngestSettings

__all__ = ["articles_of", "contents_of", "read_ahead"]

T = TypeVar("T")

AHEAD = 256
"""Things that are read ahead of whoever takes them."""


def contents_of(document: Input, settings: IngestSettings) -> Iterator[Content]:
    """Yield what a document holds; that it cannot be opened is a problem like any other."""
    limits = FeedLimits(max_bytes=settings.max_document_bytes, max_entries=settings.max_items)
    try:
        with document.open() as stream:
            yield from read_document(stream, document.where, max_bytes=settings.max_document_bytes, limits=limits)
    except OSError as error:
        what = error.strerror or str(error)
        yield InputProblem(where=document.where, what=what, remedy="check that it can be read")


def articles_of(content: Content, source: Source, where: str, fetched: datetime) -> Iterator[Article | InputProblem]:
    """Yield the articles of one content."""
    if isinstance(content, InputProblem):
        yield content
    elif isinstance(content, ParsedFeed):
        items = feed_items(content, source, fetched)
        if not items:
            yield InputProblem(where=where, what="the feed has no items", remedy="nothing can be published")
        yield from (item.article for item in items)
    else:
        yield article_from_draft(content, source, fetched)


async def read_ahead(make: Callable[[], Iterator[T]]) -> AsyncGenerator[T, None]:
    """Iterate over `make()` in a thread, a little ahead, so that the event loop goes on meanwhile.

    The thread is a daemon: one that waits for standard input must not keep the process alive.
    """
    loop = asyncio.get_running_loop()
    read_ahead: deque[tuple[T] | Exception | None] = deque()
    arrived = asyncio.Event()
    room = threading.Semaphore(AHEAD)
    ended = threading.Event()

    def put(value: tuple[T] | Exception | None) -> None:
        room.acquire()
        read_ahead.append(value)
        # When nobody listens any more, the loop may be closed.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(arrived.set)

    def read() -> None:
        try:
            for value in make():
                if ended.is_set():
                    return
                put((value,))
            put(None)
        except Exception as error:  # noqa: BLE001 - raised again where the values are taken
            put(error)

    threading.Thread(target=read, daemon=True, name="reading").start()
    try:
        while True:
            await arrived.wait()
            arrived.clear()
            while read_ahead:
                value = read_ahead.popleft()
                room.release()
                if value is None:
                    return
                if isinstance(value, Exception):
                    raise value
                yield value[0]
    finally:
        ended.set()
        # A reader that waits for room has to see that it is over.
        room.release()
