"""Fixtures of the container tests, which are collected only by `make test-containers`."""

import json
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from containers.lab import ComposeLab, Outputs, free_ports

SINKS = {
    "tables": {"kind": "sqlite", "target": "/data/articles.sqlite"},
    # A file a second, so that a killed process has some behind it.
    "files": {"kind": "parquet", "target": "/data/archive", "options": {"file_seconds": 1}},
}
"""The sinks that the settings name; both write to the volume."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return None if config.getoption("kafka_container") else True


@pytest.fixture(scope="session")
def pipeline() -> Iterator[ComposeLab]:
    """The running compose file with the demo, under a project name and on ports of its own."""
    kafka, ingest, status = free_ports(3)
    lab = ComposeLab(
        project=f"dateline-test-{os.getpid()}",
        environment={
            "COMPOSE_KAFKA_PORT": str(kafka),
            "COMPOSE_INGEST_PORT": str(ingest),
            "COMPOSE_STATUS_PORT": str(status),
            # Small batches, so that a killed process has one open and others waiting.
            "DATELINE_RUNTIME__BATCH_RECORDS": "20",
            "DATELINE_INGEST__PUSH_TOKENS": "desk:opensesame",
            "DATELINE_SINKS__RUN": json.dumps(SINKS),
        },
        servers=f"127.0.0.1:{kafka}",
        status=f"http://127.0.0.1:{status}",
        ingest=f"http://127.0.0.1:{ingest}",
    )
    try:
        lab.compose("up", "--detach", seconds=300)
        yield lab
    finally:
        lab.show_logs()
        lab.compose("down", "--volumes", "--timeout", "10", seconds=120)


@pytest.fixture
async def outputs(pipeline: ComposeLab) -> AsyncIterator[Outputs]:
    """A plain consumer on the host that reads all enriched articles."""
    async with Outputs.of(pipeline.servers) as reading:
        yield reading
