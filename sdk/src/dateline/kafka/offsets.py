"""Reads committed offsets and log ends, and never takes an error for a missing offset."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from aiokafka import TopicPartition
from aiokafka.client import AIOKafkaClient, ConnectionGroup, CoordinationType
from aiokafka.coordinator.protocol import ConsumerProtocol
from aiokafka.errors import KafkaError, NoError, for_code
from aiokafka.protocol.admin import DescribeGroupsRequest
from aiokafka.protocol.commit import OffsetFetchRequest
from aiokafka.protocol.metadata import MetadataRequest
from aiokafka.protocol.offset import OffsetRequest

from dateline.concurrency.backoff import Backoff
from dateline.errors import TransientError
from dateline.kafka.connection import client_options, discard
from dateline.settings import KafkaSettings

__all__ = ["Committed", "OffsetReader", "Start"]

Start = Literal["earliest", "latest"] | datetime
"""The beginning of a partition, its end, or the first record that is not older than a time."""

READ_UNCOMMITTED, READ_COMMITTED = 0, 1
"""Isolation levels: the end of a log is its high watermark, or its last stable offset."""

LATEST, EARLIEST = -1, -2
"""The timestamps with which ListOffsets returns the end and the beginning."""

ATTEMPTS = 8
"""A request is tried this often while a coordinator or leader moves or loads, for about ten seconds in all."""


@dataclass(frozen=True, slots=True)
class Committed:
    """A group's committed offset of a partition, with the metadata text that was committed with it."""

    offset: int
    metadata: str = ""


class OffsetReader:
    """Requests offsets from brokers over a client of its own.

    aiokafka's consumer and admin client check the errors of single partitions and ignore the top-level error of
    OffsetFetch: while a coordinator loads, they report that a group has no offsets. Here that error is retried, so
    None means that the group has no offset.
    """

    def __init__(self, client: AIOKafkaClient) -> None:
        self._client = client

    @classmethod
    async def connect(cls, kafka: KafkaSettings, client_id: str) -> "OffsetReader":
        """Connect to a broker.

        Raises:
            KafkaError: no broker answers.
        """
        client = AIOKafkaClient(**client_options(kafka, client_id))
        try:
            await client.bootstrap()
        except BaseException:
            await discard(client)
            raise
        return cls(client)

    async def close(self) -> None:
        """Close the client."""
        await discard(self._client)

    async def committed(
        self, group: str, partitions: Collection[TopicPartition]
    ) -> dict[TopicPartition, Committed | None]:
        """Return the committed offset of `group` for each of `partitions`; None if it has none.

        Raises:
            TransientError: the coordinator could not answer for about ten seconds.
        """
        by_topic: dict[str, list[int]] = defaultdict(list)
        for partition in partitions:
            by_topic[partition.topic].append(partition.partition)
        committed: dict[TopicPartition, Committed | None] = dict.fromkeys(partitions)

        async def ask() -> None:
            node = await self._client.coordinator_lookup(CoordinationType.GROUP, group)
            request = OffsetFetchRequest(group, list(by_topic.items()))
            response = await self._client.send(node, request, group=ConnectionGroup.COORDINATION)
            _raise_for(response.error_code)
            for topic, answers in response.topics:
                for number, offset, metadata, code in answers:
                    _raise_for(code)
                    if offset >= 0:
                        committed[TopicPartition(topic, number)] = Committed(offset, metadata or "")

        if by_topic:
            await self._patiently(ask, f"committed offsets of group {group}")
        return committed

    async def ends(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Return the last stable offset of each partition, which is the end for `read_committed` readers."""
        return await self._list(partitions, LATEST)

    async def high_watermarks(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Return the end of each partition, including records of open transactions."""
        return await self._list(partitions, LATEST, READ_UNCOMMITTED)

    async def beginnings(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Return the first available offset of each partition."""
        return await self._list(partitions, EARLIEST)

    async def since(self, partitions: Collection[TopicPartition], time: datetime) -> dict[TopicPartition, int]:
        """Return the offset of the first record of each partition that is not older than `time`, or else its end."""
        found = await self._list(partitions, int(time.timestamp() * 1000))
        late = [partition for partition, offset in found.items() if offset < 0]
        return found | (await self.ends(late))

    async def start(self, partition: TopicPartition, start: Start) -> int:
        """Return the offset of a partition's beginning, of its end, or of a time."""
        if isinstance(start, datetime):
            return (await self.since([partition], start))[partition]
        bounds = self.beginnings if start == "earliest" else self.ends
        return (await bounds([partition]))[partition]

    async def cluster_id(self) -> str:
        """Return the id of the Kafka cluster; empty if the brokers give it none.

        Raises:
            TransientError: no broker could answer.
        """
        answers: list[str] = []

        async def ask() -> None:
            node = self._client.get_random_node()
            if node is None:
                raise TransientError("no broker is known yet")
            response = await self._client.send(node, MetadataRequest([]))
            answers.append(response.cluster_id or "")

        await self._patiently(ask, "the id of the cluster")
        return answers[0]

    async def members(self, group: str) -> dict[str, frozenset[TopicPartition]]:
        """Return the partitions of each member of `group` by client id; empty during a rebalance.

        Raises:
            TransientError: the coordinator could not answer.
        """
        members: dict[str, frozenset[TopicPartition]] = {}

        async def ask() -> None:
            members.clear()
            node = await self._client.coordinator_lookup(CoordinationType.GROUP, group)
            request = DescribeGroupsRequest([group])
            response = await self._client.send(node, request, group=ConnectionGroup.COORDINATION)
            for code, _group, _state, _type, _protocol, listed, *_rest in response.groups:
                _raise_for(code)
                for member in listed:
                    client_id, assignment = _member(member)
                    members[client_id] = assignment

        await self._patiently(ask, f"members of group {group}")
        return members

    async def partitions(self, topic: str) -> list[TopicPartition]:
        """Return the partitions of `topic`; an empty list if it does not exist."""
        self._client.add_topic(topic)
        await self._client.force_metadata_update()
        numbers = self._client.cluster.partitions_for_topic(topic) or set()
        return [TopicPartition(topic, number) for number in sorted(numbers)]

    async def _list(
        self, partitions: Collection[TopicPartition], time: int, isolation: int = READ_COMMITTED
    ) -> dict[TopicPartition, int]:
        offsets: dict[TopicPartition, int] = {}

        async def ask() -> None:
            nodes: dict[int, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
            missing = {p.topic for p in partitions if self._leader(p) is None}
            if missing:
                for topic in missing:
                    self._client.add_topic(topic)
                await self._client.force_metadata_update()
            for partition in partitions:
                leader = self._leader(partition)
                if leader is None:
                    raise TransientError(f"no leader for {partition.topic}[{partition.partition}]")
                nodes[leader][partition.topic].append((partition.partition, time))
            for node, topics in nodes.items():
                request = OffsetRequest(-1, isolation, [(t, ps) for t, ps in topics.items()])
                _collect(await self._client.send(node, request), offsets)

        if partitions:
            await self._patiently(ask, "log offsets")
        return offsets

    def _leader(self, partition: TopicPartition) -> int | None:
        leader: int | None = self._client.cluster.leader_for_partition(partition)
        return None if leader is None or leader < 0 else leader

    async def _patiently(self, ask: Any, what: str) -> None:
        backoff = Backoff(initial_seconds=0.1, longest_seconds=3.0, attempts=ATTEMPTS)
        while True:
            try:
                await ask()
            except (KafkaError, OSError, TransientError, AssertionError) as error:
                # A broker that has just started may return an empty list, for which aiokafka raises AssertionError.
                if isinstance(error, KafkaError) and not _passes(error):
                    raise
                if backoff.exhausted:
                    raise TransientError(f"{what}: {type(error).__name__}: {error}") from error
                self._client.force_metadata_update()
                await backoff.pause()
            else:
                return


def _passes(error: KafkaError) -> bool:
    return bool(error.retriable) or "Connection" in type(error).__name__ or "Node" in type(error).__name__


def _member(member: Any) -> tuple[str, frozenset[TopicPartition]]:
    *_, client_id, _host, _metadata, assignment = member
    if not assignment:
        return client_id, frozenset()
    return client_id, frozenset(ConsumerProtocol.ASSIGNMENT.decode(assignment).partitions())


def _collect(response: Any, offsets: dict[TopicPartition, int]) -> None:
    for topic, answers in response.topics:
        for number, code, *rest in answers:
            _raise_for(code)
            offsets[TopicPartition(topic, number)] = rest[-1]


def _raise_for(code: int) -> None:
    error = for_code(code)
    if error is not NoError:
        raise error()
