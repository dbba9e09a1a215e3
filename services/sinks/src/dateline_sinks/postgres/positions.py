"""The positions that the database keeps, each guarded by the epoch of its owner."""

from dateline.errors import FencedError, StageError
from dateline.sink.batch import SinkBatch
from dateline.sink.place import SinkPlace

from dateline_sinks.postgres.connection import PostgresConnection
from dateline_sinks.postgres.locks import lock_key, take_lock
from dateline_sinks.postgres.options import PostgresOptions

__all__ = ["forget_positions", "move_position", "take_position"]

READ = """
SELECT cluster_id, next_offset FROM dateline_positions
WHERE group_name = %s AND topic = %s AND "partition" = %s FOR UPDATE
"""
"""The position of a place."""

TAKE = """
INSERT INTO dateline_positions (group_name, topic, "partition", cluster_id, epoch, owner, updated_at)
VALUES (%s, %s, %s, %s, 1, %s, now())
ON CONFLICT (group_name, topic, "partition") DO UPDATE
SET cluster_id = excluded.cluster_id, epoch = dateline_positions.epoch + 1,
    owner = excluded.owner, updated_at = excluded.updated_at
RETURNING epoch
"""
"""Take a place over: whoever held it has an old epoch now."""

MOVE = """
UPDATE dateline_positions SET next_offset = %s, updated_at = now()
WHERE group_name = %s AND topic = %s AND "partition" = %s AND epoch = %s
    AND (next_offset = %s OR next_offset IS NULL)
"""
"""Move the position, if the place is still ours and the position is where we left it."""

PATIENCE_SECONDS = 2.0
"""An earlier owner has this many seconds to end its transaction; then its session is ended."""

LIMIT_SECONDS = 30.0
"""A place is opened within this many seconds, or later."""


def _lock(schema: str, place: SinkPlace) -> int:
    return lock_key("place", schema, place.group, place.topic, place.partition)


async def take_position(
    connection: PostgresConnection, schema: str, place: SinkPlace, where: str
) -> tuple[int, int | None]:
    """Take the place over in a transaction of the caller; return the epoch and the position.

    An earlier owner may be frozen in a transaction that holds the place; its session is ended.

    Raises:
        StageError: the position is of another Kafka cluster.
        TransientError: the session of an earlier owner cannot be ended.
    """
    key = (place.group, place.topic, place.partition)
    await take_lock(connection, _lock(schema, place), patience=PATIENCE_SECONDS, limit=LIMIT_SECONDS)
    found = await (await connection.execute(READ, key)).fetchone()
    cluster, position = found or (None, None)
    if position is not None and cluster != place.cluster_id:
        option = "" if schema == PostgresOptions().db_schema else f" --option db_schema={schema}"
        raise StageError(
            f"{where} has the position {position} of {place.name} in the Kafka cluster {cluster}, and this is the "
            f"cluster {place.cluster_id}: name another schema or another group, or, if the articles of both belong "
            f"together, forget the group's positions there by "
            f"`dateline groups forget {place.group} --target postgres URL{option}`"
        )
    taken = await (await connection.execute(TAKE, (*key, place.cluster_id, place.owner))).fetchone()
    assert taken is not None
    return int(str(taken[0])), None if position is None else int(str(position))


async def move_position(
    connection: PostgresConnection, schema: str, place: SinkPlace, epoch: int, batch: SinkBatch
) -> None:
    """Move the position over a batch, as the first step of the transaction that writes its rows.

    Raises:
        FencedError: another owner has opened the place.
    """
    key = (place.group, place.topic, place.partition)
    async with connection.pipeline():
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", [_lock(schema, place)])
        moved = await connection.execute(MOVE, (batch.next_offset, *key, epoch, batch.first_offset))
    if moved.rowcount != 1:
        raise FencedError(f"another process has opened {place.name}")


async def forget_positions(connection: PostgresConnection, group: str) -> int:
    """Delete the positions of a group; return their number."""
    return (await connection.execute("DELETE FROM dateline_positions WHERE group_name = %s", [group])).rowcount
