"""The sink of PostgreSQL keeps the promise of all sinks."""

import pytest
from dateline.sink.suite import SinkLab, SinkSuite, an_enriched
from dateline_sinks.postgres.kind import KIND
from support.postgres_lab import PostgresLab

pytestmark = [
    pytest.mark.xdist_group("postgres"),
    # Owners that were killed close nothing.
    pytest.mark.filterwarnings("ignore:.*deleted while still open:ResourceWarning"),
]


class TestPostgresSink(SinkSuite):
    @pytest.fixture
    def lab(self, prepared_lab: PostgresLab) -> SinkLab:
        prepared_lab.clear()
        return SinkLab(
            make=lambda: KIND.make(prepared_lab.url, prepared_lab.options),
            stored=lambda: [(id_, title) for id_, title in prepared_lab.ask("SELECT id, title FROM articles")],
            # A revision is an integer of 32 bits.
            refused=an_enriched("too-large", revision=2**40),
        )
