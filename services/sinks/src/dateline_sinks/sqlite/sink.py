"""Writes articles to a file of SQLite, with the position in the same transaction."""

import contextlib
import sqlite3
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from dateline.clock import utc_now
from dateline.concurrency.threads import in_thread
from dateline.errors import TransientError
from dateline.sink.batch import SinkBatch
from dateline.sink.place import SinkPlace

from dateline_sinks.relational.replacements import report_replacements
from dateline_sinks.relational.rows import article_rows
from dateline_sinks.sqlite.articles import write_articles
from dateline_sinks.sqlite.database import connect, identity_of
from dateline_sinks.sqlite.failures import translated
from dateline_sinks.sqlite.options import SqliteOptions
from dateline_sinks.sqlite.positions import move_position, take_position
from dateline_sinks.sqlite.retention import Retention
from dateline_sinks.sqlite.schema import migrate, schema_versions
from dateline_sinks.sqlite.transaction import transaction

__all__ = ["SqliteSink"]

TURNS: "weakref.WeakValueDictionary[Path, threading.Lock]" = weakref.WeakValueDictionary()
"""A lock for each file, so that the partitions of one process write in turn; SQLite itself looks for a free lock only
every 0.1 s."""


@dataclass(slots=True, kw_only=True)
class SqliteSink:
    """Writes one partition to a database file.

    Any number of partitions, processes and groups write to one file, one transaction at a time.
    """

    path: Path
    options: SqliteOptions = field(default_factory=SqliteOptions)
    clock: Callable[[], datetime] = utc_now
    _opened: "_Opened | None" = None
    _closed: bool = False
    # A call that nobody waits for any longer may still run in its thread.
    _calls: threading.Lock = field(default_factory=threading.Lock)

    async def open(self, place: SinkPlace) -> int | None:
        """Take over the place from its earlier owners, then return the position."""
        return await in_thread(self._open, place)

    async def write(self, batch: SinkBatch) -> None:
        """Write the articles and the position after them, both or neither."""
        await in_thread(self._write, batch)

    async def close(self) -> None:
        """Close the file."""
        await in_thread(self._close)

    def _open(self, place: SinkPlace) -> int | None:
        with self._calls, translated(self.path):
            self._fail_if_closed()
            turn = TURNS.setdefault(self.path.absolute(), threading.Lock())
            with turn:
                connection = connect(self.path, timedelta(seconds=self.options.busy_seconds))
                try:
                    # The file may be another one than at the start of the process.
                    migrate(connection, schema_versions())
                    with transaction(connection):
                        epoch, position = take_position(connection, place, self.clock(), str(self.path))
                except BaseException:
                    connection.close()
                    raise
            self._opened = _Opened(
                connection=connection,
                turn=turn,
                place=place,
                epoch=epoch,
                identity=identity_of(self.path),
                retention=Retention(days=self.options.retention_days),
            )
            return position

    def _write(self, batch: SinkBatch) -> None:
        with self._calls, translated(self.path):
            self._fail_if_closed()
            opened = self._opened
            assert opened is not None, "open comes first"
            now = self.clock()
            articles = [article_rows(article, revised_at) for article, revised_at in batch.articles()]
            with opened.turn, transaction(opened.connection):
                if identity_of(self.path) != opened.identity:
                    raise TransientError(f"{self.path} was replaced by another file, or deleted")
                move_position(opened.connection, opened.place, opened.epoch, batch, now)
                write_articles(opened.connection, articles, keep_retracted=self.options.keep_retracted)
                opened.retention.apply(opened.connection, now)
            report_replacements(articles)

    def _close(self) -> None:
        with self._calls:
            self._closed = True
            if self._opened is not None:
                with contextlib.suppress(sqlite3.Error):
                    self._opened.connection.close()
                self._opened = None

    def _fail_if_closed(self) -> None:
        if self._closed:
            raise TransientError(f"the sink of {self.path} is closed")


@dataclass(slots=True, kw_only=True)
class _Opened:
    connection: sqlite3.Connection
    turn: threading.Lock
    place: SinkPlace
    epoch: int
    identity: tuple[int, int] | None
    retention: Retention
