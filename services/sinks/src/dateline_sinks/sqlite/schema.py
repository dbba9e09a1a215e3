"""Brings the tables of a database to the newest version."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from dateline_sinks.sqlite.database import APPLICATION_ID
from dateline_sinks.sqlite.transaction import transaction

__all__ = ["SchemaVersion", "migrate", "schema_versions"]

LEDGER = """
CREATE TABLE IF NOT EXISTS dateline_migrations (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at TEXT NOT NULL
) STRICT
"""
"""The table of the versions that a database has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaVersion:
    """A version of the schema.

    Attributes:
        number: versions are numbered from 1.
        name: what it adds.
        statements: the SQL statements that lead to it from the version before.
    """

    number: int
    name: str
    statements: tuple[str, ...]


def schema_versions() -> list[SchemaVersion]:
    """Return all versions of the schema in order."""
    found = []
    for file in files("dateline_sinks.sqlite.migrations").iterdir():
        if file.name.endswith(".sql"):
            number, _, name = file.name.removesuffix(".sql").partition("_")
            statements = tuple(_statements(file.read_text("utf-8")))
            found.append(SchemaVersion(number=int(number), name=name, statements=statements))
    return sorted(found, key=lambda version: version.number)


def migrate(connection: sqlite3.Connection, versions: list[SchemaVersion]) -> list[int]:
    """Apply the versions that the database does not have, all or none of them; return their numbers.

    Versions only add: a process of an earlier version writes on while and after they are applied. So a database
    of a later version than the ones given is left alone.
    """
    if _applied(connection) >= {version.number for version in versions}:
        return []
    with transaction(connection):
        # Another process may have been faster. The transaction is the lock.
        applied = _applied(connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(LEDGER)
        missing = [version for version in versions if version.number not in applied]
        for version in missing:
            for statement in version.statements:
                connection.execute(statement)
            connection.execute(
                "INSERT INTO dateline_migrations (version, name, applied_at) "
                "VALUES (?, ?, strftime('%Y-%m-%d %H:%M:%f', 'now'))",
                (version.number, version.name),
            )
    return [version.number for version in missing]


def _applied(connection: sqlite3.Connection) -> set[int]:
    known = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'dateline_migrations'"
    if connection.execute(known).fetchone() is None:
        return set()
    return {version for (version,) in connection.execute("SELECT version FROM dateline_migrations")}


def _statements(script: str) -> Iterator[str]:
    # `executescript` would commit the transaction, so the script is cut into its statements here.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        raise ValueError(f"a statement does not end: {statement.strip()[:60]}")
