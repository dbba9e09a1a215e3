"""Kafka's own configuration: one node, small, durable enough for one disk, quick enough for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dateline_broker.ports import HOST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dateline_broker.settings import BrokerSettings
    from dateline_broker.storage import DataDir

__all__ = ["MAX_MESSAGE_BYTES", "BrokerPorts", "server_properties"]

MAX_MESSAGE_BYTES = 16 * 1024 * 1024
"""The largest batch of records that the broker takes."""

FIXED: Mapping[str, str] = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "auto.create.topics.enable": "false",
    # One node can hold one copy.
    "default.replication.factor": "1",
    "min.insync.replicas": "1",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    # 50 partitions each by default, which a small broker feels at start.
    "offsets.topic.num.partitions": "8",
    "transaction.state.log.num.partitions": "8",
    "share.coordinator.state.topic.num.partitions": "8",
    # Groups form at once, and tests may use short sessions.
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    # The transaction of a killed producer is aborted soon after its time-out, not up to 10 s later.
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "1000",
    # A broker that was killed is taken for alive by its own controller until its session is over: with the
    # default of 9 s a restart takes 11 s.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "400",
    # Offsets outlive a project that rests for some months (a week by default).
    "offsets.retention.minutes": "525600",
    "message.max.bytes": str(MAX_MESSAGE_BYTES),
    "replica.fetch.max.bytes": str(MAX_MESSAGE_BYTES),
    # A small heap: the default of this buffer alone is 128 MB.
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
        client: of the plain listener.
        controller: of the controller, for the broker's own use.
        others: listener name to port, for the listeners of the settings.
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
    r"""Write a value as Java reads it: ISO 8859-1 with \uXXXX in UTF-16 code units, a backslash doubled."""
    units = value.replace("\\", "\\\\").replace("\n", "\\n").encode("utf-16-be")
    codes = [int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2)]
    return "".join(chr(code) if 32 <= code < 127 else f"\\u{code:04x}" for code in codes)
