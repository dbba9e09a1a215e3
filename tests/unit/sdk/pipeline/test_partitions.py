"""The number of partitions is a setting that holds for all topics of a consumer."""

from datetime import UTC, datetime, timedelta

import pytest
from dateline.consumer import Consumer, Event, consumer
from dateline.kafka.records import Record
from dateline.pipeline.layout import TopicLayout
from dateline.runtime.batches import BatchLoop
from dateline.runtime.processing import Processor
from dateline.service.workers import worker_for
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_schemas import TOPICS, Contract
from dateline_schemas.topics import SEEN

LAYOUT = TopicLayout(article_partitions=64, seen_days=40)


class Count(Contract):
    n: int


@consumer(topic="articles.enriched", group="mine", output="mine.out", state=Count)
async def mine(value: bytes) -> list[Event]:
    return [Event(value=value), *(Event(value=value, topic=TOPICS[name]) for name in ("articles.parsed", "feeds"))]


def processor_of(one: Consumer, layout: TopicLayout) -> Processor:
    job = worker_for(layout.of_consumer(one), KafkaSettings(), RuntimeSettings(), client_id="c").job
    assert isinstance(job, BatchLoop)
    return job.processor


@pytest.mark.parametrize(("layout", "expected"), [(LAYOUT, 64), (TopicLayout(), 4)])
def test_a_consumers_own_topics_have_as_many_partitions_as_the_articles(layout: TopicLayout, expected: int) -> None:
    one = processor_of(mine, layout).consumer
    assert [topic.partitions for topic in one.topics()] == [expected] * 3


async def test_a_result_stays_in_its_partition_within_a_family_and_goes_by_its_key_elsewhere() -> None:
    record = Record("articles.enriched", 40, 0, int(datetime.now(UTC).timestamp()), b"key", b"{}")
    effects = await processor_of(mine, LAYOUT).process(record)
    assert [(output.topic, output.partition) for output in effects.outputs] == [
        ("dateline.mine.out", 40),
        ("dateline.articles.parsed", 40),
        ("dateline.feeds", None),
    ]


def test_the_lifetime_of_a_state_is_the_retention_of_its_changelog() -> None:
    @consumer(topic="articles.parsed", group="enrich", state=SEEN)
    async def enrich(value: bytes) -> None: ...

    changelog = worker_for(LAYOUT.of_consumer(enrich), KafkaSettings(), RuntimeSettings(), client_id="c").plan.changelog
    assert changelog is not None
    assert changelog.lifetime == timedelta(days=40)
