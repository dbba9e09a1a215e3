"""What goes wrong with a file is said, with what to do next, and tried again where that helps."""

import os
import resource
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from dateline.errors import DatelineError, PermanentError, StageError, TransientError
from dateline_sinks.sqlite import database
from dateline_sinks.sqlite.database import check_sqlite, connect
from dateline_sinks.sqlite.failures import failure_of
from dateline_sinks.sqlite.kind import KIND
from dateline_sinks.sqlite.options import SqliteOptions
from dateline_sinks.sqlite.sink import SqliteSink
from support.sink_batches import a_batch, a_place, a_revision


async def prepare(path: Path, busy_seconds: float = 0.1) -> None:
    assert KIND.prepare is not None
    await KIND.prepare(str(path), SqliteOptions(busy_seconds=busy_seconds))


async def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(StageError, match=f"create {tmp_path}/missing"):
        await prepare(tmp_path / "missing" / "a.sqlite")


async def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="is a folder"):
        await prepare(tmp_path)


async def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    folder = tmp_path
    if os.geteuid() == 0:
        # Root may write to any folder, but for those of the kernel.
        folder = Path("/proc/self/task")
    else:
        folder.chmod(0o500)
    with pytest.raises(DatelineError, match=r"cannot be (written to|read or written)"):
        await prepare(folder / "a.sqlite")


async def test_a_file_that_is_not_a_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("My notes. " * 1000)
    with pytest.raises(StageError, match="not a database of SQLite"):
        await prepare(path)
    assert path.read_text() == "My notes. " * 1000


async def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StageError, match="database of another program"):
        await prepare(path)
    assert path.read_bytes() == before
    assert not path.with_name("bookmarks.sqlite-wal").exists()


async def test_a_damaged_database_needs_a_person(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    await prepare(path)
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    sink = SqliteSink(path=path)
    with pytest.raises(StageError, match="damaged"):
        await sink.open(a_place())
    await sink.close()


async def test_a_lock_of_another_program_is_waited_for_and_then_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    await prepare(path)
    sink = SqliteSink(path=path, options=SqliteOptions(busy_seconds=0.05))
    await sink.open(a_place())
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(TransientError, match="locked"):
        await sink.write(a_batch([a_revision()]))
    other.execute("COMMIT")
    other.close()
    await sink.write(a_batch([a_revision()]))
    await sink.close()


async def test_a_file_that_can_grow_no_further_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    sink = SqliteSink(path=path)
    await sink.open(a_place())
    await sink.write(a_batch([a_revision("a")]))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.with_name("a.sqlite-wal").stat().st_size, limits[1]))
    try:
        with pytest.raises(TransientError):
            await sink.write(a_batch([a_revision("b", body="A long text. " * 10_000)], 1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    await sink.close()
    again = SqliteSink(path=path)
    assert await again.open(a_place()) == 1
    await again.write(a_batch([a_revision("b")], 1))
    await again.close()


def test_a_full_disk_is_tried_again() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE filling (text)")
    connection.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as raised:
        connection.execute("INSERT INTO filling VALUES (?)", ("x" * 100_000,))
    failure = failure_of(raised.value, Path("a.sqlite"))
    assert isinstance(failure, TransientError)
    assert "no space left" in str(failure)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("INSERT INTO numbers VALUES ('many')", PermanentError),
        ("INSERT INTO numbers VALUES (NULL)", PermanentError),
        ("INSERT INTO others VALUES (1)", StageError),
        ("PRAGMA query_only = 1; INSERT INTO numbers VALUES (1)", StageError),
    ],
)
def test_the_kind_of_error_decides_what_happens(statement: str, expected: type[DatelineError]) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE numbers (number INTEGER NOT NULL) STRICT")
    if statement.startswith("PRAGMA"):
        setting, _, statement = statement.partition("; ")
        connection.execute(setting)
    with pytest.raises(sqlite3.Error) as raised:
        connection.execute(statement)
    assert type(failure_of(raised.value, Path("a.sqlite"))) is expected
    connection.close()


def test_a_sqlite_that_is_too_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    check_sqlite()
    monkeypatch.setattr(database, "OLDEST", (99, 0, 0))
    with pytest.raises(StageError, match=r"too old.*99\.0\.0"):
        check_sqlite()


def test_full_text_search_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "SEARCH", "ENABLE_FTS99")
    with pytest.raises(StageError, match="without FTS5"):
        check_sqlite()


def test_a_power_failure_can_not_damage_the_file(tmp_path: Path) -> None:
    connection = connect(tmp_path / "a.sqlite", timedelta())
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (1,)
    connection.close()
