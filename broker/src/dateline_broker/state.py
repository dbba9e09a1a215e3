"""The note that a running broker leaves in its data folder, so that other processes find it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from dateline_broker.process import ProcessIdentity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dateline_broker.storage import DataDir

__all__ = ["BrokerState"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerState:
    """Who runs in a data folder.

    Attributes:
        process: the broker.
        owner: the process that it ends with; None for a daemon.
        port: of the plain listener.
        listeners: name to port, for the listeners of the settings.
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
        """Leave the note."""
        new = data.state_path.with_suffix(".new")
        new.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
        new.replace(data.state_path)

    @classmethod
    def read(cls, data: DataDir) -> BrokerState | None:
        """Return the note, or None where there is none that can be read."""
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
