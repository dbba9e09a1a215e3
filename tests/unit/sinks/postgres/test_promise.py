"""The sink of PostgreSQL keeps the promise of all sinks."""

import psycopg
import pytest
from dateline.sink.suite import SinkLab, SinkSuite, an_enriched
from dateline_sinks.postgres.kind import KIND
from dateline_sinks.postgres.options import PostgresOptions

pytestmark = [
    pytest.mark.xdist_group("postgres"),
    # Owners that were killed close nothing.
    pytest.mark.filterwarnings("ignore:.*deleted while still open:ResourceWarning"),
]


class TestPostgresSink(SinkSuite):
    @pytest.fixture
    def lab(self, postgres_url: str) -> SinkLab:
        options = PostgresOptions()
        assert KIND.prepare is not None
        prepare = KIND.prepare

        def stored() -> list[tuple[str, str]]:
            with psycopg.connect(postgres_url) as connection:
                return connection.execute("SELECT id, title FROM dateline.articles").fetchall()

        return SinkLab(
            make=lambda: KIND.make(postgres_url, options),
            stored=stored,
            prepare=lambda: prepare(postgres_url, options),
            # A revision is an integer of 32 bits.
            refused=an_enriched("too-large", revision=2**40),
        )
