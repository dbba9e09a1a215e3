"""Learns a process as an automaton: each event in each of its states is run by the real code only once."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiokafka import TopicPartition
from protocol.clients import Request
from protocol.kafka import Kafka
from protocol.process import Process

__all__ = ["Ask", "Given", "Local", "Processes", "Step", "asked", "happen"]

FAR = 1_000_000
"""The end of a log for a learned process, whose readers only compare offsets with it."""

KEPT_ALIVE = 300
"""At most this many processes are kept in their states, since their next events are likely to be needed soon."""

Given = tuple[Any, ...]
"""An event of a process: a verb and its arguments, without numbers that only matter relative to others."""


class Ask(NamedTuple):
    """A request as the world sees it; `newest` is true if it was sent with the newest epoch of the process."""

    kind: str
    content: Any
    shape: str
    writer: str | None
    newest: bool
    writes: bool
    cursor: int | None
    answer: Callable[[Kafka, int], Any]


class Local(NamedTuple):
    """A state of a process, as far as the world depends on it."""

    number: int
    asks: tuple[Ask, ...]
    cursors: tuple[TopicPartition, ...]
    timers: tuple[float, ...]
    writer: str | None
    owns: bool
    wrong: str | None


class Step(NamedTuple):
    """The result of an event: the next state, and the places in it of the previous requests and readers.

    `orphans` are the requests that no client waits for any more, each with whether it was sent with the newest
    epoch. `newest` says what happened to the newest epoch: `same`, `new` or `gone`.
    """

    after: Local
    asks: tuple[int | None, ...]
    cursors: tuple[int | None, ...]
    orphans: tuple[tuple[Ask, bool], ...]
    newest: str


@dataclass
class Processes:
    """The known states of one replica's process, and the steps between them.

    If no process is kept in a state, a new process is brought there by the same events. States are
    distinguished by their portraits, so one state stands for all the ways that lead to it.
    """

    make: Callable[[], Process]
    _numbers: dict[tuple[Any, ...], Local] = field(default_factory=dict)
    _ways: list[tuple[Given, ...]] = field(default_factory=list)
    _steps: dict[tuple[int, Given], Step] = field(default_factory=dict)
    _other_ways: dict[int, tuple[Given, ...]] = field(default_factory=dict)
    _alive: OrderedDict[int, Process] = field(default_factory=OrderedDict)
    runs: int = 0

    def __post_init__(self) -> None:
        process = self.make()
        self.first = self._local(process, ())
        self._keep(self.first.number, process)

    def after(self, local: Local, given: Given) -> Step:
        """Return the step that the event `given` takes in the state `local`."""
        known = self._steps.get((local.number, given))
        if known is None:
            process = self._alive.pop(local.number, None) or self.made(self._ways[local.number])
            known = self._steps[local.number, given] = self.run(process, given, self._ways[local.number])
            self._keep(known.after.number, process)
        return known

    def made(self, way: tuple[Given, ...]) -> Process:
        """Return a new process after the events of `way`."""
        process = self.make()
        for given in way:
            happen(process, given)
            process.orphans()
        return process

    def run(self, process: Process, given: Given, way: tuple[Given, ...] = ()) -> Step:
        """Let `given` happen to a process that went `way`, and return the step."""
        self.runs += 1
        requests, cursors, epochs = process.waiting(), process.cursors, process.epochs
        happen(process, given)
        orphans = process.orphans()
        newest = max([*epochs[:1], *process.epochs[:1]], default=0)
        now = {id(each): place for place, each in enumerate(process.waiting())}
        there = {id(each): place for place, each in enumerate(process.cursors)}
        return Step(
            after=self._local(process, (*way, given)),
            asks=tuple(now.get(id(each)) for each in requests),
            cursors=tuple(there.get(id(each)) for each in cursors),
            orphans=tuple((asked(process, each), each.epoch == newest) for each in orphans),
            newest=_became_of(epochs, process.epochs),
        )

    def forget(self) -> None:
        """End all processes that are kept."""
        for process in self._alive.values():
            process.die()
        self._alive.clear()

    @property
    def states(self) -> int:
        return len(self._ways)

    def _local(self, process: Process, way: tuple[Given, ...]) -> Local:
        portrait = process.portrait()
        found = self._numbers.get(portrait)
        if found is None:
            found = self._numbers[portrait] = Local(
                number=len(self._ways),
                asks=tuple(asked(process, each) for each in process.waiting()),
                cursors=tuple(each.partition for each in process.cursors if each.partition is not None),
                timers=tuple(sorted(set(process.loop.timers()))),
                writer=process.writer,
                owns=process.owns,
                wrong=process.wrong,
            )
            self._ways.append(way)
        elif way != self._ways[found.number]:
            self._other_ways[found.number] = way
        return found

    def others(self) -> Iterator[tuple[Step, Step]]:
        """Yield each learned step with the same step of a process that reached the state by another way."""
        for (number, given), known in list(self._steps.items()):
            way = self._other_ways.get(number)
            if way is not None:
                process = self.made(way)
                yield known, self.run(process, given, way)
                process.die()

    def is_at(self, process: Process, local: Local) -> bool:
        """Return whether a process is in the state `local`."""
        return self._numbers.get(process.portrait()) is local

    def _keep(self, number: int, process: Process) -> None:
        if number in self._alive:
            process.die()
            return
        self._alive[number] = process
        if len(self._alive) > KEPT_ALIVE:
            self._alive.popitem(last=False)[1].die()


def happen(process: Process, given: Given) -> None:
    """Let an event happen to a process; numbers of which only the order matters are made up here."""
    verb, *rest = given
    if verb == "answer":
        slot, answer = rest
        request = process.waiting()[slot]
        process.answer(request, *_told(process, request, answer))
    elif verb == "expire":
        process.expire(rest[0], heard=rest[1])
    else:
        getattr(process, verb)()


def _told(process: Process, request: Request, answer: tuple[Any, ...]) -> tuple[Any, Exception | None]:
    kind, *rest = answer
    if kind == "error":
        return None, rest[0]()
    if kind == "epoch":
        return max(process.epochs, default=0) + (1 if rest[0] else 2), None
    if kind == "end":
        return FAR if rest[0] else 0, None
    if kind == "records":
        values, at_end = rest
        assert request.reader is not None
        here = request.reader.offset
        found = [(here + n if below else FAR + n, key, value) for n, (key, value, below) in enumerate(values)]
        return (found, FAR + len(found) if at_end else here + len(found) + 1), None
    return rest[0], None


def asked(process: Process, request: Request) -> Ask:
    cursors = process.cursors
    return Ask(
        request.kind,
        request.content,
        request.shape,
        request.writer,
        request.epoch == max(process.epochs, default=0),
        request.writes,
        cursors.index(request.reader) if request.reader in cursors else None,
        request.answer,
    )


def _became_of(before: list[int], after: list[int]) -> str:
    if before[:1] == after[:1]:
        return "same"
    return "new" if after and (not before or after[0] > before[0]) else "gone"
