"""Membership in a consumer group: which partitions are ours. It never reads a record."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from aiokafka.errors import KafkaError

from dateline.concurrency.backoff import Backoff
from dateline.concurrency.deadline import sleep_unless, unless
from dateline.errors import StageError, TransientError
from dateline.kafka.connection import client_options, discard, start_patiently
from dateline.kafka.offsets import OffsetReader
from dateline.settings import KafkaSettings

__all__ = ["Membership"]

log = structlog.get_logger("dateline.membership")

NEVER_MS = 2**31 - 1
"""The poll interval of a member that never polls; progress is watched elsewhere."""

CHECK_SECONDS = 1.0
"""How often the member asks its consumer for errors."""

Partitions = Collection[TopicPartition]


class Membership(ConsumerRebalanceListener):
    """Joins a group and says which partitions were assigned and which are to be released.

    The group's consumer only holds the membership: its partitions are paused for good, and the
    tasks read with readers of their own. So nothing that aiokafka does to the position of a
    group's consumer can reach a task.
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
        # A static member keeps its place over a restart, and at the broker the client id that it had first.
        self._client_id = kafka.instance_id or client_id
        self._offsets = offsets
        self.assigned = assigned
        self.revoked = revoked
        # aiokafka's assignor remembers its assignment in the class: one for each member of this process.
        self.assignor = type("StickyAssignor", (StickyPartitionAssignor,), {})
        self._consumer: AIOKafkaConsumer | None = None
        self._held: frozenset[TopicPartition] = frozenset()
        self._agreed = time.monotonic()

    async def lost(self, partition: TopicPartition) -> bool:
        """Return whether the broker says that the partition is not ours; False while it does not answer."""
        try:
            members = await self._offsets.members(self._group)
        except (KafkaError, TransientError, OSError):
            return False
        return partition not in members.get(self._client_id, frozenset())

    async def run(self, stop: asyncio.Event) -> None:
        """Be a member until `stop` is set; a consumer that broke is replaced.

        Raises:
            StageError: when the brokers refuse the group for good.
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
        """Release the partitions; the group waits for this, so it has to end."""
        self._held = frozenset()
        try:
            await self.revoked(revoked)
        except Exception:
            # aiokafka swallows what a listener raises, and keeps the partitions
            log.exception("releasing partitions failed", group=self._group)

    async def on_partitions_assigned(self, assigned: Partitions) -> None:
        """Take the partitions; the work of opening them is done outside the listener."""
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
            # Never used, since nothing is read; but without one the paused partitions raise errors.
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
        while not await sleep_unless(stop, CHECK_SECONDS):
            # All partitions are paused: this returns nothing and raises what went wrong behind the scenes.
            await consumer.getmany(timeout_ms=0)
            await self.check()

    async def check(self) -> None:
        """Compare what we hold with what the broker says that we hold.

        A consumer can stay stuck after a broker restart without any signal (aiokafka#1154).

        Raises:
            TransientError: when they have differed for two session time-outs.
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
                f"the broker says that {self._client_id} holds "
                f"{sorted(p.partition for p in mine) if mine is not None else 'nothing, for it is no member'}; "
                f"it believes {sorted(p.partition for p in self._held)}"
            )

    async def _leave(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is None:
            return
        if self._held:
            held, self._held = self._held, frozenset()
            await self.revoked(held)
        await discard(consumer)
