"""Opens the database file, and checks that it is not another program's."""

import os
import sqlite3
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from dateline.errors import StageError, TransientError

__all__ = ["APPLICATION_ID", "OLDEST", "check_sqlite", "connect", "identity_of"]

APPLICATION_ID = 0x44544C4E
"""The number in the head of the file that says whose database it is: the letters DTLN."""

OLDEST = (3, 40, 0)
"""The oldest version of SQLite that the tests have seen."""

SEARCH = "ENABLE_FTS5"
"""The option that SQLite is compiled with if it has full-text search."""

CACHE_KIB = 4 * 1024
"""The page cache of a connection, of which each partition has one; 16 MB were not faster over 6,000 articles."""

WAL_BYTES = 64 * 1024 * 1024
"""The write-ahead log is cut to this size after a checkpoint; a long reader may have made it grow."""

PRAGMAS = f"""
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -{CACHE_KIB};
PRAGMA journal_size_limit = {WAL_BYTES};
"""
"""With NORMAL, a power failure may take back the last commits, but whole ones: rows and position stand in one file and
go together, and Kafka has the records still. FULL would wait for the disk at every commit, and gain nothing."""


def check_sqlite() -> None:
    """Check the SQLite that this Python was built with.

    Raises:
        StageError: it is too old, or has no full-text search.
    """
    if sqlite3.sqlite_version_info < OLDEST:
        needed = ".".join(map(str, OLDEST))
        raise StageError(f"SQLite {sqlite3.sqlite_version} is too old: use a Python with SQLite {needed} or later")
    with sqlite3.connect(":memory:") as connection:
        options = {option for (option,) in connection.execute("PRAGMA compile_options")}
    connection.close()
    if SEARCH not in options:
        raise StageError(
            f"SQLite {sqlite3.sqlite_version} of this Python was built without FTS5, which full-text search needs: "
            "use a Python whose SQLite has it, such as those of python.org, Debian and uv"
        )


def connect(path: Path, busy: timedelta) -> sqlite3.Connection:
    """Open the file, which is created if there is none.

    Args:
        path: the file.
        busy: wait at most this long for a lock of another process.

    Raises:
        StageError: the folder does not exist or cannot be written to, the file belongs to another program, or its
            file system has no shared memory.
        sqlite3.Error: it cannot be opened.
    """
    _check_folder(path)
    # All calls come from threads, one after another.
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rwc",
        uri=True,
        timeout=busy.total_seconds(),
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        _check_owner(connection, path)
        _use_log(connection, path)
        connection.executescript(PRAGMAS)
    except BaseException:
        connection.close()
        raise
    return connection


def identity_of(path: Path) -> tuple[int, int] | None:
    """Return what tells this file from another one of the same name, or None if there is no such file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _check_folder(path: Path) -> None:
    folder = path.parent
    if not folder.is_dir():
        raise StageError(f"the folder of {path} does not exist: create {folder}")
    if path.is_dir():
        raise StageError(f"{path} is a folder: name a file")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StageError(f"{folder} cannot be written to, and SQLite needs files beside {path.name}: change its rights")
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        raise StageError(f"{path} cannot be written to: change its rights")


def _check_owner(connection: sqlite3.Connection, path: Path) -> None:
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if owner != APPLICATION_ID and (owner or tables):
        raise StageError(f"{path} is a database of another program: name another file")


def _use_log(connection: sqlite3.Connection, path: Path) -> None:
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    if mode == "wal":
        return
    try:
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            # SQLite does not wait here. Another process is creating the same file.
            raise TransientError(f"another program keeps {path} locked") from error
        raise
    if mode != "wal":
        raise StageError(
            f"the file system of {path} has no shared memory, which SQLite's write-ahead log needs: "
            "name a file on a local disk"
        )
