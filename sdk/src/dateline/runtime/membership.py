"""Membership in a consumer group, which assigns partitions to this process. It never reads a record."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Collection
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from aiokafka.errors import KafkaError

from dateline.concurrency.backoff import Backoff
from dateline.concurrency.deadline import sleep_unless, unless
from dateline.errors import StageError, TransientError
from dateline.kafka.connection import client_options, discard, start_patiently
from dateline.kafka.offsets import OffsetReader
from dateline.log import get_logger
from dateline.settings import KafkaSettings

__all__ = ["Membership"]

log = get_logger("dateline.membership")

NEVER_MS = 2**31 - 1
"""The poll interval of a member that never polls; the worker watches the progress."""

CHECK_SECONDS = 1.0
"""Seconds between two checks of the consumer for errors."""

Partitions = Collection[TopicPartition]


class Membership(ConsumerRebalanceListener):
    """Joins a group and reports which partitions are assigned to this process and which it has to release.

    The group's consumer only holds the membership. Its partitions stay paused, and tasks read with readers of their
    own, so that nothing that aiokafka does to the positions of the group's consumer affects a task.
    """

    def __init__(
        self,
        kafka: KafkaSettings,
        *,
        group: str,
        topic: str,
        client_id: str,
        offsets: OffsetReader,
        assigned: Callable[[Partitions], None],
        revoked: Callable[[Partitions], Awaitable[None]],
    ) -> None:
        self._kafka = kafka
        self._group = group
        self._topic = topic
        # A static member keeps its assignment over a restart, and at the broker its first client id.
        self._client_id = kafka.instance_id or client_id
        self._offsets = offsets
        self.assigned = assigned
        self.revoked = revoked
        # aiokafka's assignor stores its assignment in the class, so each member of this process has its own class.
        self.assignor = type("StickyAssignor", (StickyPartitionAssignor,), {})
        self._consumer: AIOKafkaConsumer | None = None
        self._held: frozenset[TopicPartition] = frozenset()
        self._agreed = time.monotonic()
        self._heard = -math.inf

    @property
    def heard_seconds(self) -> float:
        """The seconds since the last heartbeat that the group's coordinator has answered was sent.

        For a session time-out after that heartbeat, no other member gets this one's partitions without its release.
        An answer that waited in a socket while this process was frozen therefore counts from its request.
        """
        return time.monotonic() - self._heard

    async def lost(self, partition: TopicPartition) -> bool:
        """Return whether the broker assigns the partition to another member; False while it does not answer."""
        try:
            members = await self._offsets.members(self._group)
        except (KafkaError, TransientError, OSError):
            return False
        return partition not in members.get(self._client_id, frozenset())

    async def run(self, stop: asyncio.Event) -> None:
        """Be a member until `stop` is set; after an error, join again with a new consumer.

        Raises:
            StageError: the brokers deny access to the group.
        """
        backoff = Backoff(initial_seconds=0.4, longest_seconds=10.0, stop=stop)
        while not stop.is_set():
            began = time.monotonic()
            try:
                await self._join(stop)
            except (KafkaError, TransientError, OSError) as error:
                if "Authorization" in type(error).__name__ or "Authentication" in type(error).__name__:
                    raise StageError(f"group {self._group}: {type(error).__name__}: {error}") from error
                if time.monotonic() - began > 60:
                    backoff.reset()
                log.warning("joining the group again", group=self._group, error=f"{type(error).__name__}: {error}")
                await backoff.pause()
            finally:
                await self._leave()

    async def on_partitions_revoked(self, revoked: Partitions) -> None:
        """Release the partitions; the whole group waits for this."""
        self._held = frozenset()
        try:
            await self.revoked(revoked)
        except Exception:
            # aiokafka would swallow the error without a word in the log.
            log.exception("releasing partitions failed", group=self._group)

    async def on_partitions_assigned(self, assigned: Partitions) -> None:
        """Take the partitions; the tasks open them outside this listener."""
        if self._consumer is not None:
            self._consumer.pause(*assigned)
        self._held = frozenset(assigned)
        self._agreed = time.monotonic()
        self.assigned(assigned)

    async def _join(self, stop: asyncio.Event) -> None:
        seconds = self._kafka.session_timeout_seconds
        options = client_options(self._kafka, self._client_id) | {
            "group_id": self._group,
            "group_instance_id": self._kafka.instance_id,
            "enable_auto_commit": False,
            # Nothing is read, so this is never used, but paused partitions raise errors without it.
            "auto_offset_reset": "latest",
            "session_timeout_ms": int(seconds * 1000),
            "heartbeat_interval_ms": int(seconds * 1000 / 5),
            "max_poll_interval_ms": NEVER_MS,
            "rebalance_timeout_ms": int(seconds * 1000),
            "partition_assignment_strategy": (self.assignor,),
        }

        def make() -> AIOKafkaConsumer:
            self._consumer = AIOKafkaConsumer(**options)
            self._consumer.subscribe([self._topic], listener=self)
            return self._consumer

        self._agreed = time.monotonic()
        consumer = await unless(stop, start_patiently(make, f"group {self._group}", self._kafka))
        if consumer is None:
            return
        self.listen(consumer._coordinator)
        while not await sleep_unless(stop, CHECK_SECONDS):
            # All partitions are paused: this returns nothing, and raises errors of the background tasks.
            await consumer.getmany(timeout_ms=0)
            await self.check()

    def listen(self, coordinator: Any) -> None:
        """Note when the heartbeats of aiokafka's coordinator are sent that are answered."""
        # aiokafka keeps this time in a local variable.
        beat = coordinator._do_heartbeat

        async def heard_beat() -> bool:
            sent = time.monotonic()
            is_member: bool = await beat()
            if is_member:
                self._heard = sent
            return is_member

        coordinator._do_heartbeat = heard_beat

    async def check(self) -> None:
        """Compare the partitions that this process holds with those that the broker assigns to it.

        After a broker restart a consumer can be stuck without any error (aiokafka#1154).

        Raises:
            TransientError: the two have differed for two session time-outs.
        """
        patience = 2 * self._kafka.session_timeout_seconds
        if time.monotonic() - self._agreed < patience / 2:
            return
        try:
            members = await self._offsets.members(self._group)
        except (KafkaError, TransientError, OSError) as error:
            log.debug("the group cannot be described", group=self._group, error=repr(error))
            self._agreed = time.monotonic()
            return
        mine = members.get(self._client_id)
        if mine is not None and mine == self._held:
            self._agreed = time.monotonic()
        elif time.monotonic() - self._agreed > patience:
            raise TransientError(
                f"the broker assigns {self._client_id} "
                f"{sorted(p.partition for p in mine) if mine is not None else 'nothing, because it is not a member'}; "
                f"it holds {sorted(p.partition for p in self._held)}"
            )

    async def _leave(self) -> None:
        consumer, self._consumer = self._consumer, None
        self._heard = -math.inf
        if consumer is None:
            return
        if self._held:
            held, self._held = self._held, frozenset()
            await self.revoked(held)
        await discard(consumer)
