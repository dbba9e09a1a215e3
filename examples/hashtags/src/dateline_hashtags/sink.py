"""Writes the hashtags of each article to a file of SQLite, exactly once.

What makes it exactly once is the order of the steps: `open` raises the epoch before it reads the position, and `write`
moves the position in the transaction of its rows, if epoch and position are still those of this owner.
"""

import sqlite3
from pathlib import Path

from dateline.concurrency.threads import in_thread
from dateline.errors import FencedError, TransientError
from dateline.sink.batch import SinkBatch
from dateline.sink.place import SinkPlace
from dateline.sink.sink import SinkKind, SinkOptions
from dateline_schemas import Entity

from dateline_hashtags.stage import PREFIX

__all__ = ["KIND", "HashtagSink"]

TABLES = """
PRAGMA journal_mode = wal;
CREATE TABLE IF NOT EXISTS articles (id TEXT PRIMARY KEY, revised_at TEXT NOT NULL, title TEXT, hashtags TEXT);
CREATE TABLE IF NOT EXISTS positions (place TEXT PRIMARY KEY, cluster_id TEXT, epoch INTEGER, next_offset INTEGER);
"""

TAKE = """
INSERT INTO positions VALUES (?, ?, 1, NULL) ON CONFLICT DO UPDATE SET epoch = epoch + 1
RETURNING cluster_id, epoch, next_offset
"""

MOVE = "UPDATE positions SET next_offset = ? WHERE place = ? AND epoch = ? AND ifnull(next_offset, ?) = ?"

PUT = """
INSERT INTO articles VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET revised_at = excluded.revised_at, title = excluded.title, hashtags = excluded.hashtags
WHERE excluded.revised_at > revised_at
"""


class HashtagSink:
    """Writes one partition to the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database: sqlite3.Connection | None = None
        self._place = ""
        self._epoch = 0

    async def open(self, place: SinkPlace) -> int | None:
        """Take over the place, then return its position."""
        return await in_thread(self._open, place)

    async def write(self, batch: SinkBatch) -> None:
        """Write the rows and the position after them, both or neither."""
        await in_thread(self._write, batch)

    async def close(self) -> None:
        """Close the file."""
        if self._database is not None:
            self._database.close()

    def _open(self, place: SinkPlace) -> int | None:
        self._place = place.name
        try:
            self._database = sqlite3.connect(self._path, timeout=30, check_same_thread=False)
            self._database.executescript(TABLES)
            with self._database:
                found = self._database.execute(TAKE, (self._place, place.cluster_id)).fetchone()
                cluster_id, self._epoch, position = found
                place.check_cluster(cluster_id)
        except sqlite3.OperationalError as error:
            raise TransientError(f"{self._path}: {error}") from error
        return None if position is None else int(position)

    def _write(self, batch: SinkBatch) -> None:
        assert self._database is not None
        first = batch.first_offset
        rows = [
            (article.id, f"{time:%Y-%m-%dT%H:%M:%S.%f}", article.article.title, " ".join(hashtags(article.entities)))
            for article, time in batch.articles()
        ]
        try:
            with self._database:
                moved = self._database.execute(MOVE, (batch.next_offset, self._place, self._epoch, first, first))
                if not moved.rowcount:
                    raise FencedError(f"{self._place}: another owner has opened it")
                self._database.executemany(PUT, rows)
        except sqlite3.OperationalError as error:
            raise TransientError(f"{self._path}: {error}") from error


def hashtags(entities: list[Entity]) -> list[str]:
    """Return the hashtags among the entities, in order."""
    return [entity.id.removeprefix(PREFIX) for entity in entities if entity.id.startswith(PREFIX)]


KIND = SinkKind(
    make=lambda target, _options: HashtagSink(Path(target)),
    summary="Writes the hashtags of each article to a file of SQLite; exactly once.",
    target="FILE",
    options=SinkOptions,
)
"""The entry of `dateline.sinks`."""
