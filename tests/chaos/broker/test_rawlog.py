"""The parser of log files returns what was written, sorted by how each transaction ended."""

import secrets

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from chaos.broker.rawlog import read_partition
from dateline_broker import Broker, RunningBroker

pytestmark = pytest.mark.kafka


@pytest.mark.parametrize("codec", [None, "gzip", "lz4", "zstd"])
async def test_committed_aborted_and_open_records_are_distinguished(kafka_broker: Broker, codec: str | None) -> None:
    if not isinstance(kafka_broker, RunningBroker):
        pytest.skip("the files of this broker are not on this machine")
    topic, servers = f"raw{secrets.token_hex(4)}", kafka_broker.bootstrap_servers
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 1, 1)])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=servers, transactional_id=topic, compression_type=codec)
    await producer.start()
    try:
        for what in ("committed", "aborted", "open"):
            await producer.begin_transaction()
            for n in range(3):
                await producer.send_and_wait(topic, f"{what} {n}".encode(), key=b"k", headers=[("h", b"1")])
            if what == "committed":
                await producer.commit_transaction()
            elif what == "aborted":
                await producer.abort_transaction()

        found = read_partition(kafka_broker.data_dir / "data" / f"{topic}-0")

        for name, records in (("committed", found.committed), ("aborted", found.aborted), ("open", found.open)):
            assert [record.value for record in records] == [f"{name} {n}".encode() for n in range(3)]
        assert [batch.marker for batch in found.batches if batch.marker] == ["commit", "abort"]
        assert found.committed[0].key == b"k"
        assert dict(found.committed[0].headers) == {"h": b"1"}
        assert [record.offset for record in found.committed] == [0, 1, 2]
        assert [record.offset for record in found.aborted] == [4, 5, 6]
        assert found.end == 11
    finally:
        await producer.abort_transaction()
        await producer.stop()
