"""Watches during a piece that Kafka's offset is never beyond the target's position."""

import asyncio
import contextlib
from dataclasses import dataclass, field

from aiokafka import TopicPartition
from chaos.accounting.violation import Violation
from chaos.sinks.lanes import DATABASES, SinkTargets
from chaos.sinks.target_content import target_positions
from dateline.kafka.offsets import OffsetReader
from dateline.settings import KafkaSettings
from dateline_schemas.topics import ARTICLES_ENRICHED

__all__ = ["PositionWatch"]

PAUSE_SECONDS = 0.5
"""Seconds between two looks."""


@dataclass(slots=True, kw_only=True)
class PositionWatch:
    """Compares both positions of each partition: Kafka's is read first, so that a move in between does no harm."""

    kafka: KafkaSettings
    targets: SinkTargets
    violations: list[Violation] = field(default_factory=list)
    looks: int = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Look until `stop` is set; a broker or a server that does not answer is looked at again later."""
        offsets: OffsetReader | None = None
        while not stop.is_set():
            try:
                offsets = offsets or await OffsetReader.connect(self.kafka, "position-watch")
                async with asyncio.timeout(10):
                    await self._look(offsets)
            except Exception:  # noqa: BLE001 - the broker may be down
                if offsets is not None:
                    await offsets.close()
                offsets = None
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), PAUSE_SECONDS)
        if offsets is not None:
            await offsets.close()

    async def _look(self, offsets: OffsetReader) -> None:
        topic = ARTICLES_ENRICHED.named(self.kafka.topic_prefix)
        partitions = [TopicPartition(topic, number) for number in range(ARTICLES_ENRICHED.partitions)]
        committed = {sink: await offsets.committed(sink, partitions) for sink in DATABASES}
        for sink, found in (await asyncio.to_thread(target_positions, self.targets)).items():
            for partition, kafka in committed[sink].items():
                position = found.get(partition.partition)
                if kafka is not None and (position is None or kafka.offset > position):
                    what = f"{sink}[{partition.partition}]: Kafka's offset {kafka.offset} is beyond {position}"
                    self.violations.append(Violation(rule="ahead", what=what))
        self.looks += 1
