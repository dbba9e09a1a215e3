"""The kind of sink `postgres`, as the entry point names it; psycopg is imported when a sink is made."""

from importlib.util import find_spec

from dateline.errors import StageError
from dateline.sink.sink import Sink, SinkKind

from dateline_sinks.postgres.options import PostgresOptions

__all__ = ["KIND"]


def _make(target: str, options: PostgresOptions) -> Sink:
    _check_driver()
    from dateline_sinks.postgres.sink import PostgresSink

    return PostgresSink(target=target, options=options)


async def _prepare(target: str, options: PostgresOptions) -> None:
    _check_driver()
    from dateline_sinks.postgres.preparation import prepare

    await prepare(target, options)


async def _forget(target: str, options: PostgresOptions, group: str) -> str:
    _check_driver()
    from dateline_sinks.postgres.preparation import forget

    return await forget(target, options, group)


def _shown(target: str) -> str:
    _check_driver()
    from dateline_sinks.postgres.connection import shown

    return shown(target)


def _check_driver() -> None:
    if find_spec("psycopg") is None:
        raise StageError("psycopg is not installed: install dateline-sinks[postgres]")


KIND = SinkKind(
    make=_make,
    summary="The tables of a PostgreSQL database, with ranges of time and full-text search; exactly once.",
    target="URL",
    options=PostgresOptions,
    within=("db_schema",),
    prepare=_prepare,
    forget=_forget,
    shown=_shown,
)
"""The sink of PostgreSQL."""
