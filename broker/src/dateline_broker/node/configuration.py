"""Kafka's configuration for a single small node that starts fast enough for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dateline_broker.ports import HOST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dateline_broker.node.storage import DataDir
    from dateline_broker.settings import BrokerSettings

__all__ = ["MAX_MESSAGE_BYTES", "BrokerPorts", "server_properties"]

MAX_MESSAGE_BYTES = 16 * 1024 * 1024
"""The largest batch of records that the broker accepts."""

FIXED: Mapping[str, str] = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "auto.create.topics.enable": "false",
    # A single node holds one replica.
    "default.replication.factor": "1",
    "min.insync.replicas": "1",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    # The default of 50 partitions each slows down the start of a small broker.
    "offsets.topic.num.partitions": "8",
    "transaction.state.log.num.partitions": "8",
    "share.coordinator.state.topic.num.partitions": "8",
    # Groups form without delay, and tests may use short session time-outs.
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    # Abort the transaction of a killed producer within a second of its time-out; the default is up to 10 s.
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "1000",
    # The controller considers a killed broker alive until its session expires; with the default of 9 s a restart
    # takes 11 s.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "400",
    # Keep offsets for a year, so that a project can pause for months; the default is a week.
    "offsets.retention.minutes": "525600",
    "message.max.bytes": str(MAX_MESSAGE_BYTES),
    "replica.fetch.max.bytes": str(MAX_MESSAGE_BYTES),
    # The default of this buffer alone, 128 MB, would fill a third of the heap.
    "log.cleaner.dedupe.buffer.size": str(16 * 1024 * 1024),
    "num.network.threads": "2",
    "num.io.threads": "4",
    "background.threads": "4",
}
"""Properties that do not depend on the settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerPorts:
    """The ports of one broker.

    Attributes:
        client: port of the plain listener.
        controller: port of the controller, which only the broker itself uses.
        others: listener name to port, for the listeners in the settings.
    """

    client: int
    controller: int
    others: Mapping[str, int] = field(default_factory=dict)


def server_properties(settings: BrokerSettings, ports: BrokerPorts, data: DataDir) -> str:
    """Return the text of `server.properties`."""
    addresses = {"PLAINTEXT": ports.client} | dict(ports.others)
    advertised = [f"{name}://{HOST}:{port}" for name, port in addresses.items()]
    protocols = {"PLAINTEXT": "PLAINTEXT", "CONTROLLER": "PLAINTEXT"} | dict(settings.listeners)
    properties = {
        **FIXED,
        "listeners": ",".join([*advertised, f"CONTROLLER://{HOST}:{ports.controller}"]),
        "advertised.listeners": ",".join(advertised),
        "listener.security.protocol.map": ",".join(f"{name}:{value}" for name, value in protocols.items()),
        "controller.quorum.voters": f"1@{HOST}:{ports.controller}",
        "log.dirs": str(data.kafka_path),
        **settings.properties,
    }
    return "".join(f"{name}={escaped(value)}\n" for name, value in properties.items())


def escaped(value: str) -> str:
    r"""Return a value as a Java properties file writes it: backslashes doubled, UTF-16 code units as \uXXXX."""
    units = value.replace("\\", "\\\\").replace("\n", "\\n").encode("utf-16-be")
    codes = [int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2)]
    return "".join(chr(code) if 32 <= code < 127 else f"\\u{code:04x}" for code in codes)
