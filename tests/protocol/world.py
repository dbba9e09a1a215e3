"""Two replicas of one group, one broker, and everything that can happen next."""

import asyncio
import contextlib
import functools
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

from aiokafka import TopicPartition
from aiokafka.errors import KafkaTimeoutError
from dateline.batches import BatchLoop
from dateline.consumer import Context, consumer
from dateline.errors import TransientError
from dateline.membership import Membership as RealMembership
from dateline.offsets import Committed, OffsetReader
from dateline.processing import Processor
from dateline.records import Record
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline.task import Changelog, TaskPlan
from dateline.worker import Worker
from protocol.clients import Consumer, Membership, Offsets, Producer, RecordBatch, Request, here, is_free
from protocol.kafka import Batch, Kafka
from protocol.steps import StepLoop
from support.relay import ITEMS, RELAYED, TALLY, Tally

__all__ = ["Bound", "Event", "Replica", "Violation", "World", "faked"]

INPUT, OUTPUT, CHANGELOG = (TopicPartition(each.named("dateline."), 0) for each in (ITEMS, RELAYED, TALLY))

NAMES = ("A", "B")

BACKOFF, RELEASE = 0.125, 4.0
"""Timers are told apart by their seconds: a pause before the next attempt, which ends by itself, and a release."""

KAFKA = KafkaSettings(session_timeout_seconds=30, transaction_timeout_seconds=20)

Event = tuple[str, ...]
"""What happens next: a verb, and on whom; requests are named by their number."""


class Violation(AssertionError):  # noqa: N818 - it is what was found, not an error of the search
    """The promise is broken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """How far the search goes: records, records in a batch, and how much may go wrong on the way.

    `faults` is the most of all kinds together; restarts and moves of the partition have limits of their own.
    With `fresh` the group is new; with `each_mark` the marks of a transaction come one by one.
    With `outputs_only` the promise is judged by what a reader of the outputs sees, not by the broker's books.
    """

    records: int = 2
    batch: int = 1
    faults: int = 1
    restarts: int = 1
    moves: int = 1
    fresh: bool = False
    each_mark: bool = False
    outputs_only: bool = False


@consumer(topic=ITEMS, group="g", output=RELAYED, state=Tally)
async def relay(record: Record, context: Context) -> bytes:
    """Number the records by a state; the work on each takes a while."""
    assert context.state is not None
    tally = context.state.get(b"k")
    count = tally.count + 1 if tally else 1
    context.state.put(b"k", Tally(count=count))
    await here().post("work", lambda _: None, detail=str(record.offset)).future
    return f"{record.offset}:{count}".encode()


@functools.cache
def runtime_settings(batch: int) -> RuntimeSettings:
    return RuntimeSettings(batch_records=batch, batch_seconds=120, release_seconds=RELEASE)


class Replica:
    """A process: the real worker, task, batch loop, writer, reader and state over clients of the search."""

    input = INPUT

    def __init__(self, world: "World", name: str) -> None:
        self.world = world
        self.name = name
        self.records = world.bound.records
        self.swallows_cancellation = False
        self.start()

    def start(self) -> None:
        """Begin as a new process."""
        self.alive = True
        self.readers: list[Consumer] = []
        self.ends: dict[TopicPartition, int] = {}
        self.writers: list[Producer] = []
        self.loop = StepLoop(self, BACKOFF)  # type: ignore[abstract]
        runtime = runtime_settings(self.world.bound.batch)
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
            client_id=self.name,
        )
        self.worker._offsets = cast(OffsetReader, Offsets(self))
        self.worker._membership = cast(RealMembership, Membership(self))

    @property
    def owns(self) -> bool:
        return self.alive and INPUT in self.worker._owned

    def post(
        self, kind: str, answer: Callable[[Kafka], Any], *, possible: Callable[[Kafka], bool] = is_free, **more: Any
    ) -> Request:
        """Send a request; it waits in the world until it is served."""
        future = asyncio.get_running_loop().create_future()
        request = Request(self.name, kind, answer, future, possible=possible, **more)
        if self.alive:
            self.world.accept(request)
        else:
            future.set_exception(TransientError("the process is dead"))
        return request

    def die(self) -> None:
        self.alive = False
        for request in self.world.requests:
            if request.replica == self.name:
                request.abandoned = True
        self.loop.bury()
        self.writers, self.readers, self.ends = [], [], {}


@dataclass
class World:
    """The state of everything, and what may happen next; each event is a step of the search."""

    bound: Bound
    kafka: Kafka = field(default_factory=Kafka)
    holder: str = "A"
    requests: list[Request] = field(default_factory=list)
    spent: dict[str, int] = field(default_factory=lambda: {"faults": 0, "restarts": 0, "moves": 0})
    _served: int = 0

    def __post_init__(self) -> None:
        if not self.bound.fresh:
            self.kafka.committed = Committed(0)
        self.replicas = {name: Replica(self, name) for name in NAMES}

    def accept(self, request: Request) -> None:
        self._served += 1
        request.number = self._served
        self.requests.append(request)

    def end(self) -> None:
        for replica in self.replicas.values():
            if replica.alive:
                replica.die()

    def steps(self) -> list[Event]:
        """Return what may happen next without anything going wrong."""
        self.requests = [each for each in self.requests if not each.orphan or self._may_matter(each)]
        found: list[Event] = []
        for replica in self.replicas.values():
            if replica.alive and not replica.owns and self.holder == replica.name:
                found.append(("assign", replica.name))
            if replica.owns and self.holder != replica.name:
                found.append(("dismiss", replica.name))
            if not replica.alive:
                found.append(("start", replica.name))
        for name in self.kafka.transactions:
            missing = [p.topic if p else "offsets" for p in self.kafka.unmarked(name)]
            if missing:
                found += [("mark", name, each) for each in missing] if self.bound.each_mark else [("mark", name)]
        for request in self.requests:
            if request.kind == "take" and not request.possible(self.kafka):
                found.append(("idle", str(request.number)))
            elif self._can_be_served(request) and not self._has_an_earlier_twin(request):
                found.append(("serve", str(request.number)))
        return found

    def _has_an_earlier_twin(self, request: Request) -> bool:
        """Whether another produce of the same transaction is on its way: their order makes no difference."""
        return request.kind.startswith("produce") and any(
            each.kind.startswith("produce")
            and each.number < request.number
            and not each.orphan
            and (each.writer, each.epoch) == (request.writer, request.epoch)
            for each in self.requests
        )

    def faults(self) -> list[Event]:
        """Return what may go wrong next."""
        found: list[Event] = []
        if self.spent["moves"] < self.bound.moves:
            found.append(("move",))
        if self.spent["restarts"] < self.bound.restarts:
            found.append(("restart",))
        costly = self.spent["faults"] < self.bound.faults
        for request in self.requests:
            if request.orphan or request.kind in ("work", "take") or not (costly or request.broken):
                continue
            found.append(("fail", str(request.number)))
            if request.writes and self._can_be_served(request):
                found.append(("lose answer", str(request.number)))
        if not costly:
            return found
        for replica in self.replicas.values():
            if not replica.alive:
                continue
            found.append(("kill", replica.name))
            for seconds in sorted(replica.loop.timers() & TIMERS.keys()):
                found.append(("expire", replica.name, str(seconds)))
                if seconds == KAFKA.transaction_timeout_seconds:
                    found.append(("expire in vain", replica.name, str(seconds)))
        found += [("time out", name) for name, held in self.kafka.transactions.items() if held.state == "open"]
        return found

    def happen(self, event: Event) -> None:
        """Let `event` happen, and everything that follows by itself.

        Raises:
            Violation: when the promise is broken afterwards.
        """
        self.repeat(event)
        self.check()

    def repeat(self, event: Event) -> None:
        """Let `event` happen, where it is known what comes of it."""
        getattr(self, "_" + event[0].replace(" ", "_"))(*event[1:])

    def described(self, event: Event) -> str:
        """Return the event for people to read."""
        verb, *rest = event
        request = self._numbered(rest[0]) if rest and rest[0].isdigit() else None
        if request is not None:
            late = " (nobody waits any more)" if request.orphan else ""
            return f"{request.replica}: {verb} {request.kind} {request.detail}".rstrip() + late
        if verb.startswith("expire"):
            return f"{rest[0]}: {TIMERS[float(rest[1])]}{' and is not heard' if verb != 'expire' else ''}"
        return " ".join(event)

    def check(self) -> None:
        for replica in self.replicas.values():
            if replica.alive and (replica.worker.failure is not None or replica.loop.complaints):
                raise Violation(f"{replica.name} stopped: {replica.worker.failure} {replica.loop.complaints}")
        found, _ = self.kafka.read(OUTPUT)
        outputs = [value.decode() for _, _, value in found]
        if outputs != [f"{n}:{n + 1}" for n in range(len(outputs))]:
            raise Violation(f"read_committed sees the outputs {outputs}")
        if self.done and len(outputs) != self.bound.records:
            raise Violation(f"everything was worked on, and read_committed sees the outputs {outputs}")
        if self.bound.outputs_only or any(self.kafka.is_busy(name) for name in self.kafka.transactions):
            return
        offset = self.kafka.committed.offset if self.kafka.committed else 0
        if len(outputs) != offset:
            raise Violation(f"the group stands at {offset}, and the outputs are {outputs}")
        changes, _ = self.kafka.read(CHANGELOG)
        count = Tally.from_bytes(changes[-1][2]).count if changes else 0
        if count != offset:
            raise Violation(f"the group stands at {offset}, and the changelog says that {count} were counted")

    @property
    def done(self) -> bool:
        """Whether every record was worked on and nothing is open."""
        held = self.kafka.transactions.values()
        committed = self.kafka.committed
        return (
            committed is not None
            and committed.offset == self.bound.records
            and all(each.state == "empty" for each in held)
        )

    def key(self) -> bytes:
        """Return what tells this state from others; epochs count backwards from the coordinator's."""
        kafka = self.kafka
        parts: list[Any] = [self.holder, kafka.committed and kafka.committed.offset]
        for partition in sorted(kafka.logs):
            values = [value for _, _, value in kafka.read(partition)[0]]
            parts.append((partition.topic, values, self._open(partition)))
        for name, held in sorted(kafka.transactions.items()):
            parts.append((name, held.state, sorted(held.partitions), held.offsets and held.offsets.offset))
        parts.append(
            sorted(
                (r.replica, r.kind, r.detail, self._behind(r.writer, r.epoch), r.orphan, r.broken)
                for r in self.requests
            )
        )
        for replica in self.replicas.values():
            writers = [self._behind(each._name, each.epoch) for each in replica.writers]
            remains = [self._behind(None, each.fence[1]) for each in replica.worker._remains.values()]
            readers = sorted(repr(self._left_to_read(replica, each)) for each in replica.readers)
            doing = replica.loop.doing()
            parts.append((replica.alive, replica.owns, writers, readers, remains, doing))
        return hashlib.blake2b(repr(parts).encode(), digest_size=12).digest()

    def _left_to_read(self, replica: Replica, reader: Consumer) -> Any:
        partition = reader.partition or INPUT
        if partition == INPUT:
            return reader.offset
        values = [value for _, _, value in self.kafka.read(partition, reader.offset)[0]]
        end = replica.ends[partition]
        return partition.topic, values, reader.offset < end, self.kafka.stable(partition) < end

    def _open(self, partition: TopicPartition) -> list[Any]:
        return [e.records for e in self.kafka.log(partition)[self.kafka.stable(partition) :] if isinstance(e, Batch)]

    def _behind(self, name: str | None, epoch: int) -> int:
        if name is None:
            return max((t.epoch for t in self.kafka.transactions.values()), default=0) - epoch
        return self.kafka.transaction(name).epoch - epoch

    def _numbered(self, number: str) -> Request:
        return next(each for each in self.requests if each.number == int(number))

    def _may_matter(self, orphan: Request) -> bool:
        """Whether a request that nobody waits for can still do something: one of an old epoch never will."""
        if orphan.kind == "fence":
            return True
        return orphan.writer is not None and self._behind(orphan.writer, orphan.epoch) == 0

    def _can_be_served(self, request: Request) -> bool:
        busy = request.writer is not None and self.kafka.is_busy(request.writer)
        return not busy and request.possible(self.kafka)

    def _take_out(self, number: str) -> tuple[Request, Replica]:
        request = self._numbered(number)
        self.requests.remove(request)
        return request, self.replicas[request.replica]

    def _answer(self, request: Request, replica: Replica, result: Any, error: Exception | None) -> None:
        if request.orphan:
            return
        if error is not None:
            request.future.set_exception(error)
        else:
            request.future.set_result(result)
        replica.loop.settle()

    def _serve(self, number: str) -> None:
        request, replica = self._take_out(number)
        try:
            result, error = request.answer(self.kafka), None
        except Exception as refused:  # noqa: BLE001 - the broker's answer, whatever it is
            result, error = None, refused
        if request.kind == "fence" and result is None and error is None:
            # The open transaction is being aborted; the client, where there is one, asks again.
            if not request.orphan:
                self.requests.append(request)
            return
        self._answer(request, replica, result, error)

    def _idle(self, number: str) -> None:
        request, replica = self._take_out(number)
        self._answer(request, replica, ([], int(request.detail)), None)

    def _fail(self, number: str) -> None:
        request, replica = self._take_out(number)
        self._pay(request)
        self._answer(request, replica, None, KafkaTimeoutError("no answer"))

    def _lose_answer(self, number: str) -> None:
        request, replica = self._take_out(number)
        self._pay(request)
        with contextlib.suppress(Exception):
            request.answer(self.kafka)
        self._answer(request, replica, None, KafkaTimeoutError("no answer"))

    def _pay(self, request: Request) -> None:
        if not request.broken:
            self.spent["faults"] += 1

    def _expire(self, name: str, seconds: str) -> None:
        self.spent["faults"] += 1
        replica = self.replicas[name]
        replica.loop.expire(float(seconds))

    def _expire_in_vain(self, name: str, seconds: str) -> None:
        self.replicas[name].swallows_cancellation = True
        self._expire(name, seconds)
        self.replicas[name].swallows_cancellation = False

    def _kill(self, name: str) -> None:
        self.spent["faults"] += 1
        self.replicas[name].die()

    def _start(self, name: str) -> None:
        self.replicas[name].start()

    def _move(self) -> None:
        self.spent["moves"] += 1
        self.holder = "B" if self.holder == "A" else "A"

    def _assign(self, name: str) -> None:
        replica = self.replicas[name]
        replica.loop.do(lambda: replica.worker._assign([INPUT]))

    def _dismiss(self, name: str) -> None:
        replica = self.replicas[name]
        replica.loop.do(lambda: asyncio.ensure_future(replica.worker._release([INPUT])))

    def _restart(self) -> None:
        self.spent["restarts"] += 1
        self.kafka.restart()
        for request in self.requests:
            request.broken = True

    def _time_out(self, name: str) -> None:
        self.spent["faults"] += 1
        self.kafka.expire(name)

    def _mark(self, name: str, topic: str | None = None) -> None:
        for partition in self.kafka.unmarked(name):
            if topic is None or topic == (partition.topic if partition else "offsets"):
                self.kafka.mark(name, partition)


TIMERS = {
    KAFKA.transaction_timeout_seconds: "its deadline for a transaction ends",
    KAFKA.session_timeout_seconds: "its deadline for the fence ends",
    RELEASE: "its time to release the partition ends",
}


class Silence:
    """A logger that says nothing."""

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_args, **_values: None


@contextlib.contextmanager
def faked() -> Iterator[None]:
    """Put the search's clients in the place of aiokafka's; nothing else of the runtime is replaced."""
    with contextlib.ExitStack() as stack:

        def patch(name: str, value: Any) -> None:
            stack.enter_context(mock.patch(name, value))

        patch("dateline.writer.AIOKafkaProducer", Producer)
        patch("dateline.writer.plain_batch", RecordBatch)
        patch("dateline.reader.AIOKafkaConsumer", Consumer)
        patch("dateline.worker.backoff", lambda *_args, **_options: BACKOFF)
        for name in ("batches", "task", "reader", "connection"):
            patch(f"dateline.{name}.time", SimpleNamespace(monotonic=lambda: 0.0))
        patch("dateline.task.datetime", SimpleNamespace(now=lambda _: datetime(2026, 1, 1, tzinfo=UTC)))
        for name in ("connection", "processing", "task", "worker"):
            patch(f"dateline.{name}.log", Silence())
        yield
