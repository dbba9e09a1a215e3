"""Finds out what a sink would write, without opening its target and without committing anything."""

from dataclasses import dataclass, field

from dateline_schemas import EnrichedArticle
from dateline_schemas.headers import REPLAY_GROUP, header

from dateline.kafka.offsets import OffsetReader
from dateline.kafka.reader import read_to_end
from dateline.kafka.records import Record
from dateline.runtime.decoding import INVALID, decode
from dateline.settings import KafkaSettings
from dateline.sink.configured import ConfiguredSink

__all__ = ["DryRun", "try_out"]

TITLES = 5
"""The titles of this many articles are kept."""


@dataclass(slots=True, kw_only=True)
class DryRun:
    """What a sink would do with the records that the topic has now.

    Attributes:
        records: records read.
        matching: articles that would be written.
        filtered: articles that the conditions leave out.
        others: replayed records of other groups.
        invalid: records that would become dead letters before they reach the target.
        first_error: why the first of them would.
        titles: the titles of the first articles that would be written.
    """

    records: int = 0
    matching: int = 0
    filtered: int = 0
    others: int = 0
    invalid: int = 0
    first_error: str | None = None
    titles: list[str] = field(default_factory=list)

    def add(self, record: Record, sink: ConfiguredSink) -> None:
        """Count a record."""
        self.records += 1
        if header(record.headers, REPLAY_GROUP) not in (None, sink.group):
            self.others += 1
            return
        try:
            enriched: EnrichedArticle = decode(record, EnrichedArticle, sink.topic)
        except INVALID as error:
            self.invalid += 1
            self.first_error = self.first_error or f"{record.position}: {error}"
            return
        if not sink.where.matches(enriched):
            self.filtered += 1
            return
        self.matching += 1
        if len(self.titles) < TITLES:
            self.titles.append(enriched.article.title or f"(retracted: {enriched.id})")


async def try_out(sink: ConfiguredSink, kafka: KafkaSettings, offsets: OffsetReader) -> DryRun:
    """Read the topic from where the sink would begin without a position to its present end.

    Raises:
        TransientError: Kafka does not answer.
    """
    tried = DryRun()
    for partition in await offsets.partitions(sink.topic.named(kafka.topic_prefix)):
        first = await offsets.start(partition, sink.start)
        async for records in read_to_end(kafka, partition, client_id="dateline-sink", offsets=offsets, first=first):
            for record in records:
                tried.add(record, sink)
    return tried
