"""An alias in a real OpenSearch that one test has for itself."""

from dataclasses import dataclass
from typing import Any

from dateline_sinks.opensearch.kind import KIND
from dateline_sinks.opensearch.options import OpenSearchOptions
from dateline_sinks.opensearch.sink import OpenSearchSink
from opensearchpy import OpenSearch

__all__ = ["OpenSearchTarget"]


@dataclass(frozen=True, slots=True)
class OpenSearchTarget:
    """An alias of this test alone."""

    url: str
    options: OpenSearchOptions
    client: OpenSearch

    async def prepare(self) -> None:
        assert KIND.prepare is not None
        await KIND.prepare(self.url, self.options)

    def make(self) -> OpenSearchSink:
        return OpenSearchSink(target=self.url, options=self.options)

    def search(self, **body: Any) -> Any:
        """Return the answer to a search, with all that was written."""
        self.client.indices.refresh(index=self.options.index)
        return self.client.search(index=self.options.index, body=body)

    def documents(self) -> dict[str, dict[str, Any]]:
        """Return all documents by id, those of retracted articles included."""
        (index,) = self.client.indices.get_alias(name=self.options.index)
        self.client.indices.refresh(index=index)
        found = self.client.search(index=index, body={"size": 1000, "query": {"match_all": {}}})
        return {hit["_id"]: hit["_source"] for hit in found["hits"]["hits"]}
