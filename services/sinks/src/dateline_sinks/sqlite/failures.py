"""What the errors of SQLite mean for a sink: try again, give up this record, or ask a person."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from dateline.errors import DatelineError, PermanentError, StageError, TransientError

__all__ = ["failure_of", "translated"]

PRIMARY_CODE = 0xFF
"""The bits of an extended result code that hold the primary one (https://sqlite.org/rescode.html)."""

REFUSED = {sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH}
"""The data cannot be stored, however often it is tried."""

FORBIDDEN = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
"""The process may not write."""

PASSING = {
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_SCHEMA,
}
"""The machine failed, which may pass."""


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise the errors of SQLite in the block as those of Dateline.

    Raises:
        TransientError: the file is locked, the disk is full, or the machine failed.
        PermanentError: the data cannot be stored.
        StageError: the file is not a database, is damaged, or cannot be written to.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise failure_of(error, path) from error
    except (OverflowError, UnicodeEncodeError) as error:
        raise PermanentError(f"{path} cannot hold a value: {error}") from error


def failure_of(error: sqlite3.Error, path: Path) -> DatelineError:
    """Return what an error of SQLite means, with what to do next."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & PRIMARY_CODE
    if code == sqlite3.SQLITE_FULL:
        return TransientError(f"there is no space left for {path}: free some, and writing continues")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return TransientError(f"another program keeps {path} locked: {error}")
    if code in PASSING:
        return TransientError(f"{path} cannot be read or written: {error}")
    if code in REFUSED:
        return PermanentError(f"{path} refuses the data: {error}")
    if code in FORBIDDEN:
        return StageError(f"{path} cannot be written to ({error}): give the process the right to write to it")
    if code == sqlite3.SQLITE_NOTADB:
        return StageError(f"{path} is not a database of SQLite: name another file")
    if code == sqlite3.SQLITE_CORRUPT:
        return StageError(f"{path} is damaged ({error}): restore a copy of it, or name another file")
    return StageError(f"{path} does not have the tables that this sink expects ({error}): name another file")
