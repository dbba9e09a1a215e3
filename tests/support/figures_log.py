"""A log of heartbeats or figures as a broker sends it: one record a batch, written by a producer for each process."""

import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiokafka import TopicPartition
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from dateline_schemas import FigureEvent, Figures, Spread
from dateline_status.history.log_reader import RawPart

__all__ = ["PARTITION", "FiguresLog", "figures", "moment"]

PARTITION = TopicPartition("dateline.figures", 0)


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def figures(
    instance: str,
    started: float,
    at: float,
    *,
    service: str = "enrich",
    counters: Mapping[str, float] | None = None,
    gauges: Mapping[str, float] | None = None,
    histograms: Mapping[str, list[int]] | None = None,
    events: Collection[tuple[float, str, str]] = (),
) -> bytes:
    return Figures(
        service=service,
        instance=instance,
        started=moment(started),
        at=moment(at),
        counters=dict(counters or {}),
        gauges=dict(gauges or {}),
        histograms={name: Spread(counts=counts, sum=0) for name, counts in (histograms or {}).items()},
        events=[FigureEvent(at=moment(when), kind=kind, text=text) for when, kind, text in events],
    ).to_bytes()


@dataclass
class FiguresLog:
    """Implements what the history asks of a broker, for one partition."""

    most_bytes: int = 20_000
    written: list[tuple[float, bytes]] = field(default_factory=list)

    def write(self, value: bytes, at: float, writer: int) -> None:
        builder = DefaultRecordBatchBuilder(
            magic=2,
            compression_type=0,
            is_transactional=0,
            producer_id=writer,
            producer_epoch=0,
            base_sequence=0,
            batch_size=1_000_000,
        )
        builder.append(offset=0, timestamp=round(at * 1000), key=b"key", value=value, headers=[])
        raw = bytes(builder.build())
        self.written.append((at, struct.pack(">q", len(self.written)) + raw[8:]))

    @property
    def offsets(self) -> "FiguresLog":
        return self

    async def since(self, partitions: Collection[TopicPartition], time: datetime) -> dict[TopicPartition, int]:
        wanted = time.timestamp()
        first = next((n for n, (at, _) in enumerate(self.written) if at >= wanted), len(self.written))
        return dict.fromkeys(partitions, first)

    async def ends(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, len(self.written))

    async def fetch(self, positions: Mapping[TopicPartition, int], **_: Any) -> dict[TopicPartition, RawPart]:
        return {partition: RawPart(self._from(offset), len(self.written)) for partition, offset in positions.items()}

    def _from(self, offset: int) -> bytes:
        data = b""
        for _, raw in self.written[offset:]:
            if data and len(data) + len(raw) > self.most_bytes:
                # A broker cuts where it has sent enough, in the middle of a batch.
                return data + raw[: self.most_bytes - len(data)]
            data += raw
        return data
