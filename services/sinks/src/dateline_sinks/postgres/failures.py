"""What the errors of PostgreSQL mean for a sink: try again, give up this record, or ask a person."""

import contextlib
import re
from collections.abc import Iterator

import psycopg
from dateline.errors import DatelineError, PermanentError, StageError, TransientError

__all__ = ["failure_of", "translated"]

REFUSED = ("22", "23", "54")
"""Classes of errors of the data: it cannot be stored, however often it is tried."""

FORBIDDEN = {
    "42": "grant the role the rights that docs/sinks-postgres.md names, or name another schema",
    "28": "check the role and the password of the URL",
    "3D": "create the database, or name another one",
    "3F": "create the schema, or grant the role the right to create it",
    "0A": "PostgreSQL 14 or later is needed",
}
"""Classes of errors that a person has to resolve, with what to do (PostgreSQL, appendix A: error codes)."""

NOT_CONNECTED = re.compile(
    r'FATAL:\s+(password authentication failed|no password supplied|database ".*" does not exist'
    r'|role ".*" does not exist|no pg_hba\.conf entry|permission denied for database)'
)
"""Refusals of a connection, which have no code."""


@contextlib.contextmanager
def translated(where: str) -> Iterator[None]:
    """Raise the errors of PostgreSQL in the block as those of Dateline.

    Args:
        where: the database, without its password.

    Raises:
        TransientError: the server does not answer, has ended the session, or has no room.
        PermanentError: the data cannot be stored.
        StageError: rights or tables are missing.
    """
    try:
        yield
    except psycopg.Error as error:
        raise failure_of(error, where) from error
    except UnicodeEncodeError as error:
        raise PermanentError(f"{where} cannot hold a text: {error}") from error


def failure_of(error: psycopg.Error, where: str) -> DatelineError:
    """Return what an error of PostgreSQL means, with what to do next."""
    text = " ".join(str(error).split())
    code = error.sqlstate or ""
    if code[:2] in REFUSED or (not code and isinstance(error, psycopg.DataError)):
        return PermanentError(f"{where} refuses the data: {text}")
    if code[:2] in FORBIDDEN:
        return StageError(f"{where}: {text}; {FORBIDDEN[code[:2]]}")
    if not code and NOT_CONNECTED.search(text):
        return StageError(f"{where}: {text}; check the role, the password and the database of the URL")
    return TransientError(f"{where}: {text}")
