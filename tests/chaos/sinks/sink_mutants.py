"""Deliberate defects of the sinks that the campaign has to find; each breaks one of their rules."""

import asyncio
import contextlib
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import dateline.sink.job
import dateline_sinks.files.chain
import dateline_sinks.postgres.kind
import dateline_sinks.postgres.positions
import dateline_sinks.postgres.sink
import dateline_sinks.sqlite.kind
import dateline_sinks.sqlite.positions
import dateline_sinks.sqlite.sink
from chaos.replicas.instrumented import watch
from chaos.sinks.sink_build import InstrumentedNewFile, InstrumentedTargetWriter
from dateline.sink.batch import SinkBatch
from dateline_sinks.files.new_file import sync_folder
from dateline_sinks.postgres.connection import limited
from dateline_sinks.postgres.sink import PostgresSink
from dateline_sinks.relational.rows import article_rows
from dateline_sinks.sqlite.sink import SqliteSink

__all__ = ["SINK_MUTANTS", "mutate_sink"]

# The names in these modules, as the test build has replaced them.
postgres_sink: Any = dateline_sinks.postgres.sink
sqlite_sink: Any = dateline_sinks.sqlite.sink

_window = 0.0


class LingeringWriter(InstrumentedTargetWriter):
    """Waits between reading the position and the first write, which is no defect but leaves a former owner time."""

    __slots__ = ()

    async def open(self) -> None:
        await super().open()
        await asyncio.sleep(_window)


class KafkaPositionWriter(InstrumentedTargetWriter):
    """Goes on from Kafka's committed offset instead of the target's position."""

    __slots__ = ()

    async def _open_sink(self) -> int | None:
        position = await super()._open_sink()
        found = (await self.task.offsets.committed(self.place.group, [self.task.partition]))[self.task.partition]
        return position if found is None else found.offset


class SplitPostgresSink(PostgresSink):
    """Writes rows and position in two transactions."""

    __slots__ = ()
    position_first = False

    async def write(self, batch: SinkBatch) -> None:
        opened = self._opened
        assert opened is not None
        connection = opened.connection
        articles = [article_rows(article, revised_at) for article, revised_at in batch.articles()]

        async def move() -> None:
            async with connection.transaction():
                await postgres_sink.move_position(connection, self.options.db_schema, opened.place, opened.epoch, batch)

        with postgres_sink.translated("the database"):
            async with limited(connection, self.options):
                if self.position_first or not articles:
                    await move()
                if articles:
                    if self.position_first:
                        await asyncio.sleep(_window)
                    async with connection.transaction():
                        await postgres_sink.write_articles(connection, articles, keep_retracted=False)
                    if not self.position_first:
                        await asyncio.sleep(_window)
                        await move()


class PositionFirstPostgresSink(SplitPostgresSink):
    """Moves the position in a transaction before that of the rows."""

    __slots__ = ()
    position_first = True


class SplitSqliteSink(SqliteSink):
    """Writes rows and position in two transactions."""

    __slots__ = ()
    position_first = False

    def _write(self, batch: SinkBatch) -> None:
        with self._calls, sqlite_sink.translated(self.path):
            self._fail_if_closed()
            opened = self._opened
            assert opened is not None
            now = self.clock()
            articles = [article_rows(article, revised_at) for article, revised_at in batch.articles()]
            with opened.turn:
                if self.position_first:
                    with sqlite_sink.transaction(opened.connection):
                        sqlite_sink.move_position(opened.connection, opened.place, opened.epoch, batch, now)
                    time.sleep(_window)
                with sqlite_sink.transaction(opened.connection):
                    sqlite_sink.write_articles(opened.connection, articles, keep_retracted=False)
                if not self.position_first:
                    time.sleep(_window)
                    with sqlite_sink.transaction(opened.connection):
                        sqlite_sink.move_position(opened.connection, opened.place, opened.epoch, batch, now)


class PositionFirstSqliteSink(SplitSqliteSink):
    """Moves the position in a transaction before that of the rows."""

    __slots__ = ()
    position_first = True


class ReplacingFile(InstrumentedNewFile):
    """Gives a file its name by a rename, which replaces the file of another owner."""

    def publish(self, name: Path) -> None:
        if name.suffix != ".parquet":
            super().publish(name)
            return
        watch().reach_in_thread("rows")
        time.sleep(_window)
        with contextlib.suppress(FileNotFoundError):
            os.link(self._path, self._path.with_suffix(".kept"))
        self._path.with_suffix(".kept").replace(name)
        sync_folder(name.parent)


def _without(module: Any, *conditions: tuple[str, str]) -> None:
    """Take conditions out of the statement that moves the position; a parameter stays in its place."""
    for condition, instead in conditions:
        assert condition in module.MOVE, condition
        module.MOVE = module.MOVE.replace(condition, instead)


EPOCH_OF_POSTGRES = ("epoch = %s", "%s::bigint IS NOT NULL")
EPOCH_OF_SQLITE = ("epoch = ?", "? IS NOT NULL")
OFFSET_OF_POSTGRES = ("next_offset = %s OR next_offset IS NULL", "%s::bigint IS NOT NULL")
OFFSET_OF_SQLITE = ("next_offset = ? OR next_offset IS NULL", "? IS NOT NULL")


def _no_epoch(module: Any, condition: tuple[str, str]) -> Callable[[], None]:
    def install() -> None:
        _without(module, condition)
        vars(dateline.sink.job)["TargetWriter"] = LingeringWriter

    return install


def _kafka_position(module: Any, condition: tuple[str, str]) -> Callable[[], None]:
    def install() -> None:
        # The comparison of offsets would stop such a sink; without it the defect shows in the rows.
        _without(module, condition)
        vars(dateline.sink.job)["TargetWriter"] = KafkaPositionWriter

    return install


def _replaced(module: Any, name: str, mutant: type) -> Callable[[], None]:
    def install() -> None:
        assert name in vars(module), f"{module.__name__} has no {name}"
        vars(module)[name] = mutant

    return install


POSTGRES_POSITIONS: Any = dateline_sinks.postgres.positions
SQLITE_POSITIONS: Any = dateline_sinks.sqlite.positions

SINK_MUTANTS: Mapping[str, Callable[[], None]] = {
    "postgres-no-epoch": _no_epoch(POSTGRES_POSITIONS, EPOCH_OF_POSTGRES),
    "sqlite-no-epoch": _no_epoch(SQLITE_POSITIONS, EPOCH_OF_SQLITE),
    "postgres-rows-first": _replaced(postgres_sink, "PostgresSink", SplitPostgresSink),
    "postgres-position-first": _replaced(postgres_sink, "PostgresSink", PositionFirstPostgresSink),
    "sqlite-rows-first": _replaced(dateline_sinks.sqlite.kind, "SqliteSink", SplitSqliteSink),
    "sqlite-position-first": _replaced(dateline_sinks.sqlite.kind, "SqliteSink", PositionFirstSqliteSink),
    "postgres-kafka-position": _kafka_position(POSTGRES_POSITIONS, OFFSET_OF_POSTGRES),
    "sqlite-kafka-position": _kafka_position(SQLITE_POSITIONS, OFFSET_OF_SQLITE),
    "parquet-rename": _replaced(dateline_sinks.files.chain, "NewFile", ReplacingFile),
}
"""The defects, each with what puts it into this process; the first word is the lane that has it."""


def mutate_sink(name: str, window: float) -> None:
    """Put the defect `name`, if not empty, into this process; its windows stay open for `window` seconds."""
    global _window
    _window = window
    if name:
        SINK_MUTANTS[name]()
