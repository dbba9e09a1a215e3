"""Fixtures that give any test suite a real server.

The package is imported only when a fixture is requested, so that the plugin costs other test suites nothing and
coverage sees the import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dateline_sinks.servers.postgres import PostgresServer

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL for the whole session; a test that stops or kills it starts it again."""
    from dateline_sinks.servers.postgres import PostgresServer, PostgresServerError, postgres_binaries

    try:
        postgres_binaries()
    except PostgresServerError as error:
        pytest.skip(f"no PostgreSQL for tests: {error}")
    with PostgresServer() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty database for this test alone, which is deleted after it."""
    url = postgres_server.create_database()
    yield url
    postgres_server.drop_database(url)
