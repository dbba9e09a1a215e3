"""The suite of sinks accepts a sink that keeps its promise."""

import pytest
from dateline.sink.suite import SinkLab, SinkSuite, an_enriched
from support.memory_sink import MemorySink, MemoryTarget


class TestMemorySink(SinkSuite):
    @pytest.fixture
    def lab(self) -> SinkLab:
        target = MemoryTarget(refuses=lambda each: each == "refused")
        return SinkLab(
            make=lambda: MemorySink(target),
            stored=lambda: target.rows,
            replaces=False,
            refused=an_enriched("refused"),
        )
