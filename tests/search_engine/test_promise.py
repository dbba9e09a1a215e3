"""The sink keeps the promise of all sinks, but for one: the articles of a refused batch may be there already."""

import asyncio
from typing import Any

import pytest
from dateline.errors import BatchError
from dateline.sink.suite import SinkLab, SinkSuite, an_enriched, batch, begun, ids, reopened, some
from search_engine.target import OpenSearchTarget

REFUSED = an_enriched("refused").model_copy(update={"annotations": {"score": {"value": "high"}}})
"""An article that does not fit a field that somebody has added to the mapping."""


class TestOpenSearch(SinkSuite):
    @pytest.fixture
    def lab(self, target: OpenSearchTarget) -> SinkLab:
        def stored() -> list[tuple[str, str]]:
            return [(id_, document["title"]) for id_, document in target.documents().items()]

        async def prepare() -> None:
            await target.prepare()
            mapped: dict[str, Any] = {"score": {"properties": {"value": {"type": "integer"}}}}
            body = {"properties": {"annotations": {"type": "object", "dynamic": False, "properties": mapped}}}
            target.client.indices.put_mapping(index=target.options.index, body=body)

        return SinkLab(make=target.make, stored=stored, prepare=prepare, refused=REFUSED)

    def test_a_refused_record_leaves_nothing_of_its_batch(self, lab: SinkLab) -> None:
        """The target has no transactions: the others are there, the position is not, and writing again settles it."""

        async def work() -> None:
            assert lab.prepare is not None
            await lab.prepare()
            sink = await begun(lab)
            with pytest.raises(BatchError, match="score") as caught:
                await sink.write(batch(0, [*some(0, 1), REFUSED, *some(2, 1)]))
            assert set(caught.value.errors) == {1}
            await sink.close()
            sink, position = await reopened(lab)
            assert position == 0
            await sink.write(batch(0, some(0, 1)))
            await sink.write(batch(1, [], next_offset=2))
            await sink.write(batch(2, some(2, 1)))
            await sink.close()
            assert await lab.ids() == ids(0, 1) + ids(2, 1)

        asyncio.run(work())
