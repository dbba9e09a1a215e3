"""What a sink has done since its process began, for heartbeats."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiokafka import TopicPartition

from dateline.figures.meter import Meter
from dateline.sink.figures import SinkFigures

__all__ = ["SinkTotals"]


@dataclass(slots=True, kw_only=True)
class SinkTotals:
    """The numbers of all partitions of a sink, and what keeps it from writing.

    Attributes:
        name: the name of its kind.
        target: the target without its secrets.
        wait_seconds: how long it gathers records before it writes them; meanwhile its offset does not move.
        records: records written.
        filtered: articles that the conditions left out.
        dead_letters: records that became dead letters.
        write_seconds: how long the last write took.
        last_write: when records were last written.
        trouble: the last error of each partition that has not written since.
        ended: why the sink ended by itself.
        figures: the series of the sink, for Prometheus and the dashboard.
    """

    name: str
    target: str
    wait_seconds: float = 0.0
    records: int = 0
    filtered: int = 0
    dead_letters: int = 0
    write_seconds: float | None = None
    last_write: datetime | None = None
    trouble: dict[TopicPartition, str] = field(default_factory=dict)
    ended: str | None = None
    figures: SinkFigures = field(default_factory=lambda: SinkFigures.of(Meter(), "", ""))

    def details(self) -> dict[str, Any]:
        """Return what heartbeats say about the sink."""
        halted = self.ended or next(iter(self.trouble.values()), None)
        details = {
            "sink": self.name,
            "target": self.target,
            "wait_seconds": self.wait_seconds,
            "records_written": self.records,
            "filtered": self.filtered,
            "dead_letters": self.dead_letters,
            "write_seconds": self.write_seconds and round(self.write_seconds, 4),
            "last_write": self.last_write and self.last_write.isoformat(timespec="milliseconds"),
        }
        return details | ({"halted": halted} if halted else {})
