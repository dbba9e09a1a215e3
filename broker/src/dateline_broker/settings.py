"""What a caller may choose about a broker."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dateline_broker.errors import BrokerConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DEFAULT_DATA_DIR", "DEFAULT_PORT", "BrokerSettings"]

DEFAULT_DATA_DIR = Path(".dateline/kafka")
"""Relative to the current folder, so each project has a broker of its own."""

DEFAULT_PORT = 9092
"""Kafka's usual port."""

PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
"""Kafka's security protocols."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerSettings:
    """One broker.

    Attributes:
        data_dir: its data, logs and state; created as needed.
        port: the port on 127.0.0.1; None takes 9092 if it is free, else any free port.
        heap_mb: the largest Java heap, in MB (10^6 bytes do not matter here: MiB).
        listeners: listeners besides the plain one, name to security protocol, such as
            `{"CLIENT": "SASL_PLAINTEXT"}`; each gets a free port (`RunningBroker.listeners`).
        properties: further Kafka properties; they win over this package's own.
        cache_dir: where jars are kept; None is the user's cache folder, or `EMBEDDED_KAFKA_CACHE`.
        min_free_mb: with less free disk space the broker is not started.
        start_timeout_s: seconds until a broker that is not ready counts as failed.
        aot: use an ahead-of-time cache (start in 1.3 s instead of 3); it is made once.
    """

    data_dir: Path = DEFAULT_DATA_DIR
    port: int | None = None
    heap_mb: int = 384
    listeners: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    cache_dir: Path | None = None
    min_free_mb: int = 256
    start_timeout_s: float = 60.0
    aot: bool = True

    def __post_init__(self) -> None:
        if self.port is not None and not 1024 <= self.port <= 65535:
            raise BrokerConfigError(f"port {self.port} is not between 1024 and 65535")
        if self.heap_mb < 128:
            raise BrokerConfigError(f"a heap of {self.heap_mb} MB is too small for Kafka; take 128 or more")
        for name, protocol in self.listeners.items():
            if protocol not in PROTOCOLS:
                raise BrokerConfigError(
                    f"listener {name}: {protocol!r} is no security protocol; take one of {', '.join(PROTOCOLS)}"
                )
            if name in ("PLAINTEXT", "CONTROLLER"):
                raise BrokerConfigError(f"listener {name} is there already; take another name")
