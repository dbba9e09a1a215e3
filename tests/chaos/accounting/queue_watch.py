"""Follows the changelog of pages, and tells which articles still wait for their page."""

from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from chaos.accounting.pages import REQUEST_KEY
from dateline.settings import KafkaSettings
from dateline_schemas.topics import PAGE_STATE

__all__ = ["QueueWatch"]

SHOWN = 3
"""At most this many articles are named."""


@dataclass(slots=True)
class QueueWatch:
    """The queues of all sites, as the committed records of the changelog tell them."""

    _consumer: Any
    _waiting: set[bytes] = field(default_factory=set)

    @classmethod
    async def open(cls, kafka: KafkaSettings) -> "QueueWatch":
        """Start at the beginning of the changelog."""
        consumer: Any = AIOKafkaConsumer(
            bootstrap_servers=kafka.bootstrap_servers, isolation_level="read_committed", auto_offset_reset="earliest"
        )
        await consumer.start()
        topic = PAGE_STATE.named(kafka.topic_prefix)
        consumer.assign([TopicPartition(topic, number) for number in range(PAGE_STATE.partitions)])
        await consumer.seek_to_beginning()
        return cls(consumer)

    async def waiting(self) -> list[str]:
        """Return what still waits, in words."""
        while found := await self._consumer.getmany(timeout_ms=200):
            for record in (record for records in found.values() for record in records):
                if record.key is not None and REQUEST_KEY.fullmatch(record.key):
                    (self._waiting.discard if record.value is None else self._waiting.add)(record.key)
        some = ", ".join(key.decode() for key in sorted(self._waiting)[:SHOWN])
        return [f"{len(self._waiting)} articles wait for their pages: {some}"] if self._waiting else []

    async def close(self) -> None:
        """Close the consumer."""
        await self._consumer.stop()
