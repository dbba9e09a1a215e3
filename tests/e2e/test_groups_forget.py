"""A consumer that was tried once can be retired, and nothing of it is left but what it wrote."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from dateline import Consumer, Context, consumer
from dateline.errors import DatelineError
from dateline.kafka import retirement
from dateline.kafka.groups import group_markers
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.retirement import plan_retirement, retire
from dateline.kafka.topics import ensure_topics
from dateline.kafka.writer import TransactionalWriter
from dateline.pipeline.events import article_output
from dateline.service.workers import worker_for
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_broker import Broker
from dateline_schemas import Contract
from dateline_schemas.topics import DEAD_LETTERS, GROUPS
from support.articles import an_article
from support.published import published, until

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(120)]


class Tally(Contract):
    """How many articles there were."""

    articles: int


def tally() -> Consumer:
    @consumer(topic="articles.parsed", group="tally", output="tallies", state=Tally)
    async def count(value: bytes, context: Context) -> Tally:
        assert context.state is not None
        before = context.state.get(b"all")
        total = Tally(articles=before.articles + 1 if before else 1)
        context.state.put(b"all", total)
        return total

    return count


@pytest.fixture
async def kafka(kafka_broker: Broker) -> KafkaSettings:
    settings = KafkaSettings(bootstrap_servers=kafka_broker.bootstrap_servers, topic_prefix=f"f{secrets.token_hex(4)}.")
    await ensure_topics(settings, [GROUPS, DEAD_LETTERS, *tally().topics()])
    return settings


@pytest.fixture
async def offsets(kafka: KafkaSettings) -> AsyncIterator[OffsetReader]:
    reader = await OffsetReader.connect(kafka, "test")
    yield reader
    await reader.close()


@asynccontextmanager
async def counting(kafka: KafkaSettings) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.ensure_future(worker_for(tally(), kafka, RuntimeSettings(), client_id="tally").run(stop))
    yield
    stop.set()
    await running


async def test_forgotten_group_leaves_nothing_but_its_output(kafka: KafkaSettings, offsets: OffsetReader) -> None:
    await send_articles(kafka, 3)
    async with counting(kafka):
        await until(lambda: values(kafka, 3))
        with pytest.raises(DatelineError, match=r"group 'tally' has 1 member: tally; stop it|stop them"):
            await plan_retirement(kafka, offsets, "tally")
    plan = await plan_retirement(kafka, offsets, "tally")
    assert (plan.changelogs, plan.outputs) == (
        [f"{kafka.topic_prefix}tally.tally"],
        [f"{kafka.topic_prefix}tallies"],
    )
    first = plan.markers[0]
    assert (first.role, bool(first.host), bool(first.program)) == ("consumer", True, True)

    await retire(kafka, offsets, plan)

    assert "tally" not in await group_markers(kafka, offsets)
    assert set((await offsets.committed("tally", plan.partitions)).values()) == {None}
    with pytest.raises(DatelineError, match="no group 'tally' was ever started"):
        await plan_retirement(kafka, offsets, "tally")
    assert len(await values(kafka, 3)) == 3

    # Under the same name it is a new group: from the beginning, with an empty state.
    await until(lambda: gone(offsets, f"{kafka.topic_prefix}tally.tally"))
    await ensure_topics(kafka, tally().topics())
    async with counting(kafka):
        assert [each.articles for each in await until(lambda: values(kafka, 6))][3:] == [1, 2, 3]


async def test_forgetting_that_was_broken_off_is_repeated(
    kafka: KafkaSettings, offsets: OffsetReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send_articles(kafka, 1)
    async with counting(kafka):
        await until(lambda: values(kafka, 1))
    plan = await plan_retirement(kafka, offsets, "tally")

    async def cut_off(*_: object) -> None:
        raise ConnectionError("cut off")

    with monkeypatch.context() as patched:
        patched.setattr(retirement, "_delete_topics", cut_off)
        with pytest.raises(ConnectionError):
            await retire(kafka, offsets, plan)
    assert "tally" in await group_markers(kafka, offsets)

    await retire(kafka, offsets, await plan_retirement(kafka, offsets, "tally"))

    assert "tally" not in await group_markers(kafka, offsets)


async def test_groups_of_the_pipeline_are_not_forgotten(kafka: KafkaSettings, offsets: OffsetReader) -> None:
    stop = asyncio.Event()
    own = worker_for(tally().under("archive"), kafka, RuntimeSettings(), client_id="archive", role="pipeline")
    await ensure_topics(kafka, tally().under("archive").topics())
    running = asyncio.ensure_future(own.run(stop))
    await until(lambda: started(kafka, offsets, "archive"))
    stop.set()
    await running

    with pytest.raises(DatelineError, match=r"the pipeline started 'archive', .* give --own"):
        await plan_retirement(kafka, offsets, "archive")
    assert (await plan_retirement(kafka, offsets, "archive", own=True)).group == "archive"
    with pytest.raises(DatelineError, match=r"no group 'nobody' was ever started; known groups: archive"):
        await plan_retirement(kafka, offsets, "nobody")
    # A target may know the group from another Kafka.
    await retire(kafka, offsets, await plan_retirement(kafka, offsets, "nobody", elsewhere=True))


async def send_articles(kafka: KafkaSettings, count: int) -> None:
    writer = await TransactionalWriter.open(kafka, f"{kafka.topic_prefix}articles", "test")
    outputs = [
        article_output(an_article(url="https://news.example/one"), kafka.topic_prefix, source="/test")
        for _ in range(count)
    ]
    await writer.commit(outputs, "", {})
    await writer.close()


async def values(kafka: KafkaSettings, count: int) -> list[Tally]:
    found = [Tally.from_bytes(each.value or b"") for each in await published(kafka, "tallies")]
    return found if len(found) >= count else []


async def gone(offsets: OffsetReader, topic: str) -> bool:
    return not await offsets.partitions(topic)


async def started(kafka: KafkaSettings, offsets: OffsetReader, group: str) -> bool:
    return group in await group_markers(kafka, offsets)
