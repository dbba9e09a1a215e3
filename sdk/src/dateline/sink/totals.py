"""What a sink has done since its process began, for heartbeats."""

from dataclasses import dataclass, field
from typing import Any

from aiokafka import TopicPartition

__all__ = ["SinkTotals"]


@dataclass(slots=True, kw_only=True)
class SinkTotals:
    """The numbers of all partitions of a sink, and what keeps it from writing.

    Attributes:
        name: the name of its kind.
        target: the target without its secrets.
        records: records written.
        filtered: articles that the conditions left out.
        dead_letters: records that became dead letters.
        write_seconds: how long the last write took.
        trouble: the last error of each partition that has not written since.
        ended: why the sink ended by itself.
    """

    name: str
    target: str
    records: int = 0
    filtered: int = 0
    dead_letters: int = 0
    write_seconds: float | None = None
    trouble: dict[TopicPartition, str] = field(default_factory=dict)
    ended: str | None = None

    def details(self) -> dict[str, Any]:
        """Return what heartbeats say about the sink."""
        halted = self.ended or next(iter(self.trouble.values()), None)
        details = {
            "sink": self.name,
            "target": self.target,
            "records_written": self.records,
            "filtered": self.filtered,
            "dead_letters": self.dead_letters,
            "write_seconds": self.write_seconds and round(self.write_seconds, 4),
        }
        return details | ({"halted": halted} if halted else {})
