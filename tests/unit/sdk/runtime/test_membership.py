"""A member of a group notices when the broker assigns it other partitions than it holds."""

import asyncio
import math
from collections.abc import Collection
from typing import Any, cast

import pytest
from aiokafka import TopicPartition
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from aiokafka.errors import GroupAuthorizationFailedError, KafkaConnectionError
from dateline.errors import StageError, TransientError
from dateline.kafka.offsets import OffsetReader
from dateline.runtime import membership as membership_module
from dateline.runtime.membership import Membership
from dateline.settings import KafkaSettings

ONE, TWO = TopicPartition("items", 1), TopicPartition("items", 2)

KAFKA = KafkaSettings(session_timeout_seconds=1, transaction_timeout_seconds=0.5)


class FakeOffsets:
    """Returns the members that the broker would return."""

    def __init__(self) -> None:
        self.answer: dict[str, frozenset[TopicPartition]] | Exception = {}

    async def members(self, group: str) -> dict[str, frozenset[TopicPartition]]:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Clock:
    """Stands in for the module `time`."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(membership_module, "time", made)
    return made


@pytest.fixture
def offsets() -> FakeOffsets:
    return FakeOffsets()


def a_member(offsets: FakeOffsets, kafka: KafkaSettings = KAFKA, **callbacks: Any) -> Membership:
    async def revoked(partitions: Collection[TopicPartition]) -> None:
        return None

    chosen: dict[str, Any] = {"assigned": lambda partitions: None, "revoked": revoked} | callbacks
    return Membership(kafka, group="g", topic="items", client_id="me", offsets=cast(OffsetReader, offsets), **chosen)


async def test_a_member_that_the_broker_knows_stays(offsets: FakeOffsets, clock: Clock) -> None:
    member = a_member(offsets)
    await member.on_partitions_assigned({ONE, TWO})
    offsets.answer = {"me": frozenset({ONE, TWO}), "other": frozenset()}
    for clock.now in range(1, 20):
        await member.check()
    assert not await member.lost(ONE)


@pytest.mark.parametrize("answer", [{}, {"other": frozenset({ONE})}, {"me": frozenset()}, {"me": frozenset({TWO})}])
async def test_a_member_whose_partitions_differ_from_the_brokers_answer_joins_again(
    offsets: FakeOffsets, clock: Clock, answer: dict[str, frozenset[TopicPartition]]
) -> None:
    member = a_member(offsets)
    await member.on_partitions_assigned({ONE})
    offsets.answer = answer
    clock.now = 1.5
    await member.check()
    clock.now = 2.5
    with pytest.raises(TransientError, match=r"the broker assigns me .*; it holds \[1\]"):
        await member.check()


async def test_a_member_without_partitions_that_the_broker_forgot_joins_again(
    offsets: FakeOffsets, clock: Clock
) -> None:
    member = a_member(offsets)
    clock.now = 10
    with pytest.raises(TransientError, match="nothing, because it is not a member"):
        await member.check()


async def test_a_broker_that_does_not_answer_causes_no_new_join(offsets: FakeOffsets, clock: Clock) -> None:
    member = a_member(offsets)
    await member.on_partitions_assigned({ONE})
    offsets.answer = TransientError("the coordinator is away")
    for clock.now in range(1, 20):
        await member.check()
    assert await member.lost(ONE) is False


async def test_a_partition_is_lost_when_the_broker_assigns_it_to_another_member(offsets: FakeOffsets) -> None:
    member = a_member(offsets)
    offsets.answer = {"me": frozenset({TWO}), "other": frozenset({ONE})}
    assert await member.lost(ONE) is True
    assert await member.lost(TWO) is False
    offsets.answer = {}
    assert await member.lost(TWO) is True


async def test_a_static_member_is_identified_by_its_instance_id(offsets: FakeOffsets) -> None:
    """The broker keeps the client id of the process that joined first."""
    member = a_member(offsets, KAFKA.model_copy(update={"instance_id": "replica-1"}))
    offsets.answer = {"replica-1": frozenset({ONE})}
    assert await member.lost(ONE) is False


async def test_a_release_that_fails_does_not_stop_the_rebalance(offsets: FakeOffsets) -> None:
    released: list[Collection[TopicPartition]] = []

    async def fail(partitions: Collection[TopicPartition]) -> None:
        released.append(partitions)
        raise RuntimeError("no")

    await a_member(offsets, revoked=fail).on_partitions_revoked({ONE})
    assert released == [{ONE}]


def test_members_of_one_process_have_separate_assignors(offsets: FakeOffsets) -> None:
    """aiokafka keeps a member's assignment in the class, so that it would claim the partitions of another group."""
    first: Any = a_member(offsets).assignor
    second: Any = a_member(offsets).assignor
    first.member_assignment = [ONE]
    assert second.member_assignment is None
    assert StickyPartitionAssignor.member_assignment is None


async def test_a_consumer_that_fails_is_replaced(offsets: FakeOffsets, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, attempts = asyncio.Event(), 0

    async def connect(*_: Any) -> None:
        nonlocal attempts
        attempts += 1
        if attempts < 3:
            raise KafkaConnectionError("gone")
        stop.set()

    monkeypatch.setattr(membership_module, "start_patiently", connect)
    monkeypatch.setattr("dateline.concurrency.backoff.pause_seconds", lambda failures, **_: 0)
    await a_member(offsets).run(stop)
    assert attempts == 3


async def test_a_missing_permission_for_the_group_stops_the_stage(
    offsets: FakeOffsets, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def connect(*_: Any) -> None:
        raise GroupAuthorizationFailedError("g")

    monkeypatch.setattr(membership_module, "start_patiently", connect)
    with pytest.raises(StageError, match="group g: GroupAuthorizationFailedError"):
        await a_member(offsets).run(asyncio.Event())


class FakeCoordinator:
    """Answers heartbeats after a time."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.is_member = True
        self.seconds = 0.0

    async def _do_heartbeat(self) -> bool:
        self.clock.now += self.seconds
        return self.is_member


async def test_a_heartbeat_counts_from_the_time_at_which_it_was_sent(offsets: FakeOffsets, clock: Clock) -> None:
    """A process that was frozen while the answer waited must not take it for a new one."""
    member, coordinator = a_member(offsets), FakeCoordinator(clock)
    assert member.heard_seconds == math.inf, "nothing was heard yet"
    member.listen(coordinator)
    coordinator.seconds = 4.0
    assert await coordinator._do_heartbeat()
    assert member.heard_seconds == 4.0
    coordinator.is_member, coordinator.seconds = False, 1.0
    assert not await coordinator._do_heartbeat()
    assert member.heard_seconds == 5.0, "a refused heartbeat is no sign of membership"
