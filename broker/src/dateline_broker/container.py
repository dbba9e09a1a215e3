"""The same Kafka in a container: the official image, configured like the embedded broker, run by testcontainers."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING, Any

from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

from dateline_broker.lock.lockfile import read_lock
from dateline_broker.node.configuration import FIXED
from dateline_broker.node.readiness import READY
from dateline_broker.settings import DEFAULT_HEAP_MB

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

__all__ = ["KafkaContainer", "official_image", "variables"]

PORT = 9092
"""The port inside the container that clients outside connect to."""

START = "/tmp/start.sh"
"""Kafka starts when this file appears: it advertises the mapped port, which is unknown before the container runs."""

LISTENERS = {
    "listeners": f"PLAINTEXT://:19092,CLIENT://:{PORT},CONTROLLER://:9093",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "controller.quorum.voters": "1@localhost:9093",
    "log.dirs": "/var/lib/kafka/data",
}
"""Kafka connects to itself through its own listener, since the mapped port has another number outside."""


def official_image() -> str:
    """Return the name of the official image of the embedded broker's version."""
    return f"apache/kafka:{read_lock().kafka_version}"


def variables(properties: Mapping[str, str]) -> dict[str, str]:
    """Return Kafka properties as the environment variables that the official image reads."""
    escapes = str.maketrans({".": "_", "_": "__", "-": "___"})
    return {f"KAFKA_{name.translate(escapes).upper()}": value for name, value in properties.items()}


class KafkaContainer(DockerContainer):
    """One node of Apache Kafka in a container; transactions work, and topics are not created automatically.

        with KafkaContainer() as kafka:
            producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers)

    Everything that `DockerContainer` offers works: networks, volumes, logs, `with_bind_ports(9092, 29092)`.
    """

    def __init__(
        self,
        image: str | None = None,
        *,
        properties: Mapping[str, str] | None = None,
        heap_mb: int = DEFAULT_HEAP_MB,
        start_timeout_seconds: float = 60.0,
        **options: Any,
    ) -> None:
        """Describe a container; entering it as a context, or calling `start()`, starts it.

        Args:
            image: an image to use instead of `apache/kafka` in the embedded broker's version.
            properties: further Kafka properties; they override this package's own.
            heap_mb: the largest Java heap, in MiB.
            start_timeout_seconds: a broker that is not ready after this many seconds has failed.
            options: further arguments of `DockerContainer`.
        """
        super().__init__(image or official_image(), **options)
        self.with_exposed_ports(PORT)
        self.with_envs(**variables({**FIXED, **LISTENERS, **(properties or {})}))
        self.with_env("KAFKA_HEAP_OPTS", f"-Xmx{heap_mb}m")
        # exec replaces the waiting shell by Kafka, so that signals reach Kafka.
        self.with_command(["sh", "-c", f"until [ -f {START} ]; do sleep 0.05; done; exec sh {START}"])
        self._ready = LogMessageWaitStrategy(READY).with_startup_timeout(int(start_timeout_seconds))

    @property
    def bootstrap_servers(self) -> str:
        """The address that clients connect to first."""
        return f"{self.get_container_host_ip()}:{self.get_exposed_port(PORT)}"

    def start(self) -> Self:
        """Start the container and wait until Kafka serves clients.

        Raises:
            TimeoutError: Kafka was not ready in time.
        """
        super().start()
        advertised = f"PLAINTEXT://localhost:19092,CLIENT://{self.bootstrap_servers}"
        lines = f"export KAFKA_ADVERTISED_LISTENERS={advertised}\nexec /etc/kafka/docker/run\n"
        self.get_wrapped_container().put_archive("/", archive_of(START, lines))
        try:
            self._ready.wait_until_ready(self)
        except BaseException:
            self.stop()
            raise
        return self


def archive_of(path: str, text: str) -> bytes:
    """Return a tar archive with one file."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        entry = tarfile.TarInfo(path.lstrip("/"))
        content = text.encode()
        entry.size, entry.mode = len(content), 0o644
        tar.addfile(entry, io.BytesIO(content))
    return data.getvalue()
