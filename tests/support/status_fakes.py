"""A fake Kafka for the status service; `tests/contract/test_kafka_view.py` compares it with the real one."""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiokafka import TopicPartition
from aiokafka.errors import OffsetOutOfRangeError
from dateline.errors import TransientError
from dateline.kafka.offsets import Committed
from dateline.kafka.records import Headers, Record
from dateline.kafka.topics import TopicReport
from dateline.settings import KafkaSettings
from dateline_schemas import TOPICS, GroupOffset, Heartbeat, Topic
from dateline_status.kafka.view import Span
from dateline_status.observer import Observer
from dateline_status.settings import StatusSettings

__all__ = ["START", "Clock", "FakeKafka", "beat", "observer_of"]

START = datetime(2024, 6, 12, 10, 0, tzinfo=UTC)
PARSED = "dateline.articles.parsed"


@dataclass
class Clock:
    """A clock that a test advances."""

    seconds: float = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return 1000.0 + self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass
class FakeKafka:
    """Implements `KafkaView`; each partition is a list in which None is an offset without a record."""

    logs: dict[TopicPartition, list[Record | None]] = field(default_factory=dict)
    deleted: dict[TopicPartition, int] = field(default_factory=dict)
    offsets: dict[tuple[str, TopicPartition], int] = field(default_factory=dict)
    joined: dict[str, dict[str, frozenset[TopicPartition]]] = field(default_factory=dict)
    differences: dict[str, tuple[tuple[str, str, str], ...]] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    down: str | None = None
    bug: Exception | None = None
    connections: int = 0
    closed: int = 0
    counted: list[dict[TopicPartition, Span]] = field(default_factory=list)

    async def connect(self) -> "FakeKafka":
        self._answer()
        self.connections += 1
        return self

    def write(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Headers = (), partition: int = 0
    ) -> int:
        """Append a record and return its offset."""
        log = self.logs.setdefault(TopicPartition(topic, partition), [])
        log.append(
            Record(
                topic=topic,
                partition=partition,
                offset=len(log),
                timestamp=int(START.timestamp() * 1000),
                key=key,
                value=value,
                headers=headers,
            )
        )
        return len(log) - 1

    def mark(self, topic: str, partition: int = 0) -> None:
        """Append a transaction marker: an offset without a record."""
        self.logs.setdefault(TopicPartition(topic, partition), []).append(None)

    def write_heartbeat(self, heartbeat: Heartbeat) -> None:
        key = f"{heartbeat.service}/{heartbeat.instance}".encode()
        self.write("dateline.heartbeats", key, heartbeat.to_bytes())

    def create_group(self, group: str, topic: str = PARSED, partition: int = 0, offset: int = 0) -> TopicPartition:
        """Create a group as a task does, with an offset and one member."""
        first = GroupOffset(group=group, topic=topic, partition=partition, offset=offset, created=START)
        self.write("dateline.groups", *first.to_record())
        where = TopicPartition(topic, partition)
        self.offsets[group, where] = offset
        self.joined.setdefault(group, {})[f"{group}-1"] = frozenset({where})
        return where

    def _answer(self) -> None:
        if self.bug is not None:
            raise self.bug
        if self.down is not None:
            raise TransientError(self.down)

    async def topics(self) -> list[TopicReport]:
        self._answer()
        return [self._topic(topic) for topic in TOPICS.values()]

    def _topic(self, topic: Topic) -> TopicReport:
        there = topic.name not in self.missing
        return TopicReport(
            topic=topic,
            name=topic.named(),
            exists=there,
            partitions=topic.partitions if there else 0,
            differences=self.differences.get(topic.name, ()),
        )

    def _existing(self) -> frozenset[str]:
        own = {topic.named() for topic in TOPICS.values() if topic.name not in self.missing}
        return frozenset(own | {partition.topic for partition in self.logs})

    async def existing(self) -> frozenset[str]:
        self._answer()
        return self._existing()

    async def beginnings(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        self._find(partitions)
        return {partition: self.deleted.get(partition, 0) for partition in partitions}

    async def ends(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        self._find(partitions)
        return {partition: len(self.logs.get(partition, [])) for partition in partitions}

    def _find(self, partitions: Collection[TopicPartition]) -> None:
        self._answer()
        for partition in partitions:
            if partition.topic not in self._existing():
                raise TransientError(f"no leader for {partition.topic}[{partition.partition}]")

    async def committed(
        self, group: str, partitions: Collection[TopicPartition]
    ) -> dict[TopicPartition, Committed | None]:
        self._answer()
        known = {partition: self.offsets.get((group, partition)) for partition in partitions}
        return {partition: None if offset is None else Committed(offset) for partition, offset in known.items()}

    async def members(self, group: str) -> dict[str, frozenset[TopicPartition]]:
        self._answer()
        return self.joined.get(group, {})

    async def record_offsets(self, spans: Mapping[TopicPartition, Span]) -> dict[TopicPartition, list[int]]:
        self._answer()
        self.counted.append(dict(spans))
        return {
            partition: [record.offset for record in self._read(partition, span)] for partition, span in spans.items()
        }

    async def records(self, spans: Mapping[TopicPartition, Span]) -> list[Record]:
        self._answer()
        return [record for partition, span in spans.items() for record in self._read(partition, span)]

    async def follow(self, spans: Mapping[TopicPartition, Span]) -> AsyncIterator[list[Record]]:
        self._answer()
        for partition, span in spans.items():
            records = self._read(partition, span)
            if records:
                yield records

    def _read(self, partition: TopicPartition, span: Span) -> list[Record]:
        begin, end = span
        if begin < min(end, self.deleted.get(partition, 0)):
            raise OffsetOutOfRangeError({partition: begin})
        return [record for record in self.logs.get(partition, [])[begin:end] if record is not None]

    async def close(self) -> None:
        self.closed += 1


def beat(service: str = "enrich", instance: str = "enrich-1", *, at: datetime = START, **fields: object) -> Heartbeat:
    """Return a heartbeat of a process that started ten minutes before the fake clock."""
    values: dict[str, object] = {
        "service": service,
        "instance": instance,
        "host": "worker-1",
        "pid": 42,
        "version": "0.1.0",
        "started": START - timedelta(minutes=10),
        "at": at,
        "state": "running",
        "interval_seconds": 5.0,
    }
    return Heartbeat.model_validate(values | fields)


def observer_of(kafka: FakeKafka, clock: Clock, **settings: object) -> Observer:
    """Return an observer of `kafka` that uses `clock`."""
    return Observer(
        connect=kafka.connect,
        kafka=KafkaSettings(),
        settings=StatusSettings.model_validate(settings),
        now=clock.now,
        monotonic=clock.monotonic,
    )
