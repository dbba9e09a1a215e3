"""The figures of enrich: what each enricher takes, and how old the news is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dateline.figures.meter import Meter
from dateline.testkit import ConsumerKit
from dateline_enrich.enricher import Annotations
from dateline_enrich.stage import enrich_stage
from dateline_schemas import Article
from dateline_schemas.headers import REPLAY_GROUP
from support.articles import an_article
from support.observations import feed, gone

NOW = datetime(2024, 6, 28, 12, tzinfo=UTC)

SINCE_FETCH, SINCE_PUBLICATION = "dateline_since_fetch_seconds", "dateline_since_publication_seconds"


class Quiet:
    """An enricher that finds nothing."""

    version = "1"

    def __init__(self, name: str) -> None:
        self.name = name

    def enrich(self, article: Article) -> Annotations:
        return Annotations()


def a_kit(meter: Meter) -> ConsumerKit:
    return ConsumerKit(enrich_stage([Quiet("one"), Quiet("two")], meter, now=lambda: NOW))


def news(**changes: Any) -> Article:
    """Return an article that was published 90 seconds ago and polled 30 seconds ago."""
    stated: dict[str, Any] = {
        "published": NOW - timedelta(seconds=90),
        "published_precision": "second",
        "fetched": NOW - timedelta(seconds=30),
    }
    return an_article().model_copy(update=stated | changes)


def spread(meter: Meter, name: str) -> tuple[int, float]:
    """Return how many values a histogram has, and their sum."""
    found = meter.values().histograms.get(name)
    return (sum(found.counts), found.sum) if found is not None else (0, 0.0)


async def test_each_enricher_is_measured() -> None:
    meter = Meter()
    await a_kit(meter).feed(news(), an_article("Other", url="https://news.example/other"))
    assert {name for name in meter.values().histograms if "enricher" in name} == {
        'dateline_enricher_seconds{enricher="one"}',
        'dateline_enricher_seconds{enricher="two"}',
    }
    assert spread(meter, 'dateline_enricher_seconds{enricher="two"}')[0] == 2


async def test_the_time_since_the_poll_and_since_the_publication_is_measured_with_its_trace() -> None:
    meter = Meter()
    kit = a_kit(meter)
    trace = "0af7651916cd43dd8448eb211c80319c"
    headers = (("traceparent", f"00-{trace}-b7ad6b7169203331-01".encode()),)
    await kit.feed_record(kit.record(news(), headers=headers))
    assert spread(meter, SINCE_FETCH) == (1, 30.0)
    assert spread(meter, SINCE_PUBLICATION) == (1, 90.0)
    exemplars = [each for of in meter.histograms.values() for one in of.values() for each in one.exemplars if each]
    assert {each[0] for each in exemplars} == {trace}


@pytest.mark.parametrize(
    "changes",
    [
        {"published": None, "published_precision": None},
        {"published_precision": "day"},
        {"published_precision": "month"},
        {"published": NOW + timedelta(minutes=5)},
        {"via": "archive"},
    ],
)
async def test_a_publication_that_says_nothing_about_the_way_of_news_is_not_measured(changes: dict[str, Any]) -> None:
    meter = Meter()
    await a_kit(meter).feed(news(**changes))
    assert spread(meter, SINCE_FETCH)[0] == 1
    assert spread(meter, SINCE_PUBLICATION)[0] == 0


async def test_a_correction_is_measured_from_its_poll_alone() -> None:
    meter = Meter()
    await a_kit(meter).feed(news(), news(body="Corrected.", content_hash="0" * 16))
    assert spread(meter, SINCE_FETCH)[0] == 2
    assert spread(meter, SINCE_PUBLICATION)[0] == 1


async def test_what_is_dropped_is_not_measured() -> None:
    meter = Meter()
    await a_kit(meter).feed(news(), news())
    assert spread(meter, SINCE_FETCH)[0] == 1


async def test_retractions_and_replays_are_not_measured() -> None:
    meter = Meter()
    kit = a_kit(meter)
    await kit.feed(feed(1), gone(2))
    before = spread(meter, SINCE_FETCH)[0]
    await kit.feed_record(kit.record(news(id="replayed"), key="replayed", headers=((REPLAY_GROUP, b"enrich"),)))
    assert len(kit.values()) == 3
    assert before == spread(meter, SINCE_FETCH)[0] == 1
