"""What is done in a database once per process, and once for a group that is retired."""

from dateline.errors import StageError

from dateline_sinks.postgres.connection import connect, shown
from dateline_sinks.postgres.failures import translated
from dateline_sinks.postgres.options import PostgresOptions
from dateline_sinks.postgres.positions import forget_positions
from dateline_sinks.postgres.schema import migrate, schema_versions

__all__ = ["forget", "prepare"]


async def prepare(target: str, options: PostgresOptions) -> None:
    """Check the database, and bring its tables to the newest version.

    Raises:
        StageError: the database is not one that the sink can write to; the message says what to do.
        TransientError: the server does not answer.
    """
    with translated(shown(target)):
        async with await connect(target, options, "migration") as connection:
            row = await (await connection.execute("SHOW server_encoding")).fetchone()
            if row != ("UTF8",):
                raise StageError(f"{shown(target)} is encoded in {row and row[0]}: create a database in UTF8")
            await migrate(connection, options.db_schema, schema_versions())


async def forget(target: str, options: PostgresOptions, group: str) -> str:
    """Delete the positions of a group; return what was deleted, in words. Its articles stay."""
    where = f"{shown(target)}, schema {options.db_schema}"
    with translated(shown(target)):
        async with await connect(target, options, "forget") as connection:
            table = await connection.execute("SELECT to_regclass('dateline_positions')")
            if await table.fetchone() == (None,):
                return f"{where} has no positions"
            count = await forget_positions(connection, group)
    return f"{count} positions of {group} in {where}"
