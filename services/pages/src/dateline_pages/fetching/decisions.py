"""Follows what operators decide about the sites of one partition."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiokafka import TopicPartition
from dateline.kafka.follower import PartitionFollower
from dateline.kafka.records import Record
from dateline.log import get_logger
from dateline.runtime.task import Task
from dateline_schemas import ContractError, SiteSettings
from dateline_schemas.topics import SITES

__all__ = ["SiteDecisions"]

log = get_logger("dateline.pages")

MAX_RECORDS = 500
"""At most this many records are read at a time."""

LOST = "decisions about sites were deleted before they were read"
"""The warning when somebody has deleted records of the topic."""

Decision = tuple[str, SiteSettings | None]
"""A site and what was decided about it; None ends the decision."""


@dataclass(slots=True)
class SiteDecisions:
    """The partition of `sites` that goes with a task's partition of `page-requests`; it is a table."""

    _follower: PartitionFollower

    @classmethod
    async def open(cls, task: Task) -> "SiteDecisions":
        """Start at the beginning of the table."""
        partition = TopicPartition(SITES.named(task.kafka.topic_prefix), task.partition.partition)
        return cls(
            await PartitionFollower.open(
                task.kafka,
                partition,
                None,
                lost=LOST,
                offsets=task.offsets,
                client_id=task.client_id,
                stalled_seconds=task.stalled_seconds,
            )
        )

    async def present(self) -> AsyncIterator[Decision]:
        """Yield the decisions up to the end that the table has now."""
        async for records in self._follower.present(MAX_RECORDS):
            for record in records:
                if (decision := _decision(record)) is not None:
                    yield decision

    async def take(self) -> list[Decision]:
        """Return the decisions that have arrived, without waiting."""
        records = await self._follower.take(MAX_RECORDS)
        return [decision for record in records if (decision := _decision(record)) is not None]

    async def close(self) -> None:
        """Close the reader."""
        await self._follower.close()


def _decision(record: Record) -> Decision | None:
    if record.key is None:
        return None
    try:
        settings = None if record.value is None else SiteSettings.from_bytes(record.value)
    except ContractError as error:
        log.warning("a decision about a site is ignored", record=record.position, reason=str(error))
        return None
    return record.key.decode("utf-8", "replace"), settings
