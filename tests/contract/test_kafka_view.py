"""What every `KafkaView` must do: the fake of the unit tests and the real Kafka go through the same tests."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import KafkaError
from dateline.errors import TransientError
from dateline.kafka.offsets import Committed, OffsetReader
from dateline.kafka.records import Record
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.settings import KafkaSettings
from dateline_broker import Broker
from dateline_schemas import TOPICS, Topic
from dateline_schemas.topics import ARTICLES_PARSED, SEEN
from dateline_status.kafka.cluster import KafkaCluster
from dateline_status.kafka.view import KafkaView, Span
from support.status_fakes import FakeKafka

ANSWER_SECONDS = 5.0
UNANSWERED = (TransientError, KafkaError, OSError)


class Transaction(Protocol):
    """Writes a record that becomes visible when the transaction is committed."""

    async def __call__(self, partition: TopicPartition, key: bytes, value: bytes | None) -> None: ...


class World(Protocol):
    """A Kafka that a test changes, and the view of it."""

    prefix: str

    async def connect(self) -> KafkaView: ...

    async def connect_to_nothing(self) -> KafkaView: ...

    async def create(self, *topics: Topic) -> None: ...

    def transaction(self) -> AbstractAsyncContextManager[Transaction]: ...

    async def commit(self, group: str, offsets: Mapping[TopicPartition, int]) -> None: ...

    async def delete_before(self, partition: TopicPartition, offset: int) -> None: ...

    def member(self, group: str, client_id: str, topic: str) -> AbstractAsyncContextManager[None]: ...


class Fake:
    """The fake, changed as the real Kafka is."""

    def __init__(self) -> None:
        self.kafka = FakeKafka(missing=set(TOPICS))
        self.prefix = KafkaSettings().topic_prefix

    async def connect(self) -> KafkaView:
        return await self.kafka.connect()

    async def connect_to_nothing(self) -> KafkaView:
        return await FakeKafka(down="no broker answers").connect()

    async def create(self, *topics: Topic) -> None:
        for topic in topics:
            self.kafka.missing.discard(topic.name)
            wanted, found = TOPICS[topic.name].config(), topic.config()
            self.kafka.differences[topic.name] = tuple(
                (setting, wanted[setting], found[setting]) for setting in wanted if wanted[setting] != found[setting]
            )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        sent: list[tuple[TopicPartition, bytes, bytes | None]] = []

        async def send(partition: TopicPartition, key: bytes, value: bytes | None) -> None:
            sent.append((partition, key, value))

        try:
            yield send
        except BaseException:
            for partition, _, _ in sent:
                self.kafka.mark(partition.topic, partition.partition)
            raise
        else:
            for partition, key, value in sent:
                self.kafka.write(partition.topic, key, value, (("h", b"1"),), partition.partition)
        finally:
            for partition in {partition for partition, _, _ in sent}:
                self.kafka.mark(partition.topic, partition.partition)

    async def commit(self, group: str, offsets: Mapping[TopicPartition, int]) -> None:
        self.kafka.offsets |= {(group, partition): offset for partition, offset in offsets.items()}

    async def delete_before(self, partition: TopicPartition, offset: int) -> None:
        self.kafka.deleted[partition] = offset

    @asynccontextmanager
    async def member(self, group: str, client_id: str, topic: str) -> AsyncIterator[None]:
        count = TOPICS[topic.removeprefix(self.prefix)].partitions
        self.kafka.joined[group] = {client_id: frozenset(TopicPartition(topic, number) for number in range(count))}
        yield


class Real:
    """A real Kafka, seen through `KafkaCluster`."""

    def __init__(self, bootstrap_servers: str) -> None:
        self.prefix = f"v{uuid.uuid4().hex[:8]}."
        self.kafka = KafkaSettings(bootstrap_servers=bootstrap_servers, topic_prefix=self.prefix)

    async def connect(self) -> KafkaView:
        return await KafkaCluster.connect(self.kafka, TopicLayout(), ANSWER_SECONDS)

    async def connect_to_nothing(self) -> KafkaView:
        nowhere = self.kafka.model_copy(update={"bootstrap_servers": "127.0.0.1:9"})
        return await KafkaCluster.connect(nowhere, TopicLayout(), ANSWER_SECONDS)

    async def create(self, *topics: Topic) -> None:
        await ensure_topics(self.kafka, topics)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        written: set[TopicPartition] = set()
        producer = AIOKafkaProducer(
            bootstrap_servers=self.kafka.bootstrap_servers, transactional_id=uuid.uuid4().hex, acks="all"
        )

        async def send(partition: TopicPartition, key: bytes, value: bytes | None) -> None:
            written.add(partition)
            await producer.send_and_wait(
                partition.topic, value, key=key, partition=partition.partition, headers=[("h", b"1")]
            )

        await producer.start()
        try:
            async with producer.transaction():
                yield send
        finally:
            await producer.stop()
            await self._markers(written)

    async def _markers(self, partitions: Collection[TopicPartition]) -> None:
        """Wait until the coordinator has written the markers, which it does after it has answered."""
        reader = await OffsetReader.connect(self.kafka, "markers")
        try:
            async with asyncio.timeout(10):
                while await reader.ends(partitions) != await reader.high_watermarks(partitions):
                    continue
        finally:
            await reader.close()

    async def commit(self, group: str, offsets: Mapping[TopicPartition, int]) -> None:
        # Not in a transaction: the coordinator shows its offsets some time after it has answered.
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.kafka.bootstrap_servers, group_id=group, enable_auto_commit=False
        )
        await consumer.start()
        try:
            consumer.assign(list(offsets))
            await consumer.commit(dict(offsets))
        finally:
            await consumer.stop()

    async def delete_before(self, partition: TopicPartition, offset: int) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka.bootstrap_servers)
        await admin.start()
        try:
            await admin.delete_records({partition: RecordsToDelete(before_offset=offset)})
        finally:
            await admin.close()

    @asynccontextmanager
    async def member(self, group: str, client_id: str, topic: str) -> AsyncIterator[None]:
        consumer = AIOKafkaConsumer(
            topic, bootstrap_servers=self.kafka.bootstrap_servers, group_id=group, client_id=client_id
        )
        await consumer.start()
        try:
            yield
        finally:
            await consumer.stop()


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.kafka)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "fake":
        yield Fake()
        return
    broker: Broker = request.getfixturevalue("kafka_broker")
    yield Real(broker.bootstrap_servers)


@pytest.fixture
async def view(world: World) -> AsyncIterator[KafkaView]:
    connected = await world.connect()
    yield connected
    await connected.close()


@pytest.fixture
async def parsed(world: World) -> TopicPartition:
    """The first partition of the parsed articles, which exists and is empty."""
    await world.create(ARTICLES_PARSED)
    return TopicPartition(ARTICLES_PARSED.named(world.prefix), 0)


async def write(world: World, partition: TopicPartition, *values: bytes | None) -> None:
    """Write records in one transaction, whose marker takes the offset after them."""
    async with world.transaction() as send:
        for value in values:
            await send(partition, b"k", value)


async def abort(world: World, partition: TopicPartition, *values: bytes) -> None:
    """Write records in a transaction that is aborted; they and its marker take offsets."""
    with suppress(ZeroDivisionError):
        async with world.transaction() as send:
            for value in values:
                await send(partition, b"k", value)
            raise ZeroDivisionError


async def followed(view: KafkaView, spans: Mapping[TopicPartition, Span]) -> list[Record]:
    return [record async for records in view.follow(spans) for record in records]


async def test_topics_are_reported_before_and_after_they_are_created(world: World, view: KafkaView) -> None:
    before = await view.topics()
    assert [(report.topic.name, report.name) for report in before] == [
        (topic.name, topic.named(world.prefix)) for topic in TOPICS.values()
    ]
    assert {(report.exists, report.partitions) for report in before} == {(False, 0)}
    await world.create(*TOPICS.values())
    after = await view.topics()
    assert {report.topic.name: report.partitions for report in after} == {
        topic.name: topic.partitions for topic in TOPICS.values()
    }
    assert {(report.exists, report.differences) for report in after} == {(True, ())}


async def test_a_setting_that_differs_is_reported_as_wanted_and_found(world: World, view: KafkaView) -> None:
    await world.create(replace(SEEN, retention=timedelta(days=1)))
    (seen,) = [report for report in await view.topics() if report.topic.name == "seen"]
    assert ("retention.ms", SEEN.config()["retention.ms"], "86400000") in seen.differences
    assert seen.fatal == []


async def test_existing_topics_are_named_even_while_they_are_empty(
    view: KafkaView, parsed: TopicPartition, world: World
) -> None:
    existing = await view.existing()
    assert parsed.topic in existing
    assert SEEN.named(world.prefix) not in existing


async def test_an_empty_partition_begins_and_ends_at_0(view: KafkaView, parsed: TopicPartition) -> None:
    assert (await view.beginnings([parsed]), await view.ends([parsed])) == ({parsed: 0}, {parsed: 0})


async def test_the_end_counts_markers_and_aborted_records(
    world: World, view: KafkaView, parsed: TopicPartition
) -> None:
    await write(world, parsed, b"1", b"2")
    await abort(world, parsed, b"3")
    assert await view.ends([parsed]) == {parsed: 5}


async def test_the_end_stays_before_an_open_transaction(world: World, view: KafkaView, parsed: TopicPartition) -> None:
    await write(world, parsed, b"1")
    async with world.transaction() as send:
        await send(parsed, b"k", b"2")
        assert await view.ends([parsed]) == {parsed: 2}
    assert await view.ends([parsed]) == {parsed: 4}


async def test_a_partition_begins_where_retention_ended(world: World, view: KafkaView, parsed: TopicPartition) -> None:
    await write(world, parsed, b"1", b"2", b"3")
    await world.delete_before(parsed, 2)
    assert (await view.beginnings([parsed]), await view.ends([parsed])) == ({parsed: 2}, {parsed: 4})


async def test_offsets_of_a_topic_that_does_not_exist_are_an_error(world: World, view: KafkaView) -> None:
    with pytest.raises(UNANSWERED):
        await view.ends([TopicPartition(f"{world.prefix}nowhere", 0)])


async def test_nothing_is_asked_about_no_partition(view: KafkaView) -> None:
    assert (await view.beginnings([]), await view.ends([]), await view.committed("nobody", [])) == ({}, {}, {})
    assert (await view.record_offsets({}), await view.records({}), await followed(view, {})) == ({}, [], [])


async def test_a_group_has_the_offset_that_it_committed_last(
    world: World, view: KafkaView, parsed: TopicPartition
) -> None:
    group, other = f"{world.prefix}readers", TopicPartition(parsed.topic, 1)
    assert await view.committed(group, [parsed]) == {parsed: None}
    await world.commit(group, {parsed: 3})
    await world.commit(group, {parsed: 7})
    assert await view.committed(group, [parsed, other]) == {parsed: Committed(7), other: None}


async def test_a_group_without_members_has_none(world: World, view: KafkaView, parsed: TopicPartition) -> None:
    assert await view.members(f"{world.prefix}nobody") == {}
    await world.commit(f"{world.prefix}gone", {parsed: 0})
    assert await view.members(f"{world.prefix}gone") == {}


async def test_members_are_named_by_client_id_with_their_partitions(
    world: World, view: KafkaView, parsed: TopicPartition
) -> None:
    group = f"{world.prefix}readers"
    async with world.member(group, "reader-1", parsed.topic):
        assert await view.members(group) == {
            "reader-1": frozenset(TopicPartition(parsed.topic, number) for number in range(ARTICLES_PARSED.partitions))
        }


async def test_only_committed_records_are_counted(world: World, view: KafkaView, parsed: TopicPartition) -> None:
    await write(world, parsed, b"0", b"1")
    await abort(world, parsed, b"3")
    await write(world, parsed, b"5")
    assert await view.record_offsets({parsed: (0, 7)}) == {parsed: [0, 1, 5]}
    assert await view.record_offsets({parsed: (1, 5)}) == {parsed: [1]}
    assert await view.record_offsets({parsed: (2, 5)}) == {parsed: []}


async def test_records_are_read_with_all_their_parts(world: World, view: KafkaView, parsed: TopicPartition) -> None:
    await write(world, parsed, b"value", None)
    first, second = await view.records({parsed: (0, 2)})
    assert (first.topic, first.partition, first.offset) == (*parsed, 0)
    assert (first.key, first.value, first.headers) == (b"k", b"value", (("h", b"1"),))
    assert first.timestamp > 0
    assert (second.offset, second.value) == (1, None)


async def test_records_of_several_partitions_are_in_order_within_each(
    world: World, view: KafkaView, parsed: TopicPartition
) -> None:
    other = TopicPartition(parsed.topic, 1)
    await write(world, parsed, b"0", b"1", b"2")
    await write(world, other, b"0", b"1")
    spans = {parsed: (1, 3), other: (0, 1)}
    for _ in range(2):
        records = await view.records(spans)
        assert [record.value for record in records if record.partition == 0] == [b"1", b"2"]
        assert [record.value for record in records if record.partition == 1] == [b"0"]


async def test_an_empty_span_of_an_empty_partition_holds_nothing(view: KafkaView, parsed: TopicPartition) -> None:
    assert await view.records({parsed: (0, 0)}) == []
    assert await view.record_offsets({parsed: (0, 0)}) == {parsed: []}
    assert await followed(view, {parsed: (0, 0)}) == []


async def test_offsets_that_retention_deleted_cannot_be_read(
    world: World, view: KafkaView, parsed: TopicPartition
) -> None:
    await write(world, parsed, b"0", b"1", b"2")
    await world.delete_before(parsed, 2)
    with pytest.raises(UNANSWERED):
        await view.records({parsed: (0, 3)})
    with pytest.raises(UNANSWERED):
        await view.record_offsets({parsed: (1, 3)})
    assert [record.value for record in await view.records({parsed: (2, 3)})] == [b"2"]


async def test_following_yields_each_record_once(world: World, view: KafkaView, parsed: TopicPartition) -> None:
    other = TopicPartition(parsed.topic, 1)
    records: list[Record] = []
    ends = {parsed: 0, other: 0}
    for number in range(3):
        await write(world, parsed, b"%d" % number)
        await abort(world, other, b"never")
        await write(world, other, b"%d" % number)
        begins, ends = ends, await view.ends([parsed, other])
        records += await followed(view, {partition: (begins[partition], ends[partition]) for partition in ends})
        for partition in (0, 1):
            values = [record.value for record in records if record.partition == partition]
            assert values == [b"%d" % each for each in range(number + 1)]


async def test_following_can_take_up_another_partition(world: World, view: KafkaView, parsed: TopicPartition) -> None:
    other = TopicPartition(parsed.topic, 1)
    await write(world, parsed, b"0")
    await write(world, other, b"0")
    first = await followed(view, {parsed: (0, 2)})
    second = await followed(view, {parsed: (2, 2), other: (0, 2)})
    assert [(record.partition, record.offset) for record in first + second] == [(0, 0), (1, 0)]


async def test_no_connection_is_made_where_nobody_answers(world: World) -> None:
    with pytest.raises(UNANSWERED):
        await world.connect_to_nothing()


async def test_a_view_can_be_closed_after_any_use(world: World, parsed: TopicPartition) -> None:
    await write(world, parsed, b"0")
    unused, used = await world.connect(), await world.connect()
    assert len(await followed(used, {parsed: (0, 2)})) == 1
    await unused.close()
    await used.close()
