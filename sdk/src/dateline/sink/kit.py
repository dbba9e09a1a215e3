"""Tests a sink without a broker: feed it articles, then look into the target.

kit = SinkKit(lambda: MySink("file.csv"))
await kit.feed(article, another)
assert kit.position == 2
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import TopicPartition
from dateline_schemas import DEFAULT_PREFIX, Article, DeadLetter, EnrichedArticle
from dateline_schemas.headers import event_headers
from dateline_schemas.topics import ARTICLES_ENRICHED

from dateline.clock import utc_now
from dateline.errors import RecordsDeletedError
from dateline.kafka.records import Headers, Output, Record
from dateline.runtime.task import TaskProgress
from dateline.settings import RuntimeSettings
from dateline.sink.batch import BatchLimits
from dateline.sink.partition import SinkPartition
from dateline.sink.place import SinkPlace
from dateline.sink.sink import Sink
from dateline.sink.target_writer import TargetWriter
from dateline.sink.totals import SinkTotals
from dateline.sink.where import Where

__all__ = ["SinkKit", "a_place", "a_record"]


def a_place(
    *, group: str = "kit", partition: int = 0, cluster_id: str = "cluster-1", owner: str = "kit-1", topic: str = ""
) -> SinkPlace:
    """Return a place; without a topic it is one of `articles.enriched`."""
    name = topic or ARTICLES_ENRICHED.named()
    return SinkPlace(cluster_id=cluster_id, group=group, topic=name, partition=partition, owner=owner)


def a_record(value: EnrichedArticle | Article | bytes | None, offset: int, *, headers: Headers | None = None) -> Record:
    """Return a record of `articles.enriched` as enrich writes it; an article that is not enriched gets no annotations.

    Args:
        value: the article, raw bytes, or None for a tombstone.
        offset: its offset; the timestamp grows with it.
        headers: None means those that enrich writes.
    """
    if isinstance(value, Article):
        value = EnrichedArticle(article=value, revision=1)
    key = value.id.encode() if isinstance(value, EnrichedArticle) else b"key"
    if headers is None:
        headers = tuple(event_headers(ARTICLES_ENRICHED, id=str(offset), source="/kit", time=utc_now()))
    return Record(
        topic=ARTICLES_ENRICHED.named(),
        partition=0,
        offset=offset,
        timestamp=1_750_000_000_000 + offset,
        key=key,
        value=value.to_bytes() if isinstance(value, EnrichedArticle) else value,
        headers=headers,
    )


@dataclass(slots=True)
class _Log:
    """A partition in memory and what Kafka keeps for the group; it takes the part of the runtime's task."""

    partition: TopicPartition
    records: list[Record] = field(default_factory=list)
    begin: int = 0
    end: int = 0
    at: int = 0
    committed: int | None = None
    metadata: str = ""
    next_offset: int = 0
    start: int = 0
    letters: list[Output] = field(default_factory=list)
    progress: TaskProgress = field(default_factory=TaskProgress)
    failures: list[Exception] = field(default_factory=list)
    drained: asyncio.Event = field(default_factory=asyncio.Event)
    name: str = "kit"

    @property
    def offsets(self) -> "_Log":
        return self

    async def beginnings(self, partitions: Iterable[TopicPartition]) -> Mapping[TopicPartition, int]:
        return dict.fromkeys(partitions, self.begin)

    async def first_offset(self) -> int:
        return self.start

    async def read_from(self, offset: int) -> None:
        if offset < self.begin:
            raise RecordsDeletedError(f"retention deleted records {offset} to {self.begin - 1}")
        self.at = self.next_offset = self.committed = offset

    async def position(self) -> int:
        return self.at if any(record.offset >= self.at for record in self.records) else max(self.at, self.end)

    async def take(self, most: int, seconds: float) -> Sequence[Record]:
        taken = [record for record in self.records if record.offset >= self.at][:most]
        if taken:
            self.at = taken[-1].offset + 1
        else:
            self.drained.set()
        await asyncio.sleep(0)
        return taken

    def give_back(self, records: Sequence[Record]) -> None:
        if records:
            self.at = records[0].offset

    async def commit(self, outputs: Sequence[Output], *, next_offset: int, metadata: str) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.letters += outputs
        self.committed, self.metadata, self.next_offset = next_offset, metadata, next_offset


@dataclass(slots=True)
class SinkKit:
    """Runs a sink on one partition in memory, with the production code up to the transaction in Kafka.

    Attributes:
        make: returns a sink for the target.
        where: the conditions on articles.
        limits: when batches are written.
        runtime: the limit on dead letters.
        place: the place that is opened.
        keeps_position: whether the target keeps the position.
        skip_deleted: go on at the oldest record when retention has deleted the next ones.
        start: the offset at which a new group begins.
    """

    make: Callable[[], Sink]
    where: Where = field(default_factory=Where)
    limits: BatchLimits = field(default_factory=BatchLimits)
    runtime: RuntimeSettings = field(default_factory=RuntimeSettings)
    place: SinkPlace = field(default_factory=a_place)
    keeps_position: bool = True
    skip_deleted: bool = False
    start: int = 0
    totals: SinkTotals = field(default_factory=lambda: SinkTotals(name="kit", target="kit"))
    log: _Log = field(init=False)

    def __post_init__(self) -> None:
        self.log = _Log(TopicPartition(self.place.topic, self.place.partition), start=self.start)

    @property
    def position(self) -> int | None:
        """The offset that the group has committed in Kafka."""
        return self.log.committed

    @property
    def dead_letters(self) -> list[tuple[bytes | None, DeadLetter]]:
        """The original value and the description of each dead letter."""
        return [(letter.value, DeadLetter.from_headers(letter.headers)) for letter in self.log.letters]

    def append(self, *values: EnrichedArticle | Article | bytes | None, headers: Headers | None = None) -> None:
        """Append a record for each of `values` to the partition, without running the sink."""
        for value in values:
            self.log.records.append(a_record(value, self.log.end, headers=headers))
            self.log.end += 1

    def append_control(self) -> None:
        """Append a control record, as every transaction of enrich does."""
        self.log.end += 1

    async def feed(self, *values: EnrichedArticle | Article | bytes | None, headers: Headers | None = None) -> None:
        """Append a record for each of `values`, and run the sink until nothing is left.

        Raises:
            DatelineError: the sink stops or has to be opened again; another `run` does that.
        """
        self.append(*values, headers=headers)
        await self.run()

    async def run(self) -> None:
        """Open the sink, write what the partition has, and close it, as after a restart.

        Raises:
            DatelineError: the sink stops or has to be opened again; another `run` does that.
        """
        self.log.drained.clear()
        if not self.keeps_position:
            self.log.at = self.log.next_offset = self.log.committed = self.log.committed or self.start
        task: Any = self.log
        writer = TargetWriter(
            task=task,
            make=self.make,
            place=self.place,
            keeps_position=self.keeps_position,
            skip_deleted=self.skip_deleted,
            stage="kit",
            prefix=DEFAULT_PREFIX,
            runtime=self.runtime,
            totals=self.totals,
        )
        partition = SinkPartition(
            task=task,
            writer=writer,
            topic=ARTICLES_ENRICHED,
            where=self.where,
            limits=self.limits,
            totals=self.totals,
        )
        await partition.run(self.log.drained)
