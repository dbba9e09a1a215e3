"""The test build of the runtime: the same tasks and writers, with points at which a fault can strike."""

import asyncio
import hashlib
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

import dateline.runtime.task
import dateline.runtime.worker
from aiokafka import TopicPartition
from chaos.journal import Journal
from chaos.replicas.control import Action, Control, Point
from dateline.kafka.offsets import Committed
from dateline.kafka.records import Output
from dateline.kafka.writer import TransactionalWriter
from dateline.runtime.task import KeptState, Task
from dateline.settings import KafkaSettings

__all__ = ["InstrumentedTask", "InstrumentedWriter", "Watch", "install", "table_digest", "watch"]

HOLD_SECONDS = 5.0
"""A transaction held at a point continues after this many seconds at the latest."""

MID_COMMIT_SECONDS = 0.004
"""A commit in flight is interrupted at most this many seconds after its request."""


@dataclass(slots=True)
class Watch:
    """The replica's side of the test: its control file, its journal, and the pauses added at points."""

    control: Control
    journal: Journal
    windows: Mapping[Point, float]

    async def reach(self, point: Point) -> None:
        """Do what the nemesis ordered for `point`, if anything, and pause if a window is open there."""
        action = self._ordered(point)
        if action == "hold":
            await self._hold()
        elif action is not None:
            strike(action)
        if point in self.windows:
            await asyncio.sleep(self.windows[point])

    def reach_in_thread(self, point: Point) -> None:
        """Do what the nemesis ordered for `point`, in a thread that may wait."""
        action = self._ordered(point)
        if action == "hold":
            until = time.monotonic() + HOLD_SECONDS
            while not self.control.released and time.monotonic() < until:
                time.sleep(0.005)
        elif action is not None:
            strike(action)

    def reach_soon(self, point: Point) -> None:
        """Do what the nemesis ordered for `point` in a moment, while the work continues; a hold is only noted."""
        action = self._ordered(point)
        if action is not None and action != "hold":
            timer = threading.Timer(random.uniform(0, MID_COMMIT_SECONDS), strike, [action])
            timer.daemon = True
            timer.start()

    def _ordered(self, point: Point) -> Action | None:
        action = self.control.take(point)
        if action is not None:
            self.journal.write("point", point=point, action=action, open=self.control.open_transactions)
        return action

    async def _hold(self) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + HOLD_SECONDS
        # The nemesis is another process: its release can only be polled.
        while not self.control.released and loop.time() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def strike(action: Action) -> None:
    """Kill or stop this process."""
    os.kill(os.getpid(), signal.SIGKILL if action == "kill" else signal.SIGSTOP)


_watch: list[Watch] = []


def watch() -> Watch:
    """Return the watch of this process."""
    return _watch[0]


class InstrumentedWriter(TransactionalWriter):
    """Journals each transaction, and lets the nemesis strike between its steps."""

    @classmethod
    async def open(cls, kafka: KafkaSettings, transactional_id: str, client_id: str) -> "InstrumentedWriter":
        writer = await super().open(kafka, transactional_id, client_id)
        assert isinstance(writer, cls)
        writer.name = transactional_id
        producer_id, epoch = writer.fence
        watch().journal.write("fence", id=transactional_id, producer=producer_id, epoch=epoch)
        return writer

    name = ""

    async def _transact(
        self, outputs: Iterable[Output], group: str, offsets: Mapping[TopicPartition, Committed]
    ) -> None:
        try:
            await watch().reach("begin")
            await super()._transact(outputs, group, offsets)
            told = {str(p.partition): c.offset for p, c in offsets.items()}
            watch().journal.write("commit", id=self.name, outputs=len([*outputs]), offsets=told)
            await watch().reach("committed")
        except BaseException as error:
            watch().journal.write("broken", id=self.name, error=f"{type(error).__name__}: {error}"[:200])
            raise

    async def _begin(self) -> None:
        await super()._begin()
        watch().control.open_transactions += 1

    async def _produce(self, outputs: Iterable[Output]) -> None:
        await super()._produce(outputs)
        await watch().reach("produced")

    async def _send_offsets(self, group: str, offsets: Mapping[TopicPartition, Committed]) -> None:
        await super()._send_offsets(group, offsets)
        await watch().reach("offsets")

    async def _end(self) -> None:
        ending = asyncio.ensure_future(super()._end())
        try:
            if watch().control.armed:
                await asyncio.sleep(random.uniform(0, MID_COMMIT_SECONDS))
            await watch().reach("commit")
            await ending
        finally:
            ending.cancel()
            control = watch().control
            control.open_transactions = max(0, control.open_transactions - 1)
            control.transactions += 1


class InstrumentedTask(Task):
    """Journals a digest of its table when it closes."""

    __slots__ = ()

    async def close(self) -> KeptState | None:
        kept = await Task.close(self)
        if kept is not None:
            producer_id, epoch = kept.fence
            digest, entries = table_digest(kept.state.snapshot())
            watch().journal.write(
                "table", id=self.name, producer=producer_id, epoch=epoch, digest=digest, entries=entries
            )
        return kept


def table_digest(table: Mapping[bytes, bytes]) -> tuple[str, int]:
    """Return a digest of a table's entries, and their number."""
    digest = hashlib.sha256()
    for key in sorted(table):
        for part in (key, table[key]):
            digest.update(len(part).to_bytes(4, "big") + part)
    return digest.hexdigest()[:16], len(table)


class ShiftedDatetime(datetime):
    """`datetime` with a `now` that is shifted by the nemesis."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return datetime.now(tz) + timedelta(seconds=float(watch().control.clock_offset))


def shift_clocks() -> None:
    """Replace `datetime` in the modules that read the wall clock."""
    for name in (
        "dateline.runtime.processing",
        "dateline.runtime.task",
        "dateline.service.heartbeat",
        "dateline_ingest.poller",
    ):
        module = sys.modules.get(name)
        if module is not None:
            vars(module)["datetime"] = ShiftedDatetime


def install(control: Control, journal: Journal, windows: Mapping[Point, float]) -> None:
    """Make this process a replica of the test build; call once, before its main function."""
    _watch[:] = [Watch(control, journal, windows)]
    vars(dateline.runtime.task)["TransactionalWriter"] = InstrumentedWriter
    vars(dateline.runtime.worker)["Task"] = InstrumentedTask
    shift_clocks()
