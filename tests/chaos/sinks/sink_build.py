"""The test build of the sinks: the same code, with points at which a fault can strike."""

import sqlite3
from collections.abc import Callable, Sequence
from itertools import count
from os import getpid
from pathlib import Path
from typing import Any, BinaryIO

import dateline.sink.job
import dateline_sinks.files.chain
import dateline_sinks.parquet.kind
import dateline_sinks.postgres.sink
import dateline_sinks.sqlite.sink
from chaos.replicas.instrumented import watch
from dateline.sink.batch import SinkBatch, SinkRecord
from dateline.sink.target_writer import TargetWriter
from dateline_sinks.files.file_range import FileRange
from dateline_sinks.files.new_file import NewFile
from dateline_sinks.parquet.parquet_format import ParquetFormat

__all__ = ["install_sinks"]


class InstrumentedTargetWriter(TargetWriter):
    """Journals each opening and each write, and counts a write as an open transaction."""

    __slots__ = ()

    async def _open_sink(self) -> int | None:
        position = await super()._open_sink()
        watch().journal.write("opened", id=self.task.name, position=position)
        await watch().reach("opened")
        return position

    async def _attempt(self, batch: SinkBatch) -> None:
        control = watch().control
        control.open_transactions += 1
        try:
            await watch().reach("write")
            await super()._attempt(batch)
        except BaseException as error:
            watch().journal.write("broken", id=self.task.name, error=f"{type(error).__name__}: {error}"[:200])
            raise
        finally:
            control.open_transactions = max(0, control.open_transactions - 1)
            control.transactions += 1
        told = {"first": batch.first_offset, "next": batch.next_offset, "records": len(batch.records)}
        watch().journal.write("wrote", id=self.task.name, **told)
        await watch().reach("written")


class InstrumentedParquetFormat(ParquetFormat):
    """Lets the nemesis strike after the content of a file was written."""

    def write(self, file: BinaryIO, records: Sequence[SinkRecord], covered: FileRange) -> None:
        super().write(file, records, covered)
        watch().reach_in_thread("moved")


class InstrumentedNewFile(NewFile):
    """Lets the nemesis strike before a file gets its name, and while it does."""

    def publish(self, name: Path) -> None:
        watch().reach_in_thread("rows")
        watch().reach_soon("landing")
        super().publish(name)


def install_sinks() -> None:
    """Make this process one of the test build."""
    vars(dateline.sink.job)["TargetWriter"] = InstrumentedTargetWriter
    vars(dateline_sinks.files.chain)["NewFile"] = InstrumentedNewFile
    vars(dateline_sinks.parquet.kind)["ParquetFormat"] = InstrumentedParquetFormat
    _instrument_postgres(vars(dateline_sinks.postgres.sink))
    _instrument_sqlite(vars(dateline_sinks.sqlite.sink))


def _instrument_postgres(names: dict[str, Any]) -> None:
    move, write = names["move_position"], names["write_articles"]

    async def move_position(*arguments: Any) -> None:
        await move(*arguments)
        await watch().reach("moved")

    async def write_articles(*arguments: Any, **options: Any) -> None:
        await write(*arguments, **options)
        await watch().reach("rows")
        watch().reach_soon("landing")

    names |= {"move_position": move_position, "write_articles": write_articles}


def _instrument_sqlite(names: dict[str, Any]) -> None:
    move, write, open_file = names["move_position"], names["write_articles"], names["connect"]
    numbers = count()

    def connect(*arguments: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = open_file(*arguments)
        connection.create_function("chaos_session", 0, _constant(f"{getpid()}/{next(numbers)}"))
        return connection

    def move_position(*arguments: Any) -> None:
        move(*arguments)
        watch().reach_in_thread("moved")

    def write_articles(*arguments: Any, **options: Any) -> None:
        write(*arguments, **options)
        watch().reach_in_thread("rows")
        watch().reach_soon("landing")

    names |= {"connect": connect, "move_position": move_position, "write_articles": write_articles}


def _constant(value: str) -> Callable[[], str]:
    return lambda: value
