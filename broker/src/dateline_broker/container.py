"""The same Kafka in a container, by testcontainers: the official image, set up as the embedded broker is."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING, Any

from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

from dateline_broker.configuration import FIXED
from dateline_broker.lock import read_lock
from dateline_broker.readiness import READY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

__all__ = ["KafkaContainer", "official_image", "variables"]

PORT = 9092
"""What clients outside connect to, as the container has it."""

START = "/tmp/start.sh"
"""Waited for before Kafka starts: only then is the port known that clients have to be told."""

LISTENERS = {
    "listeners": f"PLAINTEXT://:19092,CLIENT://:{PORT},CONTROLLER://:9093",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "controller.quorum.voters": "1@localhost:9093",
    "log.dirs": "/var/lib/kafka/data",
}
"""Kafka talks to itself by a listener of its own, since others may know its port by another number."""


def official_image() -> str:
    """Return the name of Kafka's own image in the version of the embedded broker."""
    return f"apache/kafka:{read_lock().kafka_version}"


def variables(properties: Mapping[str, str]) -> dict[str, str]:
    """Return properties of Kafka as the official image takes them from its environment."""
    escapes = str.maketrans({".": "_", "_": "__", "-": "___"})
    return {f"KAFKA_{name.translate(escapes).upper()}": value for name, value in properties.items()}


class KafkaContainer(DockerContainer):
    """One node of Apache Kafka in a container; transactions work on it, and nothing is created automatically.

        with KafkaContainer() as kafka:
            producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers)

    What `DockerContainer` can do, this can: networks, volumes, logs, `with_bind_ports(9092, 29092)`.
    """

    def __init__(
        self,
        image: str | None = None,
        *,
        properties: Mapping[str, str] | None = None,
        heap_mb: int = 384,
        start_timeout_s: float = 60.0,
        **options: Any,
    ) -> None:
        """Describe a container; entering it as a context, or `start()`, starts it.

        Args:
            image: another image than `apache/kafka` in the version of the embedded broker.
            properties: further Kafka properties; they win over this package's own.
            heap_mb: the largest Java heap.
            start_timeout_s: seconds until a broker that is not ready counts as failed.
            options: what `DockerContainer` takes.
        """
        super().__init__(image or official_image(), **options)
        self.with_exposed_ports(PORT)
        self.with_envs(**variables({**FIXED, **LISTENERS, **(properties or {})}))
        self.with_env("KAFKA_HEAP_OPTS", f"-Xmx{heap_mb}m")
        # The shell that waits is replaced by Kafka, so that signals reach it.
        self.with_command(["sh", "-c", f"until [ -f {START} ]; do sleep 0.05; done; exec sh {START}"])
        self._ready = LogMessageWaitStrategy(READY).with_startup_timeout(int(start_timeout_s))

    @property
    def bootstrap_servers(self) -> str:
        """Where clients begin."""
        return f"{self.get_container_host_ip()}:{self.get_exposed_port(PORT)}"

    def start(self) -> Self:
        """Start it and wait until it serves clients.

        Raises:
            TimeoutError: it was not ready in time.
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
