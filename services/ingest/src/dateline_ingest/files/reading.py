"""Reads inputs in a thread, so that the event loop is not blocked."""

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

MAX_READ_AHEAD = 256
"""At most this many values are read before they are consumed."""


def contents_of(document: Input, settings: IngestSettings) -> Iterator[Content]:
    """Yield the contents of a document; a document that cannot be opened is a problem as well."""
    limits = FeedLimits(max_bytes=settings.max_document_bytes, max_entries=settings.max_items)
    try:
        with document.open() as stream:
            yield from read_document(stream, document.where, max_bytes=settings.max_document_bytes, limits=limits)
    except OSError as error:
        what = error.strerror or str(error)
        yield InputProblem(where=document.where, what=what, remedy="check that it is readable")


def articles_of(content: Content, source: Source, where: str, fetched: datetime) -> Iterator[Article | InputProblem]:
    """Yield the articles of one content of a document, and its problems.

    Args:
        content: the content.
        source: source of the articles.
        where: name of the document, for problems.
        fetched: when the document was read.
    """
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
    """Iterate over `make()` in a thread that reads a limited number of values ahead.

    The thread is a daemon, because a thread that waits for standard input must not keep the process alive.
    """
    loop = asyncio.get_running_loop()
    values: deque[tuple[T] | Exception | None] = deque()
    arrived = asyncio.Event()
    room = threading.Semaphore(MAX_READ_AHEAD)
    ended = threading.Event()

    def put(value: tuple[T] | Exception | None) -> None:
        room.acquire()
        values.append(value)
        # The loop may be closed already if the consumer has stopped.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(arrived.set)

    def read() -> None:
        try:
            for value in make():
                if ended.is_set():
                    return
                put((value,))
            put(None)
        except Exception as error:  # noqa: BLE001 - raised again in the consumer
            put(error)

    threading.Thread(target=read, daemon=True, name="reading").start()
    try:
        while True:
            await arrived.wait()
            arrived.clear()
            while values:
                value = values.popleft()
                room.release()
                if value is None:
                    return
                if isinstance(value, Exception):
                    raise value
                yield value[0]
    finally:
        ended.set()
        # Wake a reader that waits for room, so that it sees that it has to end.
        room.release()
