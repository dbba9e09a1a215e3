"""Fixtures of the tests on a real broker."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from dateline_broker import Broker
from support.relay_lab import Lab, a_lab


@pytest.fixture
async def lab(kafka_broker: Broker, tmp_path: Path) -> AsyncIterator[Lab]:
    """A lab with topics and a group of its own on the session's broker."""
    with a_lab(kafka_broker.bootstrap_servers, f"t{secrets.token_hex(4)}", tmp_path) as made:
        await made.create_topics()
        yield made
