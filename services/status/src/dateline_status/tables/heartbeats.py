"""The last heartbeat of each instance."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dateline.kafka.records import Record
from dateline_schemas import Heartbeat

from dateline_status.tables.values import read_value

__all__ = ["Beat", "HeartbeatTable"]


@dataclass(frozen=True, slots=True)
class Beat:
    """The last heartbeat of an instance, and when this machine saw it, so that the clocks need not agree."""

    heartbeat: Heartbeat
    seen: datetime


class HeartbeatTable:
    """The last heartbeat of each instance."""

    def __init__(self) -> None:
        self._beats: dict[bytes, Beat] = {}

    def fold(self, record: Record, now: datetime, *, live: bool) -> None:
        """Add a record.

        Args:
            record: a record of the heartbeats; a tombstone removes the instance.
            now: the current time.
            live: whether the record was written since the last read; it then counts as seen now, whatever the time
                in the heartbeat.
        """
        key = record.key or b""
        if record.value is None:
            self._beats.pop(key, None)
            return
        heartbeat = read_value(Heartbeat, record)
        if heartbeat is not None:
            self._beats[key] = Beat(heartbeat, now if live else min(now, heartbeat.at))

    def __iter__(self) -> Iterator[Beat]:
        return iter(self._beats.values())
