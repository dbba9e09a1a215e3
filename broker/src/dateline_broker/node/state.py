"""The state file in a data folder, by which other processes find the broker that runs there."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from dateline_broker.process.identity import ProcessIdentity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dateline_broker.node.storage import DataDir

__all__ = ["BrokerState"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerState:
    """The broker that runs in a data folder.

    Attributes:
        process: the broker's process.
        owner: the process that the broker ends with; None for a daemon.
        port: port of the plain listener.
        listeners: name to port, for the listeners in the settings.
        cluster_id: the id that Kafka tells its clients.
        kafka_version: version of Apache Kafka.
        log_position: size of the log before the start.
    """

    process: ProcessIdentity
    owner: ProcessIdentity | None
    port: int
    listeners: Mapping[str, int] = field(default_factory=dict)
    cluster_id: str
    kafka_version: str
    log_position: int

    def write(self, data: DataDir) -> None:
        """Write the state file."""
        new = data.state_path.with_suffix(".new")
        new.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
        new.replace(data.state_path)

    @classmethod
    def read(cls, data: DataDir) -> BrokerState | None:
        """Return the state, or None if the file is missing or unreadable."""
        try:
            values = json.loads(data.state_path.read_text(encoding="utf-8"))
            owner = values.pop("owner")
            return cls(
                process=ProcessIdentity(**values.pop("process")),
                owner=owner and ProcessIdentity(**owner),
                **values,
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
