"""A database with the tables of the sink."""

import pytest
from support.postgres_lab import PostgresLab


@pytest.fixture
async def lab(postgres_url: str) -> PostgresLab:
    """An empty database with all tables."""
    lab = PostgresLab(postgres_url)
    await lab.prepare()
    return lab
