"""The world of the search: two replicas of one group, one broker, and the events that can happen next."""

import contextlib
import functools
import marshal
from dataclasses import dataclass
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError, KafkaTimeoutError
from dateline.kafka.offsets import Committed
from protocol.kafka import Kafka, Log, Marker, read, shortened
from protocol.learned import Processes
from protocol.process import CHANGELOG, KAFKA, OUTPUT, TIMERS, Process
from protocol.replica import STALE, Learned, Live, Orphan, Replica
from support.relay import Tally

__all__ = ["NAMES", "Bound", "Event", "Numbers", "Spent", "Violation", "World"]

NAMES = ("A", "B")

NEVER_FAILING = ("work", "take", "nothing to take")
"""Requests that cannot fail: work on a record needs no broker, and a reader waits until the broker answers."""

Event = tuple[Any, ...]
"""An event: a verb and its arguments; a request is named by its replica and its place among that one's requests."""

Spent = tuple[int, int, int]
"""The numbers of faults, restarts and moves on the way to a state."""


class Violation(AssertionError):  # noqa: N818 - a finding, not an error of the search
    """The promise is broken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The bound of a search: records, records in a batch, and at most how much goes wrong on a way.

    `faults` limits faults of all kinds together; restarts of the broker and moves of the partition have limits of
    their own. With `fresh` the group is new. With `each_mark` the markers of a transaction are written one by one.
    With `outputs_only` the check looks only at what a reader of the outputs sees, not at offsets and changelog.
    """

    records: int = 2
    batch: int = 1
    faults: int = 1
    restarts: int = 1
    moves: int = 1
    fresh: bool = False
    each_mark: bool = False
    outputs_only: bool = False


class Numbers(dict[Any, int]):
    """Assigns a number to each new value."""

    def __missing__(self, thing: Any) -> int:
        number = self[thing] = len(self)
        return number


class World:
    """The state of everything, and the events that can happen next.

    With `processes` the replicas are learned automata, and the world is kept in a normal form: states that
    differ only in numbers that nothing can distinguish become equal. Without it, each replica has a real
    process, and the broker's numbers are kept as they are. Worlds that share `numbers` use the same keys.
    """

    def __init__(
        self, bound: Bound, processes: dict[str, Processes] | None = None, numbers: Numbers | None = None
    ) -> None:
        self.bound = bound
        self.numbers = Numbers() if numbers is None else numbers
        self.kafka = Kafka(committed=None if bound.fresh else Committed(0))
        if not bound.fresh:
            # The changelog is not new: it ends with a marker, so that there is always something to read.
            self.kafka.write(CHANGELOG, Marker("", committed=False))
        self.orphans: list[Orphan] = []
        self.faulted = self.restarts = self.moves = 0
        self._normal: dict[TopicPartition, Log] = {}
        self.replicas: dict[str, Replica] = {
            name: Learned(processes[name], processes[name].first)
            if processes
            else Live(functools.partial(Process, name, bound.records, bound.batch))
            for name in NAMES
        }

    @property
    def spent(self) -> Spent:
        return self.faulted, self.restarts, self.moves

    def copied(self) -> "World":
        """Return a copy."""
        made = object.__new__(World)
        made.bound, made.numbers = self.bound, self.numbers
        made.kafka, made._normal = self.kafka.copied(), self._normal
        made.orphans = [*self.orphans]
        made.faulted, made.restarts, made.moves = self.spent
        made.replicas = {name: each.copied() for name, each in self.replicas.items() if isinstance(each, Learned)}
        return made

    def end(self) -> None:
        for replica in self.replicas.values():
            if replica.alive:
                replica.die()

    def steps(self) -> list[Event]:
        """Return the events that can happen next without a fault."""
        found: list[Event] = []
        for name, replica in self.replicas.items():
            if replica.alive and not replica.owns and self.kafka.holder == name:
                found.append(("assign", name))
            if replica.owns and self.kafka.holder != name:
                found.append(("dismiss", name))
            if not replica.alive:
                found.append(("start", name))
            found += [("serve", name, slot) for slot in range(len(replica.asks)) if self._can_be_served(replica, slot)]
        for name in sorted(self.kafka.transactions):
            missing = [p.topic if p else "offsets" for p in self.kafka.unmarked(name)]
            if missing:
                found += [("mark", name, each) for each in missing] if self.bound.each_mark else [("mark", name)]
        found += [("time out", each) for each in self._open() if not self._is_of_the_owner(each)]
        for place, (ask, _) in enumerate(self.orphans):
            if not self.kafka.is_busy(ask.writer or "") and self.orphans[place - 1 : place] != self.orphans[place:][:1]:
                found.append(("arrive", place))
        return found

    def faults(self) -> list[Event]:
        """Return the faults that can happen next."""
        found: list[Event] = []
        if self.moves < self.bound.moves:
            found.append(("move",))
        if self.restarts < self.bound.restarts:
            found.append(("restart",))
        costly = self.faulted < self.bound.faults
        for name, replica in self.replicas.items():
            for slot, ask in enumerate(replica.asks):
                if ask.kind in NEVER_FAILING or not (costly or replica.is_broken(slot)):
                    continue
                found.append(("fail", name, slot))
                if ask.writes and self._can_be_served(replica, slot):
                    found.append(("lose answer", name, slot))
            if not costly or not replica.alive:
                continue
            found.append(("kill", name))
            for seconds in replica.timers:
                if seconds in TIMERS:
                    found.append(("expire", name, seconds))
                if seconds == KAFKA.transaction_timeout_seconds:
                    found.append(("expire in vain", name, seconds))
        if costly:
            found += [("time out", each) for each in self._open() if self._is_of_the_owner(each)]
        return found

    def happen(self, event: Event) -> None:
        """Let `event` happen, with everything that follows from it.

        Raises:
            Violation: the promise is broken afterwards.
        """
        verb, *rest = event
        getattr(self, "_" + verb.replace(" ", "_"))(*rest)
        self._normalise()
        self.check()

    def described(self, event: Event) -> str:
        """Describe the event as text."""
        verb, *rest = event
        if verb == "arrive":
            ask, _ = self.orphans[rest[0]]
            return f"{ask.kind} {_text(ask.content)}".rstrip() + " arrives, though no client waits for it"
        if verb.startswith("expire"):
            return f"{rest[0]}: {TIMERS[rest[1]]}{', and its cancellation is swallowed' if verb != 'expire' else ''}"
        if verb in ("serve", "fail", "lose answer"):
            ask = self.replicas[rest[0]].asks[rest[1]]
            return f"{rest[0]}: {verb} {ask.kind} {_text(ask.content)}".rstrip()
        return " ".join(event)

    def check(self) -> None:
        for replica in self.replicas.values():
            if replica.alive and replica.wrong is not None:
                raise Violation(replica.wrong)
        outputs = self.outputs
        if outputs != [f"{n}:{n + 1}" for n in range(len(outputs))]:
            raise Violation(f"read_committed sees the outputs {outputs}")
        if self.done and len(outputs) != self.bound.records:
            raise Violation(f"everything was processed, and read_committed sees the outputs {outputs}")
        if self.bound.outputs_only or any(self.kafka.is_busy(name) for name in self.kafka.transactions):
            return
        if len(outputs) != self.offset:
            raise Violation(f"the group is at {self.offset}, and the outputs are {outputs}")
        if self.counted != self.offset:
            raise Violation(f"the group is at {self.offset}, and the changelog has counted {self.counted}")

    @property
    def outputs(self) -> list[str]:
        return [value.decode() for _, _, value in read(self.kafka.log(OUTPUT))[0]]

    @property
    def offset(self) -> int:
        return self.kafka.committed.offset if self.kafka.committed else 0

    @property
    def counted(self) -> int:
        changes, _ = read(self.kafka.log(CHANGELOG))
        return Tally.from_bytes(changes[-1][2]).count if changes else 0

    @property
    def done(self) -> bool:
        """Whether every record was processed and no transaction is open."""
        held = self.kafka.transactions.values()
        return (
            self.kafka.committed is not None
            and self.offset == self.bound.records
            and all(each.state == "empty" for each in held)
        )

    def key(self) -> bytes:
        """Return a key that identifies this state; the world has to be in normal form."""
        kafka, numbers = self.kafka, self.numbers
        parts: list[Any] = [kafka.holder, numbers[kafka.committed]]
        parts += [numbers[each] for each in sorted(kafka.logs.items())]
        parts += [numbers[each] for each in sorted(kafka.transactions.items()) if each[1].state != "empty"]
        parts.append(tuple([self._orphan_key(each) for each in self.orphans]))
        for replica in self.replicas.values():
            assert isinstance(replica, Learned)
            known = replica.local.number if replica.alive else -1
            parts.append((known, replica.epoch, replica.spans, tuple(sorted(replica.broken))))
        return marshal.dumps(parts, 2)

    def _normalise(self) -> None:
        """Remove requests without any effect and, in a learned world, numbers that nothing can distinguish.

        Of an epoch it only matters whether it is the coordinator's: requests with any other are refused, and a
        kept state is reused only by the epoch directly after its own.
        """
        self.orphans = sorted((each for each in self.orphans if self._may_matter(each)), key=self._orphan_key)
        learned = [each for each in self.replicas.values() if isinstance(each, Learned)]
        if not learned:
            return
        for replica in learned:
            replica.epoch = 1 if self._is_current(replica.writer, replica.epoch) else STALE
        self.orphans = [Orphan(ask, STALE if ask.kind == "fence" else 1) for ask, _ in self.orphans]
        for name, held in self.kafka.transactions.items():
            if held.epoch != 1:
                self.kafka.transactions[name] = held._replace(epoch=1)
        if self.kafka.keeps_aborted:
            return
        normal: dict[TopicPartition, Log] = {}
        for partition, log in self.kafka.logs.items():
            places = [(each, n) for each in learned for n, where in enumerate(each.cursors) if where == partition]
            if places or log is not self._normal.get(partition):
                spans = tuple([each.spans[n] for each, n in places])
                log, moved = shortened(log, spans, has_readers=partition != OUTPUT)
                self.kafka.logs[partition] = log
                for (each, n), span in zip(places, moved, strict=True):
                    each.move(n, span)
            if not places:
                normal[partition] = log
        self._normal = normal

    def _orphan_key(self, orphan: Orphan) -> int:
        return self.numbers[orphan.ask.kind, orphan.ask.content, orphan.ask.writer]

    def _may_matter(self, orphan: Orphan) -> bool:
        """Return whether an abandoned request can still have an effect: one with an old epoch never has."""
        return orphan.ask.kind == "fence" or self._is_current(orphan.ask.writer, orphan.epoch)

    def _is_current(self, writer: str | None, epoch: int) -> bool:
        return writer is not None and self.kafka.transaction(writer).epoch == epoch

    def _open(self) -> list[str]:
        return sorted(name for name, held in self.kafka.transactions.items() if held.state == "open")

    def _is_of_the_owner(self, writer: str) -> bool:
        """Return whether an open transaction belongs to the owner of the partition.

        The owner's transaction times out only if something goes wrong. Any other may stay open until the broker's
        time-out.
        """
        owner = self.replicas[self.kafka.holder]
        return owner.writer == writer and self._is_current(writer, owner.epoch)

    def _can_be_served(self, replica: Replica, slot: int) -> bool:
        ask = replica.asks[slot]
        if ask.writer is not None and self.kafka.is_busy(ask.writer):
            return False
        if ask.shape != "records":
            return True
        position = replica.position_of(slot)
        _, end = ask.answer(self.kafka, position)
        return bool(end > position)

    def _serve(self, name: str, slot: int) -> None:
        replica = self.replicas[name]
        ask = replica.asks[slot]
        number = replica.position_of(slot) if ask.shape == "records" else replica.epoch_of(slot)
        try:
            result, error = ask.answer(self.kafka, number), None
        except Exception as refused:  # noqa: BLE001 - any error is the broker's answer
            result, error = None, refused
        if ask.kind == "fence" and result is None and error is None:
            # The open transaction is being aborted, and the client retries.
            return
        self.orphans += replica.answer(slot, result, error)

    def _arrive(self, place: int) -> None:
        ask, epoch = self.orphans.pop(place)
        with contextlib.suppress(KafkaError):
            ask.answer(self.kafka, epoch)

    def _fail(self, name: str, slot: int) -> None:
        replica = self.replicas[name]
        self.faulted += not replica.is_broken(slot)
        self.orphans += replica.answer(slot, None, KafkaTimeoutError())

    def _lose_answer(self, name: str, slot: int) -> None:
        replica = self.replicas[name]
        with contextlib.suppress(KafkaError):
            replica.asks[slot].answer(self.kafka, replica.epoch_of(slot))
        self._fail(name, slot)

    def _expire(self, name: str, seconds: float) -> None:
        self.faulted += 1
        self.orphans += self.replicas[name].happen("expire", seconds, True)

    def _expire_in_vain(self, name: str, seconds: float) -> None:
        self.faulted += 1
        self.orphans += self.replicas[name].happen("expire", seconds, False)

    def _kill(self, name: str) -> None:
        self.faulted += 1
        self.orphans += self.replicas[name].die()

    def _start(self, name: str) -> None:
        self.replicas[name].start()

    def _move(self) -> None:
        self.moves += 1
        self.kafka.holder = "B" if self.kafka.holder == "A" else "A"

    def _assign(self, name: str) -> None:
        self.orphans += self.replicas[name].happen("assign")

    def _dismiss(self, name: str) -> None:
        self.orphans += self.replicas[name].happen("dismiss")

    def _restart(self) -> None:
        self.restarts += 1
        self.kafka.restart()
        for replica in self.replicas.values():
            replica.break_off(n for n, ask in enumerate(replica.asks) if ask.kind not in NEVER_FAILING)

    def _time_out(self, name: str) -> None:
        self.faulted += self._is_of_the_owner(name)
        self.kafka.expire(name)

    def _mark(self, name: str, topic: str | None = None) -> None:
        for partition in self.kafka.unmarked(name):
            if topic is None or topic == (partition.topic if partition else "offsets"):
                self.kafka.mark(name, partition)


def _text(content: Any) -> str:
    """Describe the content of a request: the offset, or the values of the records."""
    if isinstance(content, tuple) and content and isinstance(content[0], tuple):
        return ",".join((value or b"-").decode() for _, value in content)
    if isinstance(content, tuple) and content:
        return str(content[0])
    return "" if content is None else str(content)
