"""The broker of a piece: its disk, the listener behind the proxy, and what can be done to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from chaos.disk import Disk
from chaos.proxy import KafkaProxy, kafka_proxy
from chaos.rawlog import Partition, read_partition
from dateline_broker import BrokerSettings, RunningBroker, install, start_broker
from dateline_broker.errors import BrokerError
from dateline_broker.ports import free_ports

__all__ = ["Cluster", "cluster"]

PROPERTIES = {
    # A killed broker counts as alive for so long, and cannot come back before.
    "broker.session.timeout.ms": "800",
    "broker.heartbeat.interval.ms": "200",
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "300",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.num.partitions": "1",
    # Files of indexes take their full size on a disk in memory as soon as they are touched.
    "log.index.size.max.bytes": "262144",
}
"""What makes faults of the broker quick, and its data small."""


@dataclass(slots=True)
class Cluster:
    """One broker with a proxy before it; replicas know the proxy only."""

    broker: RunningBroker
    proxy: KafkaProxy
    disk: Disk

    @property
    def servers(self) -> str:
        """The address for those who judge: no proxy in between."""
        return self.broker.bootstrap_servers

    @property
    def proxied(self) -> str:
        """The address for replicas."""
        return f"127.0.0.1:{self.proxy.port}"

    async def kill(self) -> None:
        """End the broker at once."""
        await asyncio.to_thread(self.broker.kill)

    async def stop(self) -> None:
        """End it cleanly, or by force if that takes long."""
        await asyncio.to_thread(self.broker.stop, 6.0)

    async def start(self) -> None:
        """Start it again; after a full disk, or under load, the first attempt may fail."""
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
        """Wait up to `seconds` for the broker to end by itself."""
        for _ in range(int(seconds / 0.1)):
            if not self.broker.is_running:
                return True
            await asyncio.sleep(0.1)
        return False

    def log(self, topic: str, number: int) -> Partition:
        """Return a partition as its files have it."""
        return read_partition(self.broker.data_dir / "data" / f"{topic}-{number}")


@asynccontextmanager
async def cluster(folder: Path) -> AsyncIterator[Cluster]:
    """Run a new broker on a disk of its own while the block does."""
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
