"""Advisory locks: who holds a place shows itself to the server, and can be ended if it is frozen."""

import asyncio
import time
from hashlib import blake2b

import psycopg
from dateline.errors import TransientError
from dateline.log import get_logger

from dateline_sinks.postgres.connection import PostgresConnection

__all__ = ["lock_key", "take_lock"]

log = get_logger("dateline.sinks.postgres")

TRY = "SELECT pg_try_advisory_xact_lock(%s)"
"""Take a lock for the rest of the transaction, unless another session has it."""

END_HOLDER = """
SELECT pid, usename, application_name, pg_terminate_backend(pid)
FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND pid <> pg_backend_pid()
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (classid::bigint << 32) | objid::bigint = %s
"""
"""End the session that holds a lock; its transaction is rolled back."""

HELD = (
    "another session holds the place, does not end, and this role may not end it; "
    "find it in pg_stat_activity, and end it by pg_terminate_backend"
)
"""What to do when the session cannot be ended. The server ends it, too, once it has been idle for long enough."""

PAUSE_SECONDS = 0.05
"""Seconds between two attempts to take a lock."""


def lock_key(*parts: object) -> int:
    """Return the key of a lock: a signed number of 64 bits."""
    digest = blake2b("\0".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


async def take_lock(connection: PostgresConnection, key: int, *, patience: float, limit: float) -> None:
    """Take a lock for the rest of the transaction, and end the session that does not give it up.

    Args:
        connection: in a transaction.
        key: the lock.
        patience: the holder has this many seconds to end its transaction.
        limit: the attempt fails after this many seconds.

    Raises:
        TransientError: another session still holds it.
    """
    started = time.monotonic()
    ended = False
    while not await _taken(connection, key):
        waited = time.monotonic() - started
        if waited > limit:
            raise TransientError(HELD)
        if waited > patience and not ended:
            ended = True
            try:
                cursor = await connection.execute(END_HOLDER, [key])
            except psycopg.errors.InsufficientPrivilege as error:
                raise TransientError(HELD) from error
            for pid, user, name, _ in await cursor.fetchall():
                log.warning("ended a session that held a place", pid=pid, user=user, session=name, seconds=waited)
        await asyncio.sleep(PAUSE_SECONDS)


async def _taken(connection: PostgresConnection, key: int) -> bool:
    row = await (await connection.execute(TRY, [key])).fetchone()
    return bool(row and row[0])
