"""A broker that belongs to this process and ends with it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol, Self

from dateline_broker.errors import BrokerNotRunningError, DataDirInUseError
from dateline_broker.exclusion import exclusive
from dateline_broker.lifecycle.launch import Launched, launch
from dateline_broker.node.state import BrokerState
from dateline_broker.node.storage import DataDir, disk_errors
from dateline_broker.ports import HOST
from dateline_broker.process.guarded import GuardedProcess, spawn_guarded
from dateline_broker.process.identity import ProcessIdentity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from dateline_broker.node.configuration import BrokerPorts
    from dateline_broker.progress import Progress
    from dateline_broker.settings import BrokerSettings

__all__ = ["Broker", "RunningBroker", "start_broker"]


class Broker(Protocol):
    """A Kafka to connect to, whoever runs it."""

    @property
    def bootstrap_servers(self) -> str:
        """The address that clients connect to first."""
        ...


class RunningBroker:
    """A broker that ends with this process at the latest, even if this process is killed.

    All methods block; in asynchronous code call them with `asyncio.to_thread`. As a context manager it stops the
    broker at the end.
    """

    def __init__(self, settings: BrokerSettings, launched: Launched[GuardedProcess]) -> None:
        self._settings = settings
        self._launched = launched

    @property
    def bootstrap_servers(self) -> str:
        """Address of the plain listener."""
        return f"{HOST}:{self.port}"

    @property
    def port(self) -> int:
        """Port of the plain listener; a restart keeps it."""
        return self._launched.ports.client

    @property
    def listeners(self) -> Mapping[str, str]:
        """Addresses of the listeners in the settings, by name."""
        return {name: f"{HOST}:{port}" for name, port in self._launched.ports.others.items()}

    @property
    def pid(self) -> int:
        """Process id of the Java runtime; a restart changes it."""
        return self._launched.process.identity.pid

    @property
    def cluster_id(self) -> str:
        """The id that Kafka tells its clients."""
        return self._launched.cluster_id

    @property
    def kafka_version(self) -> str:
        """Version of Apache Kafka, such as 4.2.2."""
        return self._launched.kafka_version

    @property
    def data_dir(self) -> Path:
        """The data folder, absolute."""
        return self._launched.data.path

    @property
    def log_path(self) -> Path:
        """The broker's log."""
        return self._launched.data.log_path

    @property
    def is_running(self) -> bool:
        """Whether the process runs."""
        return self._launched.process.is_alive

    def stop(self, timeout_seconds: float = 20.0) -> bool:
        """Stop the broker cleanly, and kill it if that takes too long; do nothing if it has ended already.

        Args:
            timeout_seconds: the broker is killed after this many seconds.

        Returns:
            whether it ended without being killed.
        """
        clean = self._launched.process.stop(timeout_seconds)
        self._launched.data.state_path.unlink(missing_ok=True)
        return clean

    def kill(self) -> None:
        """Kill the broker, as `kill -9` does."""
        self._launched.process.kill()
        self._launched.data.state_path.unlink(missing_ok=True)

    def restart(self, progress: Progress | None = None) -> None:
        """Start the broker again after `stop` or `kill`, on the same data and the same ports.

        After a kill this takes two seconds longer, since the controller waits until the old session expires.

        Raises:
            BrokerError: the broker does not start, or still runs.
        """
        if self.is_running:
            raise DataDirInUseError(f"the broker (pid {self.pid}) still runs; stop or kill it first")
        self._launched = launch_attached(self._settings, self._launched.ports, progress)

    def __enter__(self) -> Self:
        if not self.is_running:
            raise BrokerNotRunningError("the broker has been stopped; call restart()")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def start_broker(settings: BrokerSettings, *, progress: Progress | None = None) -> RunningBroker:
    """Start a broker and wait until it is ready.

    The first start on a machine downloads Kafka (45 MB) and prepares the fast start.

    Args:
        settings: settings of the broker.
        progress: shows the steps; None shows nothing.

    Raises:
        BrokerError: the broker cannot be started; the message says what to do.
    """
    return RunningBroker(settings, launch_attached(settings, None, progress))


def launch_attached(
    settings: BrokerSettings, earlier: BrokerPorts | None, progress: Progress | None
) -> Launched[GuardedProcess]:
    """Start a broker under a guardian and write its state file."""
    data = DataDir(settings.data_dir.absolute())
    data.create()
    with exclusive(data.lock_path, waiting_for=f"starting a broker in {data.path}", progress=progress):
        state = BrokerState.read(data)
        if state is not None and state.process.is_alive:
            raise DataDirInUseError(
                f"a broker (pid {state.process.pid}, {HOST}:{state.port}) already uses {data.path}; "
                "connect to it, stop it, or choose another folder"
            )
        with disk_errors(data):
            launched = launch(settings, spawn_with_owner, earlier=earlier, progress=progress)
            launched.state(launched.process.identity, ProcessIdentity.of(os.getpid())).write(data)
    return launched


def spawn_with_owner(command: Sequence[str], output: Path) -> GuardedProcess:
    """Start a command that ends with this process."""
    return spawn_guarded(command, output=output)
