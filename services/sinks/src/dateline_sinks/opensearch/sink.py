"""The sink of one partition."""

from dataclasses import dataclass

from dateline.concurrency.threads import in_thread
from dateline.sink.batch import SinkBatch
from dateline.sink.place import SinkPlace
from opensearchpy import OpenSearch

from dateline_sinks.opensearch.bulk import bulk_body, check_items
from dateline_sinks.opensearch.connection import connect, translated
from dateline_sinks.opensearch.options import OpenSearchOptions
from dateline_sinks.opensearch.positions import Claim, check, claim, move

__all__ = ["OpenSearchSink"]


@dataclass(slots=True, kw_only=True)
class OpenSearchSink:
    """Writes the articles of one partition, then the position.

    OpenSearch has no transactions. A batch whose position was not written is written again, which changes nothing,
    since the version of each document is the time of its revision. For the same reason a former owner does no harm that
    is fenced between the check and the articles.
    """

    target: str
    options: OpenSearchOptions
    _client: OpenSearch | None = None
    _claim: Claim | None = None

    async def open(self, place: SinkPlace) -> int | None:
        """Claim the place in the target, and return its position."""
        self._client = connect(self.target, self.options)
        return await in_thread(self._open, place)

    async def write(self, batch: SinkBatch) -> None:
        """Write the articles and the position after them."""
        await in_thread(self._write, batch)

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await in_thread(self._client.close)

    def _open(self, place: SinkPlace) -> int | None:
        assert self._client is not None
        with translated(self.target):
            self._claim = claim(self._client, self.options.positions_index, place)
        return self._claim.next_offset

    def _write(self, batch: SinkBatch) -> None:
        assert self._client is not None and self._claim is not None  # noqa: PT018
        with translated(self.target):
            check(self._client, self.options.positions_index, self._claim, batch.first_offset)
            if batch.records:
                # An index that was deleted is not created by accident, without its mapping.
                where = {"index": self.options.index, "params": {"require_alias": "true"}}
                check_items(self._client.bulk(body=bulk_body(batch), **where))
            move(self._client, self.options.positions_index, self._claim, batch.next_offset)
