"""The questions that the status service asks Kafka."""

from collections.abc import AsyncIterator, Collection, Mapping
from typing import Protocol

from aiokafka import TopicPartition
from dateline.kafka.offsets import Committed
from dateline.kafka.records import Record
from dateline.kafka.topics import TopicReport

__all__ = ["KafkaView", "Span"]

Span = tuple[int, int]
"""A range of offsets of a partition: the first one, and the one after the last."""


class KafkaView(Protocol):
    """A read-only connection to Kafka.

    Every method raises `TransientError`, `KafkaError` or `OSError` if Kafka does not answer in time; the caller then
    closes the view and opens another one.
    """

    async def topics(self) -> list[TopicReport]:
        """Compare each topic of the registry with the one in Kafka."""
        ...

    async def existing(self) -> frozenset[str]:
        """Return the names of all topics, including those outside the registry."""
        ...

    async def beginnings(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Return the first available offset of each partition."""
        ...

    async def ends(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Return the last stable offset of each partition."""
        ...

    async def committed(
        self, group: str, partitions: Collection[TopicPartition]
    ) -> dict[TopicPartition, Committed | None]:
        """Return the offsets that a group has committed; None means that it has committed none."""
        ...

    async def members(self, group: str) -> dict[str, frozenset[TopicPartition]]:
        """Return the partitions of each member of a group, by client id."""
        ...

    async def record_offsets(self, spans: Mapping[TopicPartition, Span]) -> dict[TopicPartition, list[int]]:
        """Return the offsets of the committed records in the spans, in order."""
        ...

    async def records(self, spans: Mapping[TopicPartition, Span]) -> list[Record]:
        """Return the committed records in the spans, in order within each partition.

        Raises:
            KafkaError: retention has deleted a part of a span.
        """
        ...

    def follow(self, spans: Mapping[TopicPartition, Span]) -> AsyncIterator[list[Record]]:
        """Yield the committed records in the spans, and perhaps some after them, in order within each partition.

        Each span must begin where the last call for its partition ended: after the last record that it yielded, or
        at the end of its span, whichever is greater.
        """
        ...

    async def close(self) -> None:
        """Close the connection; this never hangs."""
        ...
