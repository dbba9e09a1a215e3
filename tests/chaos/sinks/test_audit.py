"""The triggers record each write of a revision, repeated ones included, and who moved a position."""

import contextlib
import sqlite3
from pathlib import Path

from chaos.sinks.audit import audit_sqlite
from chaos.sinks.lanes import SinkTargets
from chaos.sinks.target_content import read_targets
from dateline.sink.configured import configure

PLACE = "('sqlite', 'articles.enriched', 0, 'cluster', 1, NULL, 'owner', '2026-05-01 06:00:00')"
REVISION = "('a', '2026-05-01 06:00:00.010', 1, 'title', NULL, 'body', 'hash', NULL, NULL, NULL)"


async def test_a_revision_that_is_written_again_and_a_move_of_a_position_are_recorded(tmp_path: Path) -> None:
    path = tmp_path / "articles.sqlite"
    sink = configure("sqlite", str(path))
    assert sink.kind.prepare is not None
    await sink.kind.prepare(sink.target, sink.options)
    audit_sqlite(path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.create_function("chaos_session", 0, lambda: "one")
        connection.execute(f"INSERT INTO dateline_positions VALUES {PLACE}")
        connection.execute("UPDATE dateline_positions SET next_offset = 4")
        connection.execute("UPDATE dateline_positions SET epoch = 2")
        for _ in range(2):
            connection.execute(f"INSERT INTO revisions VALUES {REVISION} ON CONFLICT DO NOTHING")
    databases, _ = await read_targets(SinkTargets(postgres="", sqlite=path, parquet=tmp_path), ["sqlite"])
    found = databases["sqlite"]
    assert [(move.taken, move.epoch, move.first, move.next) for move in found.moves] == [
        (True, 1, None, None),
        (False, 1, None, 4),
        (True, 2, 4, 4),
    ]
    assert {move.session for move in found.moves} == {"one"}
    assert found.rows == [("a", 1777615200010, "")] * 2
    assert list(found.revisions) == [("a", 1777615200010)]
