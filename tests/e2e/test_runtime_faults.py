"""Broker outages, records that fail, lost offsets: how the runtime behaves on a real broker."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from dateline.errors import DeadLetterLimitError, OffsetsLostError, RecordsDeletedError, TopicMismatchError
from dateline.kafka.connection import client_options
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.reader import PartitionReader, read_to_end
from dateline.kafka.records import Output
from dateline.kafka.writer import TransactionalWriter
from dateline.service.process import EXIT_STAGE
from dateline_broker import RunningBroker
from support.relay_lab import Lab, a_lab, eventually, verify

pytestmark = pytest.mark.kafka


async def test_a_killed_and_restarted_broker_loses_nothing(
    own_kafka_broker: Callable[..., RunningBroker], tmp_path: Path
) -> None:
    broker = await asyncio.to_thread(own_kafka_broker)
    with a_lab(broker.bootstrap_servers, "outage", tmp_path) as lab:
        await lab.create_topics()
        await lab.publish(1200, keys=30)
        workers = [lab.process({"RUNTIME__BATCH_SECONDS": "0.2"}, delay_seconds=0.004) for _ in range(2)]
        for seen in (150, 500):
            await lab.wait_relayed(seen)
            await asyncio.to_thread(broker.kill)
            await asyncio.to_thread(broker.restart)
        began = time.monotonic()
        await lab.verify()
        await lab.publish(50, keys=30)
        await lab.verify()
        assert time.monotonic() - began < 30
        for each in workers:
            each.send(signal.SIGTERM)
            assert await each.ended() == 0


async def test_a_worker_survives_a_frozen_broker(
    own_kafka_broker: Callable[..., RunningBroker], tmp_path: Path
) -> None:
    """A frozen broker neither refuses nor answers: only deadlines help."""
    broker = await asyncio.to_thread(own_kafka_broker)
    with a_lab(broker.bootstrap_servers, "frozen", tmp_path) as lab:
        await lab.create_topics()
        await lab.publish(600, keys=30)
        async with lab.working("one", delay_seconds=0.002, batch_seconds=0.1):
            await lab.wait_relayed(100)
            signal_to(broker, signal.SIGSTOP)
            await asyncio.sleep(4)
            signal_to(broker, signal.SIGCONT)
            await lab.verify()


async def test_sigterm_stops_a_worker_while_the_broker_is_down(
    own_kafka_broker: Callable[..., RunningBroker], tmp_path: Path
) -> None:
    broker = await asyncio.to_thread(own_kafka_broker)
    with a_lab(broker.bootstrap_servers, "away", tmp_path) as lab:
        await lab.create_topics()
        await lab.publish(100)
        worker = lab.process()
        await lab.wait_relayed()
        await asyncio.to_thread(broker.kill)
        began = time.monotonic()
        worker.send(signal.SIGTERM)
        assert await worker.ended() == 0
        assert time.monotonic() - began < 10


async def test_a_failing_record_becomes_a_dead_letter_and_the_others_are_processed(lab: Lab) -> None:
    await lab.publish(20, keys=4)
    await lab.publish_raw(
        [
            (b"key-0", b"{no json", ()),
            (b"key-0", None, ()),
            (None, b"{}", ()),
            (b"key-0", b'{"id":"x"}', ()),
            (b"key-0", b"{}", [("ce_type", b"test.items.v9")]),
            (b"key-0", b"{}", [("content-type", b"image/png"), ("ce_type", b"\xff\xfe")]),
        ]
    )
    before = len(lab.items)
    failing = await lab.publish(4, keys=4, order="fail")
    huge = await lab.publish(4, keys=4, order="oversize")
    del lab.items[before:]
    lab.numbers.subtract(Counter({f"key-{n}": 2 for n in range(4)}))
    await lab.publish(20, keys=4)

    async with lab.working("one", dead_letter_share=1.0):
        await lab.verify()
        await eventually("every dead letter", lambda: letters_are(lab, 14))

    letters = await lab.letters()
    values = [value for _, value in letters]
    assert {each.to_bytes() for each in [*failing, *huge]} < set(values)
    assert b"{no json" in values
    assert None in values
    types = Counter(about.error_type for about, _ in letters)
    assert types["ValueError"] == 4
    assert all(about.group == lab.group and about.attempts == 1 for about, _ in letters)


async def test_a_record_with_a_transient_error_is_retried_in_order(lab: Lab) -> None:
    await lab.publish(20, keys=4)
    await lab.publish(4, keys=4, order="fail once")
    await lab.publish(20, keys=4)
    async with lab.working("one"):
        await lab.verify()
    assert await lab.letters() == []


async def test_too_many_dead_letters_stop_the_stage_and_restarts_do_not_drain_the_topic(lab: Lab) -> None:
    """With batches of four, the third holds the tenth dead letter and is never committed, however often it runs."""
    await lab.publish(200, order="refuse", partition=1)
    for _ in range(3):
        worker = lab.worker("one", dead_letter_minimum=10, batch_records=4)
        with pytest.raises(DeadLetterLimitError, match="12 of the last 12 records became dead letters"):
            await worker.running
        assert len(await lab.letters()) == 8
        assert (await lab.committed())[1] == 8


async def test_unread_records_deleted_by_retention_stop_the_stage_with_their_range(lab: Lab) -> None:
    await lab.publish(40, keys=1, partition=2)
    async with lab.working("one"):
        await lab.verify()
    await lab.publish(40, keys=1, partition=2)
    place = (await lab.committed())[2]
    assert place is not None
    await lab.delete_records({2: place + 25})

    worker = lab.worker("two")
    with pytest.raises(RecordsDeletedError, match=rf"items\[2\]: retention deleted records {place} to {place + 24} "):
        await worker.running


async def test_a_reader_at_a_deleted_offset_does_not_skip(lab: Lab) -> None:
    """A reset policy would silently skip to the first remaining record, or to the end."""
    await lab.publish(40, keys=1, partition=3)
    await lab.delete_records({3: 30})
    offsets = await OffsetReader.connect(lab.kafka, "test")
    reader = await PartitionReader.open(lab.kafka, lab.partitions()[3], 10, client_id="test", offsets=offsets)
    with pytest.raises(RecordsDeletedError, match=r"deleted records 10 to 29 "):
        await reader.take(most=10, seconds=10)
    await reader.close()
    await offsets.close()


async def test_records_committed_after_an_open_transaction_of_another_producer_are_read(lab: Lab) -> None:
    """A reader that stopped at the last stable offset would miss a group's entry and restart the group."""
    groups = TopicPartition(f"{lab.prefix}groups", 0)
    other = AIOKafkaProducer(**client_options(lab.kafka, "other"), transactional_id=f"{lab.prefix}other")
    await other.start()
    await other.begin_transaction()
    await other.send_and_wait(groups.topic, b"{}", key=b"open", partition=0)
    writer = await TransactionalWriter.open(lab.kafka, f"{lab.prefix}mine", "mine")
    await writer.commit([Output(topic=groups.topic, key=b"mark", value=b"{}", partition=0)], lab.group, {})
    await writer.close()

    offsets = await OffsetReader.connect(lab.kafka, "test")
    found: list[bytes | None] = []

    async def read() -> None:
        async for records in read_to_end(lab.kafka, groups, client_id="test", offsets=offsets):
            found.extend(record.key for record in records)

    reading = asyncio.ensure_future(read())
    await asyncio.wait({reading}, timeout=0.5)
    await other.abort_transaction()
    await reading
    await other.stop()
    await offsets.close()
    assert found == [b"mark"]


async def test_a_group_that_lost_its_offsets_stops_instead_of_restarting(lab: Lab) -> None:
    await lab.publish(40)
    async with lab.working("one"):
        await lab.verify()
    await lab.delete_group()

    worker = lab.worker("two")
    with pytest.raises(OffsetsLostError, match=r"had offsets on .*items.* and they are gone"):
        await worker.running
    verify(await lab.relayed(), lab.items)


async def test_a_topic_with_other_settings_is_an_error_with_both_values(lab: Lab) -> None:
    other = Lab(lab.servers, f"{lab.prefix}other.", lab.folder)
    admin = AIOKafkaAdminClient(**client_options(lab.kafka, "test-admin"))
    await admin.start()
    await admin.create_topics(
        [NewTopic(f"{other.prefix}items", 3, 1), NewTopic(f"{other.prefix}tally", 4, 1, topic_configs={})]
    )
    await admin.close()

    with pytest.raises(TopicMismatchError) as caught:
        await other.create_topics()

    assert f"{other.prefix}items exists with partitions 3, and Dateline needs 4" in str(caught.value)
    assert f"{other.prefix}tally exists with cleanup.policy delete, and Dateline needs compact" in str(caught.value)


async def test_processor_bound_work_does_not_stop_the_group_heartbeats(lab: Lab) -> None:
    """Six seconds of work in a plain `def` with a session time-out of two: the member stays, without a rebalance."""
    busy = lab.with_session(2.0)
    await busy.publish(1, keys=1, order="work 6")
    worker = busy.process()
    await busy.wait_relayed()
    assert worker.log.read_bytes().count(b"partitions assigned") == 1
    worker.send(signal.SIGTERM)
    assert await worker.ended() == 0


async def test_a_record_that_takes_too_long_ends_the_process(lab: Lab) -> None:
    """The thread cannot be stopped, so the process exits to be restarted."""
    await lab.publish(1, order="work 60")
    worker = lab.process({"RUNTIME__WORK_TIMEOUT_SECONDS": "2"})
    await worker.works_on(1)
    began = time.monotonic()
    assert await worker.ended() == EXIT_STAGE
    assert time.monotonic() - began < 12
    assert b"has taken more than 2 s" in worker.log.read_bytes()


async def test_a_static_member_keeps_its_membership_after_a_restart(lab: Lab) -> None:
    """The broker still reports the first process's client id, which must not count as a lost membership."""
    named = {"KAFKA__INSTANCE_ID": f"{lab.prefix}a"}
    quick = lab.with_session(2.0)
    await quick.publish(20)
    first = quick.process(named)
    await quick.wait_relayed()
    first.send(signal.SIGTERM)
    assert await first.ended() == 0

    second = quick.process(named)
    await quick.publish(20)
    await quick.wait_relayed()
    reader = await OffsetReader.connect(quick.kafka, "test")
    for _ in range(6):
        await asyncio.sleep(1)
        assert list(await reader.members(quick.group)) == [f"{lab.prefix}a"]
    await reader.close()
    await quick.publish(20)
    await quick.verify()
    assert b"joining the group again" not in second.log.read_bytes()


async def letters_are(lab: Lab, count: int) -> bool:
    return len(await lab.letters()) >= count


def signal_to(broker: RunningBroker, number: signal.Signals) -> None:
    os.kill(broker.pid, number)
