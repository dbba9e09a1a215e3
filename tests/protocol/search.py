"""Visits every state that the protocol can reach within a bound, and tries every event in each."""

import functools
import time
from array import array
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any

from protocol.learned import Processes
from protocol.process import Process, faked
from protocol.world import NAMES, Bound, Event, Numbers, Spent, Violation, World

__all__ = ["Counterexample", "Search", "SearchResult", "search"]


class Counterexample(Exception):  # noqa: N818
    """A sequence of events that breaks the promise."""

    def __init__(self, why: str, trace: Iterable[str]) -> None:
        self.trace = list(trace)
        steps = "\n".join(f"{number:4} {step}" for number, step in enumerate(self.trace, 1))
        super().__init__(f"{why}\n{steps}")


@dataclass(slots=True)
class SearchResult:
    """The size of a search: states, events tried in them (`steps`), and the process states and runs behind them."""

    states: int = 0
    steps: int = 0
    longest: int = 0
    of_processes: int = 0
    runs: int = 0
    complete: bool = False
    seconds: float = 0.0


@dataclass
class Search:
    """A breadth-first search, from the fewest faults to the most.

    A state that was reached before with no more faults of any kind is not visited again. The steps that need only
    the broker and the owner of the partition are kept for the check of progress, as linked lists: `latest` has the
    last step into each state, `earlier` the previous step into the same state, and `origins` where a step starts.
    """

    bound: Bound
    result: SearchResult = field(default_factory=SearchResult)
    processes: dict[str, Processes] = field(init=False)
    names: Numbers = field(default_factory=Numbers)
    numbers: dict[bytes, int] = field(default_factory=dict)
    spent: list[tuple[Spent, ...]] = field(default_factory=list)
    origin: "array[int]" = field(default_factory=lambda: array("l"))
    event: list[Event] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    origins: "array[int]" = field(default_factory=lambda: array("l"))
    earlier: "array[int]" = field(default_factory=lambda: array("l"))
    latest: "array[int]" = field(default_factory=lambda: array("l"))

    def __post_init__(self) -> None:
        self._spendings: dict[tuple[Spent, ...], tuple[Spent, ...]] = {}
        bound = self.bound
        self.processes = {
            name: Processes(functools.partial(Process, name, bound.records, bound.batch)) for name in NAMES
        }

    def run(self, most_states: int | None = None) -> SearchResult:
        began = time.perf_counter()
        first = World(self.bound, self.processes, self.names)
        self._reach(first.key(), first, -1, ())
        todo: dict[int, deque[tuple[int, int, World]]] = defaultdict(deque)
        todo[0].append((0, 0, first))
        try:
            while any(todo.values()):
                number, depth, world = todo[min(cost for cost, waiting in todo.items() if waiting)].popleft()
                self.result.longest = max(self.result.longest, depth)
                for after, arrived in self._follow(number, world):
                    todo[sum(arrived.spent)].append((after, depth + 1, arrived))
                if most_states is not None and self.result.states > most_states:
                    break
            else:
                self._check_progress()
                self.result.complete = True
        finally:
            for each in self.processes.values():
                each.forget()
        self.result.of_processes = sum(each.states for each in self.processes.values())
        self.result.runs = sum(each.runs for each in self.processes.values())
        self.result.seconds = round(time.perf_counter() - began, 1)
        return self.result

    def _follow(self, number: int, world: World) -> Iterable[tuple[int, World]]:
        """Try every event in a state, and yield the states to visit next."""
        steps, owner = world.steps(), world.kafka.holder
        for place, event in enumerate([*steps, *world.faults()]):
            after = world.copied()
            try:
                after.happen(event)
            except Violation as violation:
                raise Counterexample(str(violation), self.replayed(number, event)) from None
            self.result.steps += 1
            key = after.key()
            reached, is_new = self._reach(key, after, number, event)
            if place < len(steps) and (event[0] in ("mark", "time out") or event[1] == owner):
                self.origins.append(number)
                self.earlier.append(self.latest[reached])
                self.latest[reached] = len(self.earlier) - 1
            if is_new:
                yield reached, after

    def _reach(self, key: bytes, world: World, origin: int, event: Event) -> tuple[int, bool]:
        """Return the number of the state that was reached, and whether it has to be visited."""
        number = self.numbers.setdefault(key, len(self.numbers))
        if number == len(self.spent):
            self.spent.append(self._interned((world.spent,)))
            self.origin.append(origin)
            self.event.append(event)
            self.latest.append(-1)
            self.result.states += 1
            if world.done:
                self.done.append(number)
            return number, True
        known = self.spent[number]
        if any(all(a <= b for a, b in zip(each, world.spent, strict=True)) for each in known):
            return number, False
        self.spent[number] = self._interned((*known, world.spent))
        return number, True

    def _interned(self, spent: tuple[Spent, ...]) -> tuple[Spent, ...]:
        return self._spendings.setdefault(spent, spent)

    def way(self, number: int) -> list[Event]:
        """Return the events that led to a state."""
        way: list[Event] = []
        while self.origin[number] >= 0:
            way.append(self.event[number])
            number = self.origin[number]
        return way[::-1]

    def replayed(self, number: int, *more: Event) -> list[str]:
        """Repeat the events that led to a state, then `more`, and return their descriptions."""
        world, told = World(self.bound, self.processes, self.names), []
        for event in (*self.way(number), *more):
            told.append(world.described(event))
            with suppress(Violation):
                world.happen(event)
        return told

    def _check_progress(self) -> None:
        """Check that from every state the owner of the partition can finish all records.

        It has to do so without another fault and without a step of the other replica: it must not wait for a
        replica that does nothing any more, or that has never learned that it lost the partition.

        Raises:
            Counterexample: a state has no such way.
        """
        fine, waiting = bytearray(len(self.spent)), [*self.done]
        for number in waiting:
            fine[number] = True
        while waiting:
            step = self.latest[waiting.pop()]
            while step >= 0:
                before = self.origins[step]
                if not fine[before]:
                    fine[before] = True
                    waiting.append(before)
                step = self.earlier[step]
        stuck = fine.find(0)
        if stuck >= 0:
            raise Counterexample(
                f"{fine.count(0)} states without progress, the first of them after",
                self.replayed(stuck),
            )


def search(
    bound: Bound,
    mutant: Callable[[], AbstractContextManager[Any]] = nullcontext,
    most_states: int | None = None,
) -> SearchResult:
    """Search the protocol, or a `mutant` of it, in every order of events that `bound` allows.

    Raises:
        Counterexample: the promise is broken, or a state without progress is reached.
    """
    with faked(), mutant():
        return Search(bound).run(most_states)
