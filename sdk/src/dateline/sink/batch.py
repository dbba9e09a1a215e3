"""The records that a sink writes at once."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dateline_schemas import EnrichedArticle
from dateline_schemas.headers import CE_TIME, REPLAY_GROUP, header

from dateline.kafka.records import Record

__all__ = ["BatchLimits", "SinkBatch", "SinkRecord", "recorded_at", "revised_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLimits:
    """When a batch is written.

    Attributes:
        records: it has this many records.
        bytes: its records have this many bytes.
        wait: this much time has passed since its first record arrived; zero writes what has arrived at once.
    """

    records: int = 500
    bytes: int = 8 * 1024 * 1024
    wait: timedelta = timedelta()


@dataclass(slots=True)
class SinkRecord:
    """A valid record of the topic.

    Attributes:
        record: the record as Kafka has it.
        decoded: the article if it is kept in memory; a sink that waits for large batches decodes each when it needs it.
    """

    record: Record
    decoded: EnrichedArticle | None = None

    @property
    def article(self) -> EnrichedArticle:
        """The value; decoded again at each access unless it is kept."""
        return self.decoded or EnrichedArticle.from_bytes(self.record.value or b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class SinkBatch:
    """Consecutive records of a partition.

    Attributes:
        records: the records to write, in order; may be empty, when only the position moves.
        first_offset: where the last batch ended, which is the position before this batch.
        next_offset: the position after it: the offset to go on from.
    """

    records: Sequence[SinkRecord]
    first_offset: int
    next_offset: int

    def articles(self) -> Iterator[tuple[EnrichedArticle, datetime]]:
        """Yield each article with its time of revision."""
        for each in self.records:
            article = each.article
            yield article, revised_at(article, each.record)


def revised_at(article: EnrichedArticle, record: Record) -> datetime:
    """Return the time that orders the revisions of an article; records of contract 1.0 have their own time instead."""
    return article.revised_at or recorded_at(record)


def recorded_at(record: Record) -> datetime:
    """Return when a record was written at first: its timestamp, or the time of its event if it is a replayed one."""
    if header(record.headers, REPLAY_GROUP) is not None:
        with contextlib.suppress(ValueError):
            time = datetime.fromisoformat(header(record.headers, CE_TIME) or "")
            # As precise as a timestamp, and always of a zone.
            return time.replace(microsecond=time.microsecond // 1000 * 1000, tzinfo=time.tzinfo or UTC)
    return datetime.fromtimestamp(max(record.timestamp, 0) / 1000, UTC)
