"""Settings of a broker."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dateline_broker.errors import BrokerConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DEFAULT_DATA_DIR", "DEFAULT_HEAP_MB", "DEFAULT_PORT", "BrokerSettings"]

DEFAULT_DATA_DIR = Path(".dateline/kafka")
"""Relative to the working directory, so that each project has its own broker."""

DEFAULT_PORT = 9092
"""Kafka's usual port."""

DEFAULT_HEAP_MB = 384
"""The largest Java heap."""

MIN_HEAP_MB = 128
"""Kafka does not start with a smaller heap."""

PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
"""Kafka's security protocols."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerSettings:
    """Settings of one broker.

    Attributes:
        data_dir: folder of its data, logs and state; created if it is missing.
        port: the port on 127.0.0.1; None takes 9092 if it is free, otherwise any free port.
        heap_mb: the largest Java heap, in MiB.
        listeners: listeners besides the plain one, name to security protocol, such as
            `{"CLIENT": "SASL_PLAINTEXT"}`; each gets a free port (`RunningBroker.listeners`).
        properties: further Kafka properties; they override this package's own.
        cache_dir: folder that keeps the jars; None means `EMBEDDED_KAFKA_CACHE`, or the user's cache folder.
        min_free_mb: minimum free disk space; the broker does not start with less.
        start_timeout_seconds: a broker that is not ready after this many seconds has failed.
        aot: use an ahead-of-time cache, which is made once: the broker starts in 1.3 s instead of 3 s.
    """

    data_dir: Path = DEFAULT_DATA_DIR
    port: int | None = None
    heap_mb: int = DEFAULT_HEAP_MB
    listeners: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    cache_dir: Path | None = None
    min_free_mb: int = 256
    start_timeout_seconds: float = 60.0
    aot: bool = True

    def __post_init__(self) -> None:
        if self.port is not None and not 1024 <= self.port <= 65535:
            raise BrokerConfigError(f"port {self.port} is not between 1024 and 65535")
        if self.heap_mb < MIN_HEAP_MB:
            raise BrokerConfigError(f"a heap of {self.heap_mb} MB is too small for Kafka; use {MIN_HEAP_MB} or more")
        for name, protocol in self.listeners.items():
            if protocol not in PROTOCOLS:
                raise BrokerConfigError(
                    f"listener {name}: {protocol!r} is not a security protocol; use one of {', '.join(PROTOCOLS)}"
                )
            if name in ("PLAINTEXT", "CONTROLLER"):
                raise BrokerConfigError(f"listener {name} exists already; use another name")
