"""A database with the tables of the sink, whose rows are deleted before each test."""

import asyncio

import pytest
from dateline_sinks.servers.postgres import PostgresServer
from support.postgres_lab import PostgresLab


@pytest.fixture(scope="session")
def prepared_lab(postgres_server: PostgresServer) -> PostgresLab:
    """A database with all tables."""
    lab = PostgresLab(postgres_server.create_database())
    asyncio.run(lab.prepare())
    return lab


@pytest.fixture
def lab(prepared_lab: PostgresLab) -> PostgresLab:
    """A database with all tables, which are empty."""
    prepared_lab.clear()
    return prepared_lab
