"""No error is ever taken for a missing offset."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka import TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.coordinator.protocol import ConsumerProtocol, ConsumerProtocolMemberAssignment
from aiokafka.errors import GroupAuthorizationFailedError, KafkaConnectionError
from dateline.errors import TransientError
from dateline.kafka.offsets import Committed, OffsetReader

ONE, TWO = TopicPartition("items", 1), TopicPartition("items", 2)

LOADING, NOT_COORDINATOR, NOT_LEADER, FORBIDDEN = 14, 16, 6, 30


class FakeCluster:
    """Knows the leaders of partitions after they were set."""

    def __init__(self) -> None:
        self.leaders: dict[TopicPartition, int] = {ONE: 0, TWO: 0}

    def leader_for_partition(self, partition: TopicPartition) -> int | None:
        return self.leaders.get(partition)

    def partitions_for_topic(self, topic: str) -> set[int] | None:
        return {p.partition for p in self.leaders if p.topic == topic} or None


class FakeClient:
    """Returns the given answers one after the other, and then repeats the last one."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[Any] = []
        self.cluster = FakeCluster()
        self.found_by_update: dict[TopicPartition, int] = {}

    async def coordinator_lookup(self, kind: object, group: str) -> int:
        return 0

    async def send(self, node: int, request: Any, **_: Any) -> Any:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def get_random_node(self) -> int:
        return 0

    def add_topic(self, topic: str) -> None:
        return None

    def force_metadata_update(self) -> Any:
        self.cluster.leaders |= self.found_by_update

        async def done() -> None:
            return None

        return _Done(done)


class _Done:
    """May be awaited or not, like a future."""

    def __init__(self, work: Any) -> None:
        self._work = work

    def __await__(self) -> Any:
        return self._work().__await__()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dateline.concurrency.backoff.pause_seconds", lambda failures, **_: 0)


def reader(*answers: Any) -> tuple[OffsetReader, FakeClient]:
    client = FakeClient(*answers)
    return OffsetReader(cast(AIOKafkaClient, client)), client


def fetched(*partitions: tuple[int, int, str | None, int], code: int = 0) -> Any:
    return SimpleNamespace(error_code=code, topics=[("items", list(partitions))])


def listed(*partitions: tuple[int, int, int, int]) -> Any:
    return SimpleNamespace(topics=[("items", list(partitions))])


def described(*members: tuple[str, bytes], code: int = 0) -> Any:
    rows = [(f"id-{client}", client, "host", b"", assignment) for client, assignment in members]
    return SimpleNamespace(groups=[(code, "g", "Stable", "consumer", "sticky", rows)])


async def test_none_means_that_no_offset_is_committed() -> None:
    offsets, _ = reader(fetched((1, -1, "", 0), (2, 7, None, 0)))
    assert await offsets.committed("g", [ONE, TWO]) == {ONE: None, TWO: Committed(7, "")}


async def test_metadata_is_returned_with_the_offset() -> None:
    offsets, _ = reader(fetched((1, 7, "text", 0)))
    assert await offsets.committed("g", [ONE]) == {ONE: Committed(7, "text")}


@pytest.mark.parametrize(
    "trouble",
    [
        fetched(code=LOADING),
        fetched((1, -1, "", 0), code=LOADING),
        fetched((1, -1, "", NOT_COORDINATOR)),
        KafkaConnectionError("gone"),
        ConnectionResetError(),
        AssertionError("Did we not perform bootstrap?"),
    ],
)
async def test_a_request_to_a_coordinator_that_is_not_ready_is_retried(trouble: Any) -> None:
    offsets, client = reader(trouble, trouble, fetched((1, 7, "", 0)))
    assert await offsets.committed("g", [ONE]) == {ONE: Committed(7)}
    assert len(client.requests) == 3


async def test_a_coordinator_that_never_becomes_ready_is_a_transient_error() -> None:
    offsets, _ = reader(fetched(code=LOADING))
    with pytest.raises(TransientError, match=r"committed offsets of group g: .*InProgress"):
        await offsets.committed("g", [ONE])


async def test_a_missing_permission_is_not_retried() -> None:
    offsets, client = reader(fetched(code=FORBIDDEN))
    with pytest.raises(GroupAuthorizationFailedError):
        await offsets.committed("g", [ONE])
    assert len(client.requests) == 1


async def test_no_request_is_sent_for_an_empty_list_of_partitions() -> None:
    offsets, client = reader(fetched())
    assert await offsets.committed("g", []) == {}
    assert await offsets.ends([]) == {}
    assert client.requests == []


async def test_ends_are_those_of_committed_records_and_high_watermarks_are_not() -> None:
    offsets, client = reader(listed((1, 0, -1, 30)))
    assert await offsets.ends([ONE]) == {ONE: 30}
    assert await offsets.high_watermarks([ONE]) == {ONE: 30}
    assert await offsets.beginnings([ONE]) == {ONE: 30}
    asked = [(request._isolation_level, request._topics[0][1][0][1]) for request in client.requests]
    assert asked == [(1, -1), (0, -1), (1, -2)]


async def test_the_new_leader_of_a_partition_is_found() -> None:
    offsets, client = reader(listed((1, NOT_LEADER, -1, -1)), listed((1, 0, -1, 30)))
    assert await offsets.ends([ONE]) == {ONE: 30}
    client.cluster.leaders.clear()
    client.found_by_update = {ONE: 0}
    assert await offsets.ends([ONE]) == {ONE: 30}


async def test_a_partition_without_a_leader_is_a_transient_error() -> None:
    offsets, client = reader(listed())
    client.cluster.leaders = {ONE: -1}
    with pytest.raises(TransientError, match=r"no leader for items\[1\]"):
        await offsets.ends([ONE])


async def test_members_are_returned_with_their_partitions() -> None:
    assignment = ConsumerProtocolMemberAssignment(0, [("items", [1, 2])], b"")
    offsets, _ = reader(described(code=LOADING), described(("me", assignment.encode()), ("joins", b"")))
    assert ConsumerProtocol.ASSIGNMENT.decode(assignment.encode()).partitions() == [ONE, TWO]
    assert await offsets.members("g") == {"me": frozenset({ONE, TWO}), "joins": frozenset()}


async def test_a_topic_that_does_not_exist_has_no_partitions() -> None:
    offsets, _ = reader()
    assert await offsets.partitions("items") == [ONE, TWO]
    assert await offsets.partitions("other") == []


async def test_a_time_is_the_offset_of_the_first_record_that_is_not_older_or_the_end() -> None:
    time = datetime(2026, 5, 1, tzinfo=UTC)
    found = SimpleNamespace(topics=[("items", [(1, 0, 0, 17), (2, 0, -1, -1)])])
    end = SimpleNamespace(topics=[("items", [(2, 0, -1, 40)])])
    offsets, client = reader(found, end)
    assert await offsets.since([ONE, TWO], time) == {ONE: 17, TWO: 40}
    (_, partitions) = client.requests[0]._topics[0]
    assert partitions == [(1, 1777593600000), (2, 1777593600000)]
    offsets, _ = reader(found)
    assert await offsets.start(ONE, time) == 17


async def test_the_id_of_the_cluster_is_asked_for_until_a_broker_answers() -> None:
    offsets, client = reader(KafkaConnectionError(), SimpleNamespace(cluster_id="abc"))
    assert await offsets.cluster_id() == "abc"
    assert len(client.requests) == 2
    offsets, _ = reader(SimpleNamespace(cluster_id=None))
    assert await offsets.cluster_id() == ""
