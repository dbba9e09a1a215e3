"""Deletes expired articles, a few at a time."""

import asyncio
import time

from dateline.errors import DatelineError
from dateline.log import get_logger

from dateline_sinks.postgres.articles import PARTS
from dateline_sinks.postgres.connection import PostgresConnection, connect, limited, shown
from dateline_sinks.postgres.failures import translated
from dateline_sinks.postgres.locks import lock_key
from dateline_sinks.postgres.options import PostgresOptions

__all__ = ["delete_expired", "keep_deleting"]

log = get_logger("dateline.sinks.postgres")

AT_ONCE = 500
"""A transaction deletes at most this many articles."""

PAUSE_SECONDS = 60.0
"""Seconds between two searches for expired articles."""

EXPIRED = """
DELETE FROM articles WHERE id IN (
    SELECT id FROM articles WHERE revised_at < now() - make_interval(secs => %s)
    LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING id
"""
"""Delete some expired articles; those that a sink is writing are left."""


async def keep_deleting(target: str, options: PostgresOptions) -> None:
    """Delete expired articles until it is cancelled. An error is logged, and the next search follows a minute later."""
    while True:
        try:
            with translated(shown(target)):
                async with await connect(target, options, "retention") as connection:
                    await delete_expired(connection, options)
        except DatelineError as error:
            log.warning("expired articles were not deleted", error=str(error))
        await asyncio.sleep(PAUSE_SECONDS)


async def delete_expired(connection: PostgresConnection, options: PostgresOptions) -> int:
    """Delete all expired articles in small steps, unless another session does; return their number."""
    seconds = (options.retention_days or 0) * 86_400
    total = 0
    while True:
        started = time.monotonic()
        async with limited(connection, options), connection.transaction():
            lock = await connection.execute(
                "SELECT pg_try_advisory_xact_lock(%s)", [lock_key("retention", options.db_schema)]
            )
            if await lock.fetchone() != (True,):
                return total
            found = await (await connection.execute(EXPIRED, [seconds, AT_ONCE])).fetchall()
            ids = [id_ for (id_,) in found]
            for table in ("revisions", *PARTS):
                await connection.execute(f"DELETE FROM {table} WHERE article_id = ANY (%s)".encode(), [ids])
        total += len(ids)
        if len(ids) < AT_ONCE:
            return total
        # Half of the time belongs to the sinks.
        await asyncio.sleep(time.monotonic() - started)
