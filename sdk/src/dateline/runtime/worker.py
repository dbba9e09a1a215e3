"""Runs one task for each partition that the group assigns to this process."""

import asyncio
import math
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from dateline.concurrency.backoff import Backoff
from dateline.concurrency.deadline import bounded, left_behind, unless
from dateline.concurrency.together import until_first_ends
from dateline.errors import StageError, TransientError
from dateline.figures.meter import Meter
from dateline.kafka.offsets import OffsetReader
from dateline.log import get_logger
from dateline.runtime.group_figures import GroupFigures
from dateline.runtime.membership import Membership
from dateline.runtime.plan import TaskPlan
from dateline.runtime.task import KeptState, Task, TaskProgress
from dateline.settings import KafkaSettings, RuntimeSettings

__all__ = ["Job", "Worker"]

log = get_logger("dateline.worker")

OPEN_SECONDS = 600.0
"""A task that takes longer to open is opened again, unless it is still restoring entries of its state.

A large state takes longer than any limit that would suit a broker that hangs.
"""

LEAVE_SECONDS = 6.0
"""How long leaving the group may take when the worker stops; a member that hangs is abandoned."""

CLOSE_SECONDS = 2.0
"""How long abandoned openings may take to close their connections."""

RELEASE_SHARE, ABORT_SHARE = 0.6, 0.2
"""The parts of the session time-out in which batches may end, and in which late batches are then aborted.

Their sum is below 1: the other members of the group wait for at most one session time-out.
"""


class Job(Protocol):
    """The work on a task while this process owns its partition."""

    async def run(self, task: Task, released: asyncio.Event) -> None:
        """Work until `released` is set, then finish or drop the current batch and return."""


@dataclass(slots=True)
class _Owned:
    """A partition that this process owns: the event that releases it, and the asyncio task that works on it."""

    released: asyncio.Event
    owner: asyncio.Task[None]


@dataclass(slots=True, kw_only=True)
class Worker:
    """A replica of a group: joins the group and runs `job` on a task for each assigned partition."""

    plan: TaskPlan
    job: Job
    kafka: KafkaSettings
    runtime: RuntimeSettings
    client_id: str
    meter: Meter = field(default_factory=Meter)
    progress: dict[TopicPartition, TaskProgress] = field(default_factory=dict)
    failure: StageError | None = None
    offsets: OffsetReader | None = None
    membership: Membership | None = None
    kept: dict[TopicPartition, KeptState] = field(default_factory=dict)
    figures: GroupFigures = field(init=False)
    _owned: dict[TopicPartition, _Owned] = field(default_factory=dict)
    _leaving: set[asyncio.Task[None]] = field(default_factory=set)
    _late: set[asyncio.Task[None]] = field(default_factory=set)
    _stopping: bool = False
    _failed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        prefix = self.kafka.topic_prefix
        self.figures = GroupFigures.of(self.meter, self.plan.group, prefix, output=self.plan.output)

    @property
    def partitions(self) -> frozenset[TopicPartition]:
        """The partitions that this replica owns, whether their tasks are open or not."""
        return frozenset(self._owned)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set.

        Raises:
            StageError: continuing would lose or corrupt records.
        """
        offsets = await self._connect(stop)
        if offsets is None:
            return
        self.offsets = offsets
        self.membership = membership = Membership(
            self.kafka,
            group=self.plan.group,
            topic=self.plan.topic,
            client_id=self.client_id,
            offsets=offsets,
            assigned=self.assign,
            revoked=self.release,
        )
        halt = asyncio.Event()
        member = asyncio.ensure_future(membership.run(halt))
        watcher = asyncio.ensure_future(self._watch())
        try:
            await until_first_ends(stop.wait(), self._failed.wait(), member, watcher)
        finally:
            # Leave the group last: another owner of these partitions would fence the batches that are ending.
            self._stopping = True
            await self.release(list(self._owned))
            halt.set()
            await asyncio.wait({member}, timeout=LEAVE_SECONDS)
            member.cancel()
            watcher.cancel()
            await asyncio.wait({member, watcher}, timeout=LEAVE_SECONDS)
            await offsets.close()
            await left_behind(CLOSE_SECONDS)
        if self.failure is not None:
            raise self.failure
        for done in (member, watcher):
            if done.done() and not done.cancelled() and done.exception() is not None:
                raise done.exception() or AssertionError

    def assign(self, partitions: Collection[TopicPartition]) -> None:
        """Own these partitions: open a task for each that has none yet."""
        if self._stopping:
            return
        log.info("partitions assigned", group=self.plan.group, partitions=sorted(p.partition for p in partitions))
        self.figures.assigned(partitions)
        for gone in self.kept.keys() - set(partitions):
            del self.kept[gone]
        for partition in partitions:
            if partition not in self._owned:
                released = asyncio.Event()
                owner = asyncio.ensure_future(self._own(partition, released))
                owner.add_done_callback(partial(self._ended, partition, released))
                self._owned[partition] = _Owned(released, owner)

    async def release(self, partitions: Collection[TopicPartition]) -> None:
        """Let the tasks of these partitions finish their batches, and abort those that are late."""
        leaving = {p: self._owned.pop(p) for p in list(partitions) if p in self._owned}
        for owned in leaving.values():
            owned.released.set()
            self._leaving.add(owned.owner)
        if not self._leaving:
            return
        # This includes the tasks that a concurrent call is releasing.
        session = self.kafka.session_timeout_seconds
        _, late = await asyncio.wait(self._leaving, timeout=min(self.runtime.release_seconds, session * RELEASE_SHARE))
        for owner in late:
            owner.cancel()
        if late:
            log.warning("batches were aborted to release their partitions", group=self.plan.group, count=len(late))
            await asyncio.wait(late, timeout=session * ABORT_SHARE)
            # They clean up in the background; the reference protects them from garbage collection.
            self._late |= self._leaving & late
            self._leaving -= late
        for partition in leaving:
            self.progress.pop(partition, None)
        if leaving:
            self.figures.revoked(leaving)
        log.info("partitions released", group=self.plan.group, partitions=sorted(p.partition for p in leaving))

    async def _connect(self, stop: asyncio.Event) -> OffsetReader | None:
        backoff = Backoff(longest_seconds=5.0, stop=stop)
        while not stop.is_set():
            try:
                return await OffsetReader.connect(self.kafka, self.client_id)
            except (KafkaError, OSError) as error:
                backoff.warn(
                    log,
                    "Kafka does not answer; trying again",
                    brokers=self.kafka.bootstrap_servers,
                    error=f"{type(error).__name__}: {error}",
                )
                await backoff.pause()
        return None

    def _ended(self, partition: TopicPartition, released: asyncio.Event, owner: asyncio.Task[None]) -> None:
        self._leaving.discard(owner)
        self._late.discard(owner)
        if not released.is_set() and not self._failed.is_set():
            why = "it was cancelled" if owner.cancelled() else repr(owner.exception())
            self._fail(StageError(f"work on {partition.topic}[{partition.partition}] ended by itself: {why}"))

    async def _own(self, partition: TopicPartition, released: asyncio.Event) -> None:
        """Open a task and run the job on it, and start again after an error, until the partition is released."""
        progress = self.progress[partition] = TaskProgress()
        backoff = Backoff(longest_seconds=10.0, stop=released)
        while not released.is_set():
            assert self.offsets is not None and self.membership is not None  # noqa: PT018
            # Opening fences the current owner, which must not happen after the partition was reassigned.
            if backoff.failures and await unless(released, self.membership.lost(partition)):
                await backoff.pause()
                continue
            if released.is_set():
                return
            task = Task(
                plan=self.plan,
                partition=partition,
                kafka=self.kafka,
                offsets=self.offsets,
                client_id=self.client_id,
                stalled_seconds=self.runtime.stalled_seconds,
                progress=progress,
                heard_seconds=self._heard_seconds,
                figures=self.figures,
            )
            transactions = progress.transactions
            try:
                opening = task.open(self.kept.pop(partition, None))
                what = f"opening {task.name}"
                await unless(released, bounded(opening, OPEN_SECONDS, what, lambda: progress.restored))
                if released.is_set():
                    return
                progress.retrying = None
                await self.job.run(task, released)
            except StageError as error:
                self._fail(error)
                return
            except (TransientError, KafkaError, OSError) as error:
                if progress.transactions > transactions:
                    backoff.reset()
                progress.retrying = f"{type(error).__name__}: {error}"
                log.warning("opening a task again", task=task.name, attempt=backoff.failures, error=progress.retrying)
            except Exception as error:
                log.exception("a task failed", task=task.name)
                self._fail(StageError(f"{task.name}: {type(error).__name__}: {error}"))
                return
            finally:
                kept = await task.close()
                if kept is not None:
                    self.kept[partition] = kept
            await backoff.pause()

    def _heard_seconds(self) -> float:
        return math.inf if self.membership is None else self.membership.heard_seconds

    def _fail(self, error: StageError) -> None:
        self.failure = self.failure or error
        self._failed.set()

    async def _watch(self) -> None:
        """Fail when work on one record takes too long: its thread can only be stopped with the process."""
        while True:
            await asyncio.sleep(1.0)
            for partition, progress in self.progress.items():
                since = progress.busy_since
                if since is not None and time.monotonic() - since > self.runtime.work_timeout_seconds:
                    raise StageError(
                        f"{partition.topic}[{partition.partition}]: work on the record at or after offset "
                        f"{progress.offset} has taken more than {self.runtime.work_timeout_seconds:g} s"
                    )
