"""An OpenSearch for the tests of its sink, which are collected only when their folder is named."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from dateline_sinks.opensearch.options import OpenSearchOptions
from dateline_sinks.servers.opensearch.server import OpenSearchServer
from opensearchpy import OpenSearch
from search_engine.target import OpenSearchTarget


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return None if any("search_engine" in argument for argument in config.args) else True


@pytest.fixture(scope="session")
def server() -> Iterator[OpenSearchServer]:
    with OpenSearchServer() as running:
        yield running


@pytest.fixture
def target(server: OpenSearchServer) -> Iterator[OpenSearchTarget]:
    name = f"articles-{uuid4().hex[:8]}"
    client = OpenSearch([server.url], timeout=60)
    yield OpenSearchTarget(
        server.url, OpenSearchOptions(index=name, positions_index=f"positions-{name}", replicas=0), client
    )
    client.indices.delete(index=f"{name}-*,positions-{name}", params={"ignore": 404})
    client.close()
