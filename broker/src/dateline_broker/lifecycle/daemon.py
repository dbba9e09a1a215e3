"""A broker that keeps running after the command that started it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dateline_broker.errors import BrokerNotRunningError, BrokerOwnedError, DataDirInUseError
from dateline_broker.exclusion import exclusive
from dateline_broker.lifecycle.launch import launch
from dateline_broker.lifecycle.status import BrokerStatus, broker_status
from dateline_broker.node.state import BrokerState
from dateline_broker.node.storage import DataDir, disk_errors
from dateline_broker.process.guarded import spawn_detached
from dateline_broker.settings import DEFAULT_DATA_DIR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dateline_broker.process.identity import ProcessIdentity
    from dateline_broker.progress import Progress
    from dateline_broker.settings import BrokerSettings

__all__ = ["start_daemon", "stop_daemon"]

KILL_TIMEOUT_SECONDS = 10.0
"""A killed process must have ended after this many seconds."""


def start_daemon(settings: BrokerSettings, *, progress: Progress | None = None) -> BrokerStatus:
    """Start a broker that keeps running after this process ends; if it runs already, do nothing.

    Args:
        settings: settings of the broker.
        progress: shows the steps; None shows nothing.

    Raises:
        DataDirInUseError: the broker runs already, but not on the port in the settings.
        BrokerError: the broker cannot be started; the message says what to do.
    """
    data = DataDir(settings.data_dir.absolute())
    data.create()
    with exclusive(data.lock_path, waiting_for=f"starting a broker in {data.path}", progress=progress):
        state = BrokerState.read(data)
        if state is not None and state.process.is_alive:
            if settings.port not in (None, state.port):
                raise DataDirInUseError(
                    f"the broker in {data.path} already runs on port {state.port}; "
                    f"stop it first to start it on port {settings.port}"
                )
            return broker_status(data.path)
        with disk_errors(data):
            launched = launch(settings, spawn_alone, progress=progress)
            launched.state(launched.process, None).write(data)
    return broker_status(data.path)


def stop_daemon(data_dir: Path = DEFAULT_DATA_DIR, *, timeout_seconds: float = 20.0) -> bool:
    """Stop the daemon of a data folder, and kill it if that takes too long.

    Args:
        data_dir: the data folder.
        timeout_seconds: the broker is killed after this many seconds.

    Returns:
        whether it ended without being killed.

    Raises:
        BrokerNotRunningError: no broker runs there.
        BrokerOwnedError: the broker belongs to another process that still runs.
    """
    status = broker_status(data_dir)
    data = DataDir(status.data_dir)
    state = BrokerState.read(data)
    if state is None or status.state != "running":
        data.state_path.unlink(missing_ok=True)
        reason = f"; the last one (pid {status.pid}) ended before: {status.problem}" if status.problem else ""
        raise BrokerNotRunningError(f"no broker runs in {data.path}{reason}")
    if state.owner is not None and state.owner.is_alive:
        raise BrokerOwnedError(
            f"the broker in {data.path} (pid {state.process.pid}) belongs to process {state.owner.pid}; "
            "stop that process instead"
        )
    with exclusive(data.lock_path, waiting_for=f"starting a broker in {data.path}"):
        state.process.terminate()
        clean = state.process.wait(timeout_seconds)
        if not clean:
            state.process.kill()
            state.process.wait(KILL_TIMEOUT_SECONDS)
        data.state_path.unlink(missing_ok=True)
    return clean


def spawn_alone(command: Sequence[str], output: Path) -> ProcessIdentity:
    """Start a command that keeps running after this process ends."""
    return spawn_detached(command, output=output)
