"""Connections to PostgreSQL that notice a server that has gone."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from typing import TypeAlias

import psycopg
from dateline.errors import StageError
from psycopg.conninfo import conninfo_to_dict

from dateline_sinks.postgres.options import PostgresOptions

__all__ = ["PostgresConnection", "connect", "limited", "shown"]

PostgresConnection: TypeAlias = "psycopg.AsyncConnection[tuple[object, ...]]"
"""A connection whose rows are tuples."""

DEFAULTS = {
    "connect_timeout": 10,
    "fallback_application_name": "dateline",
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""Parameters of libpq that a URL may override. A cut network is noticed after half a minute at most."""

SESSION = """
SELECT set_config('search_path', quote_ident(%(schema)s) || ', pg_temp', false),
    set_config('statement_timeout', %(statement_ms)s, false),
    set_config('lock_timeout', %(lock_ms)s, false),
    set_config('idle_in_transaction_session_timeout', %(statement_ms)s, false),
    set_config('application_name', %(name)s, false),
    -- The network may be cut from the server's side alone; 0 is where the system has no such setting.
    set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false),
    set_config('tcp_keepalives_count', '3', false),
    (SELECT set_config('default_toast_compression', 'lz4', false) FROM pg_settings
     WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals))
"""
"""The settings of a session: a session of ours that is frozen in a transaction is ended by the server."""

MARGIN_SECONDS = 10.0
"""The server has this many seconds more than its own time limits before the connection is cut."""


def shown(target: str) -> str:
    """Return a target without its password and parameters."""
    try:
        parts = conninfo_to_dict(target)
    except psycopg.Error:
        return "postgresql://..."
    user = f"{parts['user']}@" if "user" in parts else ""
    port = f":{parts['port']}" if "port" in parts else ""
    return f"postgresql://{user}{parts.get('host', '')}{port}/{parts.get('dbname', '')}"


async def connect(target: str, options: PostgresOptions, name: str) -> PostgresConnection:
    """Open a session with the time limits of the options, in which every statement is a transaction of its own.

    Args:
        target: URL or connection string of libpq.
        options: schema and time limits.
        name: what the session is for, for people who look into `pg_stat_activity`.

    Raises:
        StageError: the target is not a connection string.
    """
    try:
        given = conninfo_to_dict(target)
    except psycopg.Error:
        # The error would show the password.
        raise StageError("the target is not a URL of PostgreSQL, such as postgresql://USER@HOST/DATABASE") from None
    parameters = {key: value for key, value in DEFAULTS.items() if key not in given}
    connection = await psycopg.AsyncConnection.connect(
        target,
        autocommit=True,
        client_encoding="utf8",
        **parameters,  # type: ignore[arg-type]
    )
    try:
        async with limited(connection, options):
            limits = {
                "schema": options.db_schema,
                "name": f"dateline {name}",
                "statement_ms": str(int(options.statement_seconds * 1000)),
                "lock_ms": str(int(options.lock_seconds * 1000)),
            }
            await connection.execute(SESSION, limits)
    except BaseException:
        await connection.close()
        raise
    return connection


@contextlib.asynccontextmanager
async def limited(connection: PostgresConnection, options: PostgresOptions) -> AsyncIterator[None]:
    """Cut the connection if the block takes much longer than a statement may take.

    The server ends slow statements itself; a server that is frozen does not.
    """
    seconds = options.statement_seconds + MARGIN_SECONDS
    timer = asyncio.get_running_loop().call_later(seconds, _cut, connection)
    try:
        yield
    finally:
        timer.cancel()


def _cut(connection: PostgresConnection) -> None:
    if connection.closed:
        return
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as duplicate:
        duplicate.shutdown(socket.SHUT_RDWR)
