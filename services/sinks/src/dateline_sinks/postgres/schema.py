"""Brings the tables of a schema to the newest version."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import psycopg
from dateline.errors import StageError, TransientError
from psycopg.sql import SQL, Identifier

from dateline_sinks.postgres.connection import PostgresConnection
from dateline_sinks.postgres.locks import lock_key

__all__ = ["MAJOR", "PostgresSchemaVersion", "migrate", "schema_versions"]

MAJOR = 1
"""The major version of the schema. Within one, versions only add, so that replicas of earlier ones write on."""

PATIENCE_SECONDS = 600.0
"""A replica waits at most this long for another one that migrates, and for readers of a table that has to change."""

PAUSE_SECONDS = 0.2
"""Seconds between two attempts."""

LEDGER = """
CREATE TABLE IF NOT EXISTS dateline_migrations (
    version integer PRIMARY KEY,
    major integer NOT NULL,
    name text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""
"""The table of the versions that a schema has."""

KEEP_OUT = "LOCK TABLE articles IN SHARE ROW EXCLUSIVE MODE"
"""Wait for writers, all of which write to `articles` first, and keep others out: a version changes several tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresSchemaVersion:
    """A version of the schema.

    Attributes:
        number: versions are numbered from 1.
        name: what it adds.
        script: the SQL statements that lead to it from the version before.
    """

    number: int
    name: str
    script: str


def schema_versions() -> list[PostgresSchemaVersion]:
    """Return all versions of the schema in order."""
    found = []
    for file in files("dateline_sinks.postgres.migrations").iterdir():
        if file.name.endswith(".sql"):
            number, _, name = file.name.removesuffix(".sql").partition("_")
            found.append(PostgresSchemaVersion(number=int(number), name=name, script=file.read_text("utf-8")))
    return sorted(found, key=lambda version: version.number)


async def migrate(connection: PostgresConnection, schema: str, versions: Sequence[PostgresSchemaVersion]) -> list[int]:
    """Apply the versions that the schema does not have, each in a transaction; return their numbers.

    Any number of replicas may call it at once: one applies a version, the others wait. A schema of a later version of
    the same major is left alone.

    Raises:
        StageError: the schema is of a later major version.
        TransientError: another session has kept the schema locked for ten minutes.
    """
    applied = await _applied(connection, schema)
    missing = [version for version in versions if version.number not in applied]
    return [version.number for version in missing if await _apply(connection, schema, version)]


async def _apply(connection: PostgresConnection, schema: str, version: PostgresSchemaVersion) -> bool:
    """Apply one version; return whether it was this session that did."""
    key = lock_key("migrations", schema)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            async with connection.transaction():
                cursor = await connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [key])
                if await cursor.fetchone() == (True,):
                    if version.number in await _applied(connection, schema):
                        return False
                    await _run(connection, schema, version)
                    return True
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            # Somebody uses a table. Waiting longer would keep all writers waiting behind this session.
            pass
        if time.monotonic() > deadline:
            raise TransientError(f"the schema {schema} is locked; look into pg_stat_activity for who keeps it")
        await asyncio.sleep(PAUSE_SECONDS)


async def _run(connection: PostgresConnection, schema: str, version: PostgresSchemaVersion) -> None:
    # A large table takes long to be written again.
    await connection.execute("SELECT set_config('statement_timeout', '0', true)")
    exists = await connection.execute("SELECT to_regnamespace(quote_ident(%s))", [schema])
    if await exists.fetchone() == (None,):
        await connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(schema)))
    await connection.execute(LEDGER)
    known = await connection.execute("SELECT to_regclass('articles')")
    if await known.fetchone() != (None,):
        await connection.execute(KEEP_OUT)
    await connection.execute(version.script.encode())
    await connection.execute(
        "INSERT INTO dateline_migrations (version, major, name) VALUES (%s, %s, %s)",
        [version.number, MAJOR, version.name],
    )


async def _applied(connection: PostgresConnection, schema: str) -> set[int]:
    """Return the numbers of the versions that the schema has.

    Raises:
        StageError: the schema is of a later major version.
    """
    found = await connection.execute("SELECT to_regclass(quote_ident(%s) || '.dateline_migrations')", [schema])
    if await found.fetchone() == (None,):
        return set()
    rows = await (await connection.execute("SELECT version, major FROM dateline_migrations")).fetchall()
    major = max((int(str(major)) for _, major in rows), default=MAJOR)
    if major > MAJOR:
        raise StageError(
            f"the schema {schema} is of version {major}, and this release writes version {MAJOR}: "
            "update this service, or name another schema"
        )
    return {int(str(version)) for version, _ in rows}
