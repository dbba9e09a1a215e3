"""An idle group commits the end of its input, after the markers that transactions leave."""

import pytest
from aiokafka import AIOKafkaProducer
from dateline.kafka.connection import producer_options
from dateline.kafka.offsets import OffsetReader
from support.relay import ITEMS
from support.relay_lab import Lab, eventually

pytestmark = pytest.mark.kafka


async def publish_in_a_transaction(lab: Lab) -> None:
    producer = AIOKafkaProducer(**producer_options(lab.kafka, "test"), transactional_id=f"{lab.prefix}test")
    await producer.start()
    try:
        for value in (b"aborted", b"committed"):
            await producer.begin_transaction()
            for partition in lab.partitions():
                await producer.send(lab.prefix + ITEMS.name, value, key=b"k", partition=partition.partition)
            await (producer.abort_transaction() if value == b"aborted" else producer.commit_transaction())
    finally:
        await producer.stop()


async def test_an_idle_group_has_no_lag_and_survives_the_deletion_of_everything_it_read(lab: Lab) -> None:
    await publish_in_a_transaction(lab)
    offsets = await OffsetReader.connect(lab.kafka, "test")
    ends = {partition.partition: end for partition, end in (await offsets.ends(lab.partitions())).items()}
    await offsets.close()
    assert all(end == 4 for end in ends.values()), "two records and two markers in each partition"

    async def at_the_end() -> bool:
        return await lab.committed() == ends

    async with lab.working("one"):
        await eventually("the group has committed the end", at_the_end)
    # As retention does: if the group were one marker short of the end, its next record would seem deleted.
    await lab.delete_records(ends)
    await lab.publish(20)
    async with lab.working("two"):
        await lab.verify()
