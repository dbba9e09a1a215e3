"""Looks at every order in which things can happen, by running the code again for each."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from protocol.world import Bound, Event, Violation, World, faked

__all__ = ["Counterexample", "Found", "search"]

Spent = tuple[int, int, int]
"""Faults, restarts and moves on the way to a state."""


class Counterexample(Exception):  # noqa: N818
    """A way in which the promise is broken: what happened, step by step."""

    def __init__(self, why: str, trace: Iterable[str]) -> None:
        self.trace = list(trace)
        steps = "\n".join(f"{number:4} {step}" for number, step in enumerate(self.trace, 1))
        super().__init__(f"{why}\n{steps}")


@dataclass(slots=True)
class Found:
    """What a search went through."""

    states: int = 0
    steps: int = 0
    longest: int = 0
    seconds: float = 0.0


@dataclass
class Search:
    """Depth first from the fewest faults to the most; a state that was reached as cheaply is not looked at again."""

    bound: Bound
    found: Found = field(default_factory=Found)
    seen: dict[bytes, list[Spent]] = field(default_factory=dict)
    before: dict[bytes, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    done: list[bytes] = field(default_factory=list)

    def run(self, most_states: int | None = None) -> Found:
        began = time.perf_counter()
        todo: dict[int, list[tuple[tuple[Event, ...], bytes | None]]] = defaultdict(list)
        todo[0].append(((), None))
        while any(todo.values()):
            cost = min(each for each, waiting in todo.items() if waiting)
            path, origin = todo[cost].pop()
            self._follow(path, origin, todo)
            if most_states is not None and self.found.states > most_states:
                break
        else:
            self._check_progress()
        self.found.seconds = time.perf_counter() - began
        return self.found

    def _follow(
        self,
        path: tuple[Event, ...],
        origin: bytes | None,
        todo: dict[int, list[tuple[tuple[Event, ...], bytes | None]]],
    ) -> None:
        world = World(self.bound)
        try:
            for event in path[:-1]:
                world.repeat(event)
            for event in path[-1:]:
                world.happen(event)
            while True:
                self.found.steps += 1
                key = world.key()
                if origin is not None:
                    self.before[key].add(origin)
                if not self._is_new(key, world):
                    return
                self.found.longest = max(self.found.longest, len(path))
                steps, faults = world.steps(), world.faults()
                for event in faults:
                    price = sum(world.spent.values()) + (0 if event[0] in ("fail", "lose answer") else 1)
                    todo[price].append(((*path, event), None))
                if not steps:
                    return
                for event in steps[1:]:
                    todo[sum(world.spent.values())].append(((*path, event), key))
                path, origin = (*path, steps[0]), key
                world.happen(steps[0])
        except Violation as violation:
            raise Counterexample(str(violation), self._told(path)) from None
        finally:
            world.end()

    def _told(self, path: tuple[Event, ...]) -> list[str]:
        """Go `path` once more and say what happens."""
        world, told = World(self.bound), []
        try:
            for event in path:
                told.append(world.described(event))
                world.repeat(event)
        finally:
            world.end()
        return told

    def _is_new(self, key: bytes, world: World) -> bool:
        spent = (world.spent["faults"], world.spent["restarts"], world.spent["moves"])
        known = self.seen.get(key)
        if known is None:
            self.seen[key] = [spent]
            self.found.states += 1
            if world.done:
                self.done.append(key)
            return True
        if any(all(a <= b for a, b in zip(each, spent, strict=True)) for each in known):
            return False
        known.append(spent)
        return True

    def _check_progress(self) -> None:
        """Hold that from each state everything gets done without another fault."""
        reached, waiting = set(self.done), list(self.done)
        while waiting:
            for each in self.before.get(waiting.pop(), ()):
                if each not in reached:
                    reached.add(each)
                    waiting.append(each)
        stuck = self.seen.keys() - reached
        if stuck:
            raise Counterexample(f"{len(stuck)} states from which nothing goes on", [])


def search(
    bound: Bound,
    mutant: Callable[[], AbstractContextManager[Any]] = nullcontext,
    most_states: int | None = None,
) -> Found:
    """Run the protocol, or a `mutant` of it, in every order that `bound` allows.

    Raises:
        Counterexample: when the promise is broken, or progress is not possible any more.
    """
    with faked(), mutant():
        return Search(bound).run(most_states)
