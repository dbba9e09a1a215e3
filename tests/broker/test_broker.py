from __future__ import annotations

import os
import signal
import socket
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from dateline_broker import (
    BrokerConfigError,
    BrokerNotRunningError,
    BrokerSettings,
    CorruptDataError,
    DataDirInUseError,
    DataDirUnusableError,
    DiskFullError,
    PortInUseError,
    start_broker,
)
from dateline_broker.node.configuration import MAX_MESSAGE_BYTES
from dateline_broker.ports import HOST, free_ports

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dateline_broker import RunningBroker

pytestmark = pytest.mark.kafka

LARGE = b"x" * (9 * 1024 * 1024)


async def publish(servers: str, value: bytes) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        await admin.create_topics([NewTopic("kept", 1, 1)])
    finally:
        await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=servers, transactional_id="test", max_request_size=MAX_MESSAGE_BYTES)
    await producer.start()
    try:
        async with producer.transaction():
            await producer.send_and_wait("kept", value)
    finally:
        await producer.stop()


async def first_value(servers: str, **security: str) -> bytes | None:
    consumer = AIOKafkaConsumer(
        "kept",
        bootstrap_servers=servers,
        group_id="test",
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        enable_auto_commit=False,
        session_timeout_ms=1000,
        heartbeat_interval_ms=200,
        **security,
    )
    await consumer.start()
    try:
        return (await consumer.getone()).value
    finally:
        await consumer.stop()


async def test_broker_keeps_large_transactional_records_over_kill_and_restart(
    own_kafka_broker: Callable[..., RunningBroker],
) -> None:
    broker = own_kafka_broker(
        listeners={"SECURED": "SASL_PLAINTEXT"},
        properties={
            "sasl.enabled.mechanisms": "PLAIN",
            "listener.name.secured.plain.sasl.jaas.config": (
                "org.apache.kafka.common.security.plain.PlainLoginModule required "
                'username="reader" password="se\\\\crét" user_reader="se\\\\crét";'
            ),
        },
    )
    await publish(broker.bootstrap_servers, LARGE)
    servers, secured, pid, cluster = broker.bootstrap_servers, broker.listeners, broker.pid, broker.cluster_id
    with pytest.raises(DataDirInUseError, match="still runs"):
        broker.restart()
    with pytest.raises(DataDirInUseError, match=rf"pid {pid}, {servers}.* already uses"):
        start_broker(BrokerSettings(data_dir=broker.data_dir))

    broker.kill()
    assert not broker.is_running
    with pytest.raises(BrokerNotRunningError), broker:
        raise AssertionError("unreachable")
    broker.restart()

    assert (broker.bootstrap_servers, broker.listeners, broker.cluster_id) == (servers, secured, cluster)
    assert broker.pid != pid
    with broker:
        assert await first_value(servers) == LARGE
        security = {
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": "PLAIN",
            "sasl_plain_username": "reader",
            "sasl_plain_password": "se\\crét",
        }
        assert await first_value(secured["SECURED"], **security) == LARGE
    assert not broker.is_running
    assert broker.kafka_version.startswith("4.2.")
    assert "Kafka Server started" in broker.log_path.read_text()


def test_broker_that_does_not_stop_in_time_is_killed(own_kafka_broker: Callable[..., RunningBroker]) -> None:
    broker = own_kafka_broker()
    os.kill(broker.pid, signal.SIGSTOP)
    assert not broker.stop(timeout_seconds=0.2)
    assert not broker.is_running


def test_path_may_contain_blanks_and_non_ascii_letters(
    own_kafka_broker: Callable[..., RunningBroker], tmp_path: Path
) -> None:
    broker = own_kafka_broker(data_dir=tmp_path / "données de 日本 \\ 😀")
    assert (broker.data_dir / "data" / "meta.properties").is_file()
    assert broker.stop()


def test_foreign_process_on_the_port_is_named(tmp_path: Path) -> None:
    port = free_ports(1)[0]
    with socket.create_server((HOST, port)), pytest.raises(PortInUseError, match=rf"port {port} .*pid") as info:
        start_broker(BrokerSettings(data_dir=tmp_path, port=port))
    assert info.value.port == port


def test_full_disk_is_found_before_the_start(tmp_path: Path) -> None:
    with pytest.raises(DiskFullError, match=r"MB are free, 1000000000 MB are needed; free some space"):
        start_broker(BrokerSettings(data_dir=tmp_path, min_free_mb=10**9))


def test_folder_that_cannot_be_created_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataDirUnusableError, match=r"cannot use the data folder .*file/data"):
        start_broker(BrokerSettings(data_dir=tmp_path / "file" / "data"))


def test_comma_in_the_path_is_refused_since_kafka_reads_a_list(tmp_path: Path) -> None:
    with pytest.raises(DataDirUnusableError, match="comma"):
        start_broker(BrokerSettings(data_dir=tmp_path / "a,b"))


def test_data_without_meta_properties_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "data" / "topic-0").mkdir(parents=True)
    with pytest.raises(CorruptDataError, match=r"meta\.properties is missing.*delete it to start"):
        start_broker(BrokerSettings(data_dir=tmp_path))


def test_corrupt_data_is_recognised_in_the_log(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    meta = "version=1\nnode.id=7\ncluster.id=MkU3OEVBNTcwNTJENDM2Qk\ndirectory.id=NIIjhfumLoRfxpeWpCp9ew\n"
    (tmp_path / "data" / "meta.properties").write_text(meta)
    with pytest.raises(CorruptDataError, match=r"Stored node id 7 .*; restore the folder"):
        start_broker(BrokerSettings(data_dir=tmp_path))


def test_data_that_names_no_cluster_is_corrupt(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "meta.properties").touch()
    with pytest.raises(CorruptDataError, match="names no cluster"):
        start_broker(BrokerSettings(data_dir=tmp_path))


def test_property_that_kafka_rejects_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrokerConfigError, match=r"Invalid value many for configuration num\.io\.threads"):
        start_broker(BrokerSettings(data_dir=tmp_path, properties={"num.io.threads": "many"}))
    assert (tmp_path / "server.properties").stat().st_mode & 0o077 == 0
