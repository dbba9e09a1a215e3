"""The steps from settings to a broker that is ready; attached brokers and daemons share them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from dateline_broker.errors import PortInUseError
from dateline_broker.lifecycle.installer import install
from dateline_broker.node.configuration import BrokerPorts, server_properties
from dateline_broker.node.readiness import Startable, await_ready
from dateline_broker.node.state import BrokerState
from dateline_broker.node.storage import DataDir, check_space, clear_temporary, free_bytes, prepare_storage
from dateline_broker.ports import free_ports, is_free, port_holder
from dateline_broker.progress import NoProgress
from dateline_broker.settings import DEFAULT_PORT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from dateline_broker.process.identity import ProcessIdentity
    from dateline_broker.progress import Progress
    from dateline_broker.settings import BrokerSettings

__all__ = ["Launched", "launch"]

ATTEMPTS = 3
"""Ports are chosen this many times if another process takes them first."""


class Endable(Startable, Protocol):
    """A process that can be killed."""

    def kill(self) -> None:
        """Kill it."""
        ...


ProcessT = TypeVar("ProcessT", bound=Endable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Launched(Generic[ProcessT]):
    """A broker that is ready."""

    process: ProcessT
    data: DataDir
    ports: BrokerPorts
    cluster_id: str
    kafka_version: str
    log_position: int

    def state(self, identity: ProcessIdentity, owner: ProcessIdentity | None) -> BrokerState:
        """Return the state to write to the data folder."""
        return BrokerState(
            process=identity,
            owner=owner,
            port=self.ports.client,
            listeners=dict(self.ports.others),
            cluster_id=self.cluster_id,
            kafka_version=self.kafka_version,
            log_position=self.log_position,
        )


def launch(
    settings: BrokerSettings,
    spawn: Callable[[Sequence[str], Path], ProcessT],
    *,
    earlier: BrokerPorts | None = None,
    progress: Progress | None = None,
    free: Callable[[Path], int] = free_bytes,
) -> Launched[ProcessT]:
    """Install what is missing, prepare the data folder, start the broker and wait until it is ready.

    The caller holds the data folder's lock.

    Args:
        settings: settings of the broker.
        spawn: starts a command whose output goes to a file.
        earlier: ports of an earlier start, which clients already know.
        progress: shows the steps.
        free: returns the number of free bytes on the disk of a folder.

    Raises:
        BrokerError: the broker cannot be started; the message says what to do.
    """
    progress = progress or NoProgress()
    data = DataDir(settings.data_dir.absolute())
    data.create()
    clear_temporary(data)
    check_space(data, settings.min_free_mb, free)
    installation = install(settings.cache_dir, aot=settings.aot, progress=progress)
    for attempt in range(1, ATTEMPTS + 1):
        chosen = choose_ports(settings, earlier)
        if not is_free(chosen.client):
            raise PortInUseError(chosen.client, port_holder(chosen.client))
        data.properties_path.touch(mode=0o600)  # The properties may hold passwords.
        data.properties_path.write_text(server_properties(settings, chosen, data), encoding="ascii")
        cluster_id = prepare_storage(installation, data)
        log_position = data.log_path.stat().st_size if data.log_path.exists() else 0
        command = installation.command(
            "kafka.Kafka", [str(data.properties_path)], folder=data.path, heap_mb=settings.heap_mb
        )
        process = spawn(command, data.console_path)
        try:
            with progress.step(f"Starting Apache Kafka {installation.kafka_version}"):
                await_ready(
                    process,
                    data,
                    since=log_position,
                    timeout_seconds=settings.start_timeout_seconds,
                    port=chosen.client,
                )
        except PortInUseError:
            process.kill()
            demanded = settings.port if earlier is None else earlier.client
            if attempt == ATTEMPTS or (demanded is not None and not is_free(demanded)):
                raise
            continue
        except BaseException:
            with suppress(OSError):
                process.kill()
            raise
        return Launched(
            process=process,
            data=data,
            ports=chosen,
            cluster_id=cluster_id,
            kafka_version=installation.kafka_version,
            log_position=log_position,
        )
    raise AssertionError("unreachable")


def choose_ports(settings: BrokerSettings, earlier: BrokerPorts | None = None) -> BrokerPorts:
    """Return the ports of a start; a restart keeps all but the controller's."""
    client, controller, *others = free_ports(2 + len(settings.listeners))
    if earlier is not None:
        return BrokerPorts(client=earlier.client, controller=controller, others=earlier.others)
    if settings.port is not None:
        client = settings.port
    elif is_free(DEFAULT_PORT):
        client = DEFAULT_PORT
    return BrokerPorts(client=client, controller=controller, others=dict(zip(settings.listeners, others, strict=True)))
