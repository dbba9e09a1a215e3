"""The sink of SQLite keeps the promise of sinks."""

import sqlite3
from pathlib import Path

import pytest
from dateline.sink.suite import SinkLab, SinkSuite, an_enriched
from dateline_sinks.sqlite.kind import KIND
from dateline_sinks.sqlite.options import SqliteOptions


class TestSqlite(SinkSuite):
    @pytest.fixture
    def lab(self, tmp_path: Path) -> SinkLab:
        path, options = tmp_path / "articles.sqlite", SqliteOptions()

        def stored() -> list[tuple[str, str]]:
            connection = sqlite3.connect(path)
            try:
                return connection.execute("SELECT id, title FROM articles").fetchall()
            finally:
                connection.close()

        async def prepare() -> None:
            assert KIND.prepare is not None
            await KIND.prepare(str(path), options)

        return SinkLab(
            make=lambda: KIND.make(str(path), options),
            stored=stored,
            prepare=prepare,
            refused=an_enriched("refused").model_copy(update={"revision": 2**64}),
        )
