"""A broker that goes on after the command that started it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from dateline_broker.diagnosis import diagnose
from dateline_broker.errors import BrokerNotRunningError, BrokerOwnedError, DataDirInUseError
from dateline_broker.exclusion import exclusive
from dateline_broker.launch import launch
from dateline_broker.ports import HOST
from dateline_broker.process import ProcessIdentity, spawn_detached
from dateline_broker.readiness import read_since
from dateline_broker.settings import DEFAULT_DATA_DIR
from dateline_broker.state import BrokerState
from dateline_broker.storage import DataDir, disk_errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dateline_broker.progress import Progress
    from dateline_broker.settings import BrokerSettings

__all__ = ["BrokerStatus", "broker_status", "start_daemon", "stop_daemon"]

KILL_TIMEOUT_S = 10.0
"""Seconds until a killed process is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerStatus:
    """What is known of the broker of a data folder.

    Attributes:
        state: `running`; `stopped`; `ended`: it ended without being stopped.
        bootstrap_servers: where clients begin; None unless it runs.
        listeners: addresses of further listeners, by name.
        owner_pid: the process that the broker ends with; None for a daemon.
        started: when it was started.
        problem: why it ended, for people.
    """

    state: Literal["running", "stopped", "ended"]
    data_dir: Path
    log_path: Path
    pid: int | None = None
    bootstrap_servers: str | None = None
    listeners: Mapping[str, str] = field(default_factory=dict)
    owner_pid: int | None = None
    started: datetime | None = None
    cluster_id: str | None = None
    kafka_version: str | None = None
    problem: str | None = None


def broker_status(data_dir: Path = DEFAULT_DATA_DIR) -> BrokerStatus:
    """Return what is known of the broker of a data folder, without touching it."""
    data = DataDir(data_dir.absolute())
    state = BrokerState.read(data)
    if state is None:
        return BrokerStatus(state="stopped", data_dir=data.path, log_path=data.log_path)
    if state.process.is_alive:
        return BrokerStatus(
            state="running",
            data_dir=data.path,
            log_path=data.log_path,
            pid=state.process.pid,
            bootstrap_servers=f"{HOST}:{state.port}",
            listeners={name: f"{HOST}:{port}" for name, port in state.listeners.items()},
            owner_pid=state.owner.pid if state.owner else None,
            started=datetime.fromtimestamp(state.process.started, tz=UTC),
            cluster_id=state.cluster_id,
            kafka_version=state.kafka_version,
        )
    if state.owner is not None:
        problem = f"its owner (pid {state.owner.pid}) ended without stopping it, and it ended then too"
    else:
        log = read_since(data.log_path, state.log_position)
        problem = str(diagnose(log, read_since(data.console_path, 0), data=data, port=state.port))
    return BrokerStatus(
        state="ended",
        data_dir=data.path,
        log_path=data.log_path,
        pid=state.process.pid,
        cluster_id=state.cluster_id,
        kafka_version=state.kafka_version,
        problem=problem,
    )


def start_daemon(settings: BrokerSettings, *, progress: Progress | None = None) -> BrokerStatus:
    """Start a broker that goes on after this process; one that runs already is left alone.

    Args:
        settings: what to start.
        progress: whom to show the steps to; nobody by default.

    Raises:
        DataDirInUseError: it runs already, but on another port than the settings ask for.
        BrokerError: it cannot be started; the message says what to do.
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
            launched = launch(settings, spawn, progress=progress)
            launched.state(launched.process, None).write(data)
    return broker_status(data.path)


def stop_daemon(data_dir: Path = DEFAULT_DATA_DIR, *, timeout: float = 20.0) -> bool:
    """Stop the daemon of a data folder, and kill it if that takes too long.

    Args:
        data_dir: its data folder.
        timeout: seconds to wait before it is killed.

    Returns:
        whether it ended by itself.

    Raises:
        BrokerNotRunningError: none runs there.
        BrokerOwnedError: it belongs to another process, which is still there.
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
        clean = state.process.wait(timeout)
        if not clean:
            state.process.kill()
            state.process.wait(KILL_TIMEOUT_S)
        data.state_path.unlink(missing_ok=True)
    return clean


def spawn(command: Sequence[str], output: Path) -> ProcessIdentity:
    """Start a command that goes on after this process."""
    return spawn_detached(command, output=output)
