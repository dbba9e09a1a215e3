"""The broker of a piece with its disk and its proxy, and the operations on it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from chaos.broker.disk import Disk
from chaos.broker.proxy import KafkaProxy, kafka_proxy
from chaos.broker.rawlog import Partition, read_partition
from dateline_broker import BrokerSettings, RunningBroker, install, start_broker
from dateline_broker.errors import BrokerError
from dateline_broker.ports import free_ports

__all__ = ["Cluster", "cluster"]

PROPERTIES = {
    # A killed broker counts as alive for this long, and cannot restart earlier.
    "broker.session.timeout.ms": "800",
    "broker.heartbeat.interval.ms": "200",
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "300",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.num.partitions": "1",
    # On a tmpfs, index files take their full size as soon as they are touched.
    "log.index.size.max.bytes": "262144",
}
"""Properties that make broker faults quick and its data small."""


@dataclass(slots=True)
class Cluster:
    """One broker with a proxy in front of it; replicas only know the proxy."""

    broker: RunningBroker
    proxy: KafkaProxy
    disk: Disk

    @property
    def servers(self) -> str:
        """The address for the checker, without the proxy."""
        return self.broker.bootstrap_servers

    @property
    def proxied(self) -> str:
        """The address for the replicas, through the proxy."""
        return f"127.0.0.1:{self.proxy.port}"

    async def kill(self) -> None:
        """Kill the broker."""
        await asyncio.to_thread(self.broker.kill)

    async def stop(self) -> None:
        """Stop the broker cleanly, or by force if that takes too long."""
        await asyncio.to_thread(self.broker.stop, 6.0)

    async def start(self) -> None:
        """Start the broker again, in up to four attempts: after a full disk or under load, some may fail."""
        for attempt in range(4):
            try:
                if self.broker.is_running:
                    return
                await asyncio.to_thread(self.broker.restart)
                return
            except BrokerError:
                if attempt == 3:
                    raise
                await asyncio.sleep(0.5)

    async def ended(self, seconds: float) -> bool:
        """Wait up to `seconds` for the broker to exit by itself."""
        for _ in range(int(seconds / 0.1)):
            if not self.broker.is_running:
                return True
            await asyncio.sleep(0.1)
        return False

    def log(self, topic: str, number: int) -> Partition:
        """Read a partition from its files."""
        return read_partition(self.broker.data_dir / "data" / f"{topic}-{number}")


@asynccontextmanager
async def cluster(folder: Path) -> AsyncIterator[Cluster]:
    """Run a new broker on a disk of its own until the block ends."""
    async with AsyncExitStack() as stack:
        disk = Disk.mount(folder / "disk")
        stack.callback(disk.unmount)
        port, proxy_port = free_ports(2)
        advertised = f"PLAINTEXT://127.0.0.1:{port},PROXIED://127.0.0.1:{proxy_port}"
        settings = BrokerSettings(
            data_dir=disk.folder / "kafka",
            port=port,
            heap_mb=320,
            listeners={"PROXIED": "PLAINTEXT"},
            properties={**PROPERTIES, "advertised.listeners": advertised},
            min_free_mb=1,
        )
        await asyncio.to_thread(install)
        broker = await asyncio.to_thread(start_broker, settings)
        stack.callback(broker.kill)
        behind = int(broker.listeners["PROXIED"].rsplit(":", 1)[1])
        proxy = await stack.enter_async_context(kafka_proxy(behind, proxy_port))
        yield Cluster(broker, proxy, disk)
