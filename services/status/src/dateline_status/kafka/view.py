"""What the observer asks of Kafka, and nothing else."""

from collections.abc import AsyncIterator, Collection, Mapping
from typing import Protocol

from aiokafka import TopicPartition
from dateline.kafka.offsets import Committed
from dateline.kafka.records import Record
from dateline.kafka.topics import TopicReport

__all__ = ["KafkaView", "Span"]

Span = tuple[int, int]
"""Offsets of a partition, from and up to but not including."""


class KafkaView(Protocol):
    """A connection to Kafka that only reads.

    Every method raises `TransientError`, `KafkaError` or `OSError` when Kafka does not answer in time; the view
    is then closed and another one opened.
    """

    async def topics(self) -> list[TopicReport]:
        """Return each topic of the registry beside what Kafka has."""
        ...

    async def existing(self) -> frozenset[str]:
        """Return the names of all topics, those of others included."""
        ...

    async def beginnings(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Return the first offset that each partition still has."""
        ...

    async def ends(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Return the last stable offset of each partition."""
        ...

    async def committed(
        self, group: str, partitions: Collection[TopicPartition]
    ) -> dict[TopicPartition, Committed | None]:
        """Return what a group has committed; None: surely nothing."""
        ...

    async def members(self, group: str) -> dict[str, frozenset[TopicPartition]]:
        """Return the partitions of each member of a group by its client id."""
        ...

    async def record_offsets(self, spans: Mapping[TopicPartition, Span]) -> dict[TopicPartition, list[int]]:
        """Return the offsets at which the spans hold committed records, in order."""
        ...

    async def records(self, spans: Mapping[TopicPartition, Span]) -> list[Record]:
        """Return the committed records of the spans, in order within a partition."""
        ...

    def follow(self, spans: Mapping[TopicPartition, Span]) -> AsyncIterator[list[Record]]:
        """Yield the committed records of the spans, and perhaps some beyond, in order within a partition.

        A span begins where the last call for the same partition ended: behind the last record that it
        yielded, or at the end that it was asked for, whichever is further.
        """
        ...

    async def close(self) -> None:
        """Close the connection; never hangs."""
        ...
