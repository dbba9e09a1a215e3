"""The positions that the database keeps, each guarded by the epoch of its owner."""

import sqlite3
from datetime import datetime

from dateline.errors import FencedError, StageError
from dateline.sink.batch import SinkBatch
from dateline.sink.place import SinkPlace

from dateline_sinks.sqlite.values import time_text

__all__ = ["forget_positions", "move_position", "take_position"]

READ = """
SELECT cluster_id, next_offset FROM dateline_positions
WHERE group_name = ? AND topic = ? AND "partition" = ?
"""
"""The position of a place."""

TAKE = """
INSERT INTO dateline_positions (group_name, topic, "partition", cluster_id, epoch, owner, updated_at)
VALUES (?, ?, ?, ?, 1, ?, ?)
ON CONFLICT (group_name, topic, "partition") DO UPDATE
SET cluster_id = excluded.cluster_id, epoch = epoch + 1, owner = excluded.owner, updated_at = excluded.updated_at
RETURNING epoch
"""
"""Take a place over: whoever held it has an old epoch now."""

MOVE = """
UPDATE dateline_positions SET next_offset = ?, updated_at = ?
WHERE group_name = ? AND topic = ? AND "partition" = ? AND epoch = ? AND (next_offset = ? OR next_offset IS NULL)
"""
"""Move the position, if the place is still ours and the position is where we left it."""


def take_position(
    connection: sqlite3.Connection, place: SinkPlace, now: datetime, where: str
) -> tuple[int, int | None]:
    """Take the place over, in a transaction of the caller; return the epoch and the position.

    Raises:
        StageError: the position is of another Kafka cluster.
    """
    key = (place.group, place.topic, place.partition)
    cluster, position = connection.execute(READ, key).fetchone() or (None, None)
    if position is not None and cluster != place.cluster_id:
        raise StageError(
            f"{where} has the position {position} of {place.name} in the Kafka cluster {cluster}, and this is the "
            f"cluster {place.cluster_id}: name another file or another group, or, if the articles of both belong "
            f"together, forget the group's positions in the file by "
            f"`dateline groups forget {place.group} --target sqlite {where}`"
        )
    (epoch,) = connection.execute(TAKE, (*key, place.cluster_id, place.owner, time_text(now))).fetchone()
    return epoch, position


def move_position(
    connection: sqlite3.Connection, place: SinkPlace, epoch: int, batch: SinkBatch, now: datetime
) -> None:
    """Move the position over a batch, in the transaction that writes its rows.

    Raises:
        FencedError: another owner has opened the place.
    """
    key = (place.group, place.topic, place.partition)
    moved = connection.execute(MOVE, (batch.next_offset, time_text(now), *key, epoch, batch.first_offset))
    if moved.rowcount != 1:
        raise FencedError(f"another process has opened {place.name}")


def forget_positions(connection: sqlite3.Connection, group: str) -> int:
    """Delete the positions of a group; return their number."""
    return connection.execute("DELETE FROM dateline_positions WHERE group_name = ?", (group,)).rowcount
