"""One process of a service: the real worker, task, batch loop, writer, reader and state, on fake clients."""

import asyncio
import contextlib
import functools
import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

from aiokafka import TopicPartition
from dateline.consumer import Context, consumer
from dateline.errors import TransientError
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.records import Record
from dateline.runtime.batches import BatchLoop
from dateline.runtime.membership import Membership as RealMembership
from dateline.runtime.plan import Changelog, TaskPlan
from dateline.runtime.processing import Processor
from dateline.runtime.task import KeptState
from dateline.runtime.worker import Worker
from dateline.settings import KafkaSettings, RuntimeSettings
from protocol.clients import Consumer, Membership, Offsets, Producer, RecordBatch, Request, here
from protocol.kafka import Kafka
from protocol.steps import StepLoop
from support.relay import ITEMS, RELAYED, TALLY, Tally

__all__ = ["CHANGELOG", "INPUT", "OUTPUT", "TIMERS", "Process", "faked"]

INPUT, OUTPUT, CHANGELOG = (TopicPartition(each.named("dateline."), 0) for each in (ITEMS, RELAYED, TALLY))

BACKOFF, RELEASE = 0.125, 4.0
"""Seconds that identify two timers: the pause before the next attempt, which ends by itself, and a release."""

KAFKA = KafkaSettings(session_timeout_seconds=30, transaction_timeout_seconds=20)

TIMERS = {
    KAFKA.transaction_timeout_seconds: "its deadline for a transaction ends",
    KAFKA.session_timeout_seconds: "its deadline for the fence ends",
    RELEASE: "its time to release the partition ends",
}


@consumer(topic=ITEMS, group="g", output=RELAYED, state=Tally)
async def relay(record: Record, context: Context) -> bytes:
    """Number the records with a state; the work on each is a request, so that the search decides when it ends."""
    assert context.state is not None
    tally = context.state.get(b"k")
    count = tally.count + 1 if tally else 1
    context.state.put(b"k", Tally(count=count))
    await here().post("work", lambda _, __: None, content=record.offset).future
    return f"{record.offset}:{count}".encode()


@functools.cache
def runtime_settings(batch: int) -> RuntimeSettings:
    return RuntimeSettings(batch_records=batch, batch_seconds=120, release_seconds=RELEASE)


class Process:
    """A process that runs the real code, one event at a time, and waits for an answer to each request.

    It only knows of the world what it is told: that the partition is assigned or revoked, the answers to its
    requests, and that a deadline is over.
    """

    input = INPUT

    def __init__(self, name: str, records: int, batch: int) -> None:
        self.name = name
        self.records = records
        self.swallows_cancellation = False
        self.readers: list[Consumer] = []
        self.writers: list[Producer] = []
        self.writer: str | None = None
        self.loop = StepLoop(self, BACKOFF)  # type: ignore[abstract]
        self._dead = False
        self._posted = 0
        self._requests: list[Request] = []
        runtime = runtime_settings(batch)
        self.worker = Worker(
            plan=TaskPlan(
                group="g",
                topic=INPUT.topic,
                groups_topic="groups",
                changelog=Changelog(topic=CHANGELOG.topic, model=Tally),
            ),
            job=BatchLoop(processor=Processor(consumer=relay, runtime=runtime), runtime=runtime),
            kafka=KAFKA,
            runtime=runtime,
            client_id=name,
        )
        self.worker.offsets = cast(OffsetReader, Offsets(self))
        self.worker.membership = cast(RealMembership, Membership(self))

    @property
    def owns(self) -> bool:
        return INPUT in self.worker.partitions

    @property
    def wrong(self) -> str | None:
        """The defect of the process, if any: a failure of the worker, or an unhandled error."""
        if self.worker.failure is None and not self.loop.complaints:
            return None
        return f"{self.name} stopped: {self.worker.failure} {self.loop.complaints}"

    @property
    def epochs(self) -> list[int]:
        """The epochs that it holds, from the newest on: of writers, and of what closed tasks left for the next."""
        kept = (each.fence[1] for each in self._kept_states())
        return sorted({*(writer.epoch for writer in self.writers), *kept}, reverse=True)

    def _kept_states(self) -> list[KeptState]:
        return [*self.worker.kept.values(), *self.loop.kept_states()]

    @property
    def cursors(self) -> list[Consumer]:
        """The readers of topics that the search writes to."""
        return [reader for reader in self.readers if reader.partition != INPUT]

    def post(self, kind: str, answer: Callable[[Kafka, int], Any], **more: Any) -> Request:
        """Send a request, which waits until it is answered."""
        self._posted += 1
        request = Request(kind, answer, asyncio.get_running_loop().create_future(), number=self._posted, **more)
        if self._dead:
            request.future.set_exception(TransientError("the process is dead"))
        else:
            self._requests.append(request)
        return request

    def waiting(self) -> list[Request]:
        """Return the requests that wait for an answer, in an order independent of when they were sent."""
        return sorted((each for each in self._requests if not each.orphan), key=self._order)

    def orphans(self) -> list[Request]:
        """Return and forget the requests that no client waits for any more; they may still arrive at the broker."""
        orphans = [each for each in self._requests if each.orphan]
        self._requests = [each for each in self._requests if not each.orphan]
        return orphans

    def answer(self, request: Request, result: Any, error: Exception | None) -> None:
        self._requests.remove(request)
        if error is not None:
            request.future.set_exception(error)
        else:
            request.future.set_result(result)
        self.loop.run_until_idle()

    def assign(self) -> None:
        self.loop.do(lambda: self.worker.assign([INPUT]))

    def dismiss(self) -> None:
        self.loop.do(lambda: asyncio.ensure_future(self.worker.release([INPUT])))

    def expire(self, seconds: float, *, heard: bool) -> None:
        """End a deadline; unless `heard`, the resulting cancellation is swallowed, as some code of aiokafka does."""
        self.swallows_cancellation = not heard
        self.loop.expire(seconds)
        self.swallows_cancellation = False

    def die(self) -> None:
        """End the process; the caller takes care of its requests."""
        self._dead = True
        self.loop.bury()

    def portrait(self) -> tuple[Any, ...]:
        """Return a value that differs for processes that would continue differently.

        Of epochs only their order counts, and whether one directly follows another: the runtime compares no
        more than that. The position of a reader of the changelog is kept by the world.
        """
        epochs = self.epochs
        gaps = tuple(min(a - b, 2) for a, b in itertools.pairwise(epochs))
        writers = tuple(epochs.index(each.epoch) for each in self.writers)
        kept = tuple(epochs.index(each.fence[1]) for each in self._kept_states())
        readers = tuple((each.partition, each.offset if each.partition == INPUT else None) for each in self.readers)
        requests = tuple(self._order(each)[:-1] for each in self.waiting())
        return self.wrong, self.owns, gaps, writers, kept, readers, requests, tuple(self.loop.doing())

    def _order(self, request: Request) -> tuple[Any, ...]:
        epochs, reader = self.epochs, request.reader
        return (
            request.kind,
            repr(request.content),
            epochs.index(request.epoch) if request.epoch in epochs else -1,
            self.cursors.index(reader) if reader in self.cursors else -1,
            request.number,
        )


class Silence:
    """A logger that discards everything."""

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_args, **_values: None


@contextlib.contextmanager
def faked() -> Iterator[None]:
    """Replace aiokafka's clients by the fakes, and clocks, pauses and loggers; the rest of the runtime is real."""
    with contextlib.ExitStack() as stack:

        def patch(name: str, value: Any) -> None:
            stack.enter_context(mock.patch(name, value))

        patch("dateline.kafka.writer.AIOKafkaProducer", Producer)
        patch("dateline.kafka.writer.plain_batch", RecordBatch)
        patch("dateline.kafka.reader.AIOKafkaConsumer", Consumer)
        patch("dateline.concurrency.backoff.pause_seconds", lambda *_args, **_options: BACKOFF)
        for name in ("concurrency.backoff", "runtime.batches", "runtime.task", "kafka.reader"):
            patch(f"dateline.{name}.time", SimpleNamespace(monotonic=lambda: 0.0, perf_counter=lambda: 0.0))
        for name in ("task", "starting_point"):
            patch(f"dateline.runtime.{name}.datetime", SimpleNamespace(now=lambda _: datetime(2026, 1, 1, tzinfo=UTC)))
        for name in (
            "kafka.connection",
            "runtime.processing",
            "runtime.task",
            "runtime.starting_point",
            "runtime.worker",
        ):
            patch(f"dateline.{name}.log", Silence())
        yield
