"""Writes articles to PostgreSQL, with the position in the same transaction."""

import asyncio
import contextlib
from dataclasses import dataclass, field

from dateline.errors import TransientError
from dateline.sink.batch import SinkBatch
from dateline.sink.place import SinkPlace

from dateline_sinks.postgres.articles import create_incoming, write_articles
from dateline_sinks.postgres.connection import PostgresConnection, connect, limited, shown
from dateline_sinks.postgres.failures import translated
from dateline_sinks.postgres.options import PostgresOptions
from dateline_sinks.postgres.positions import move_position, take_position
from dateline_sinks.postgres.retention import keep_deleting
from dateline_sinks.relational.replacements import report_replacements
from dateline_sinks.relational.rows import article_rows

__all__ = ["PostgresSink"]

RETAINING_PARTITION = 0
"""The owner of this partition deletes expired articles, so that one process does it at a time."""


@dataclass(slots=True, kw_only=True)
class PostgresSink:
    """Writes one partition to a database, by a session of its own.

    Any number of partitions, processes and groups write to one schema.
    """

    target: str
    options: PostgresOptions = field(default_factory=PostgresOptions)
    _opened: "_Opened | None" = None
    _retention: "asyncio.Task[None] | None" = None

    async def open(self, place: SinkPlace) -> int | None:
        """Take over the place from its earlier owners, then return the position."""
        where = shown(self.target)
        with translated(where):
            connection = await connect(self.target, self.options, place.name)
            try:
                async with limited(connection, self.options):
                    await create_incoming(connection)
                    async with connection.transaction():
                        epoch, position = await take_position(connection, self.options.db_schema, place, where)
            except BaseException:
                await connection.close()
                raise
        self._opened = _Opened(connection=connection, place=place, epoch=epoch)
        if self.options.retention_days is not None and place.partition == RETAINING_PARTITION:
            self._retention = asyncio.create_task(keep_deleting(self.target, self.options))
        return position

    async def write(self, batch: SinkBatch) -> None:
        """Write the articles and the position after them, both or neither."""
        opened = self._opened
        if opened is None:
            raise TransientError(f"the sink of {shown(self.target)} is closed")
        articles = [article_rows(article, revised_at) for article, revised_at in batch.articles()]
        with translated(shown(self.target)):
            async with limited(opened.connection, self.options), opened.connection.transaction():
                await move_position(opened.connection, self.options.db_schema, opened.place, opened.epoch, batch)
                if articles:
                    await write_articles(opened.connection, articles, keep_retracted=self.options.keep_retracted)
        report_replacements(articles)

    async def close(self) -> None:
        """Close the session."""
        if self._retention is not None:
            self._retention.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._retention
            self._retention = None
        if self._opened is not None:
            await self._opened.connection.close()
            self._opened = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    connection: PostgresConnection
    place: SinkPlace
    epoch: int
