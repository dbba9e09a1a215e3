"""Fetches batches from the partitions of topics, many at a time."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from aiokafka import TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import NoError, OffsetOutOfRangeError, for_code
from aiokafka.protocol.fetch import FetchRequest
from dateline.concurrency.deadline import bounded
from dateline.errors import TransientError
from dateline.kafka.connection import client_options, discard
from dateline.kafka.offsets import OffsetReader
from dateline.settings import KafkaSettings

__all__ = ["LogReader", "RawPart"]

CLIENT_ID = "dateline-status-history"
"""Names the connections in the broker's log."""

ANSWER_SECONDS = 10.0
"""A broker counts as down if it does not answer within this time."""

READ_COMMITTED = 1
"""The level of isolation without records of open transactions."""


class RawPart(NamedTuple):
    """What a broker sent of a partition: raw batches, and the end of the partition.

    `data` is None if the partition no longer has the offset that was asked for.
    """

    data: bytes | None
    end: int


class LogReader:
    """Reads raw batches over a client of its own; a topic that does not exist is not created by asking for it."""

    def __init__(self, client: AIOKafkaClient, offsets: OffsetReader) -> None:
        self._client = client
        self.offsets = offsets

    @classmethod
    async def connect(cls, kafka: KafkaSettings) -> "LogReader":
        """Connect to a broker.

        Raises:
            KafkaError: no broker answers.
            TransientError: no broker answers in time.
        """
        offsets = await bounded(OffsetReader.connect(kafka, CLIENT_ID), ANSWER_SECONDS, "connecting to Kafka")
        client = AIOKafkaClient(**client_options(kafka, CLIENT_ID))
        try:
            await bounded(client.bootstrap(), ANSWER_SECONDS, "connecting to Kafka")
        except BaseException:
            await discard(client)
            await offsets.close()
            raise
        return cls(client, offsets)

    async def close(self) -> None:
        """Close the connections."""
        await discard(self._client)
        await self.offsets.close()

    async def partitions(self, topics: Collection[str]) -> list[TopicPartition]:
        """Return the partitions of those topics that exist."""
        cluster = await bounded(self._client.fetch_all_metadata(), ANSWER_SECONDS, "listing the topics")
        found = {topic: cluster.partitions_for_topic(topic) or set() for topic in topics}
        await bounded(
            self._client.set_topics([topic for topic, numbers in found.items() if numbers]),
            ANSWER_SECONDS,
            "asking for the topics",
        )
        return [TopicPartition(topic, number) for topic, numbers in found.items() for number in sorted(numbers)]

    async def fetch(
        self, positions: Mapping[TopicPartition, int], *, most_bytes: int, wait_seconds: float
    ) -> dict[TopicPartition, RawPart]:
        """Return what the partitions have from these offsets on; wait a little if they have nothing.

        Raises:
            TransientError: a broker does not answer in time, or a partition has no leader.
            KafkaError: a broker refuses.
        """
        asked: dict[int, dict[str, list[tuple[int, int, int]]]] = {}
        for partition, offset in positions.items():
            leader = self._client.cluster.leader_for_partition(partition)
            if leader is None or leader < 0:
                self._client.force_metadata_update()
                raise TransientError(f"no leader for {partition.topic}[{partition.partition}]")
            topics = asked.setdefault(leader, {})
            topics.setdefault(partition.topic, []).append((partition.partition, offset, most_bytes))
        found: dict[TopicPartition, RawPart] = {}
        for node, topics in asked.items():
            request = FetchRequest(
                int(wait_seconds * 1000 / len(asked)), 1, most_bytes, READ_COMMITTED, list(topics.items())
            )
            answer = await bounded(self._client.send(node, request), ANSWER_SECONDS + wait_seconds, "fetching records")
            for topic, parts in answer.topics:
                for number, code, end, *_, data in parts:
                    found[TopicPartition(topic, number)] = self._checked(code, end, data)
        return found

    def _checked(self, code: int, end: int, data: bytes | None) -> RawPart:
        error = for_code(code)
        if error is OffsetOutOfRangeError:
            return RawPart(None, end)
        if error is not NoError:
            self._client.force_metadata_update()
            raise error()
        return RawPart(data or b"", end)
