"""The kind of sink `sqlite`, as the entry point names it."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path

from dateline.concurrency.threads import in_thread
from dateline.errors import TransientError
from dateline.sink.sink import SinkKind

from dateline_sinks.sqlite.database import check_sqlite, connect
from dateline_sinks.sqlite.failures import translated
from dateline_sinks.sqlite.options import SqliteOptions
from dateline_sinks.sqlite.positions import forget_positions
from dateline_sinks.sqlite.schema import migrate, schema_versions
from dateline_sinks.sqlite.sink import SqliteSink
from dateline_sinks.sqlite.transaction import transaction

__all__ = ["KIND"]

PAUSE_SECONDS = 0.05
"""The time between two attempts to create a file that another process is creating."""


async def _prepare(target: str, options: SqliteOptions) -> None:
    check_sqlite()
    until = time.monotonic() + options.busy_seconds
    while True:
        try:
            return await in_thread(_create, Path(target), options)
        except TransientError:
            if time.monotonic() > until:
                raise
        await asyncio.sleep(PAUSE_SECONDS)


def _create(path: Path, options: SqliteOptions) -> None:
    with translated(path):
        connection = connect(path, timedelta(seconds=options.busy_seconds))
        try:
            migrate(connection, schema_versions())
        finally:
            connection.close()


async def _forget(target: str, options: SqliteOptions, group: str) -> str:
    return await in_thread(_forget_group, Path(target), options, group)


def _forget_group(path: Path, options: SqliteOptions, group: str) -> str:
    if not path.exists():
        return f"{path} does not exist"
    with translated(path):
        connection = connect(path, timedelta(seconds=options.busy_seconds))
        try:
            migrate(connection, schema_versions())
            with transaction(connection):
                count = forget_positions(connection, group)
        finally:
            connection.close()
    return f"{count} positions of {group} in {path}"


KIND = SinkKind(
    make=lambda target, options: SqliteSink(path=Path(target), options=options),
    summary="A database file of SQLite, with full-text search; exactly once.",
    target="FILE",
    options=SqliteOptions,
    prepare=_prepare,
    forget=_forget,
)
"""The sink of SQLite."""
