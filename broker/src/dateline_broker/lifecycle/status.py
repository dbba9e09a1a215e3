"""The status of the broker of a data folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from dateline_broker.node.diagnosis import diagnose
from dateline_broker.node.readiness import read_since
from dateline_broker.node.state import BrokerState
from dateline_broker.node.storage import DataDir
from dateline_broker.ports import HOST
from dateline_broker.settings import DEFAULT_DATA_DIR

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["BrokerStatus", "broker_status"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerStatus:
    """The status of the broker of a data folder.

    Attributes:
        state: `running`, `stopped`, or `ended` if the broker ended without being stopped.
        data_dir: the data folder.
        log_path: the broker's log.
        pid: process id of the broker; of the last one if the state is `ended`.
        bootstrap_servers: the address that clients connect to first; None unless the broker runs.
        listeners: addresses of further listeners, by name.
        owner_pid: the process that the broker ends with; None for a daemon.
        started: when the broker was started.
        cluster_id: the id that Kafka tells its clients.
        kafka_version: version of Apache Kafka.
        problem: why the broker ended, written for people.
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
    """Return the status of the broker of a data folder, without changing anything."""
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
        problem = f"its owner (pid {state.owner.pid}) ended without stopping it, and it ended with its owner"
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
