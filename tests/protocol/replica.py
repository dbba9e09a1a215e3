"""A replica in the world: the state of its process, and the broker's numbers that belong to it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from aiokafka import TopicPartition
from protocol.learned import Ask, Given, Local, Processes, Step, asked, happen
from protocol.process import Process

__all__ = ["Learned", "Live", "Orphan", "Replica"]

STALE = 0
"""The epoch that stands for all epochs older than the coordinator's."""


class Orphan(NamedTuple):
    """A request that no client waits for any more, and its epoch."""

    ask: Ask
    epoch: int


class Replica(Protocol):
    """What the world needs of a replica; `happen`, `answer` and `die` return the requests that became orphans."""

    alive: bool

    @property
    def asks(self) -> Sequence[Ask]: ...

    @property
    def timers(self) -> Sequence[float]: ...

    @property
    def owns(self) -> bool: ...

    @property
    def writer(self) -> str | None: ...

    @property
    def epoch(self) -> int: ...

    @property
    def wrong(self) -> str | None: ...

    def epoch_of(self, slot: int) -> int: ...

    def position_of(self, slot: int) -> int: ...

    def is_broken(self, slot: int) -> bool: ...

    def break_off(self, slots: Iterable[int]) -> None: ...

    def happen(self, *given: Any) -> list[Orphan]: ...

    def answer(self, slot: int, result: Any, error: Exception | None) -> list[Orphan]: ...

    def die(self) -> list[Orphan]: ...

    def start(self) -> None: ...


@dataclass(slots=True)
class Learned:
    """A replica whose process is a learned automaton; `epoch` is the newest that it holds.

    `spans` has, for each reader of a topic to which the search writes, its position and the end up to which it reads.
    """

    processes: Processes
    local: Local
    alive: bool = True
    epoch: int = STALE
    spans: tuple[tuple[int, int], ...] = ()
    broken: frozenset[int] = frozenset()

    def copied(self) -> "Learned":
        return Learned(self.processes, self.local, self.alive, self.epoch, self.spans, self.broken)

    def move(self, cursor: int, span: tuple[int, int]) -> None:
        self.spans = (*self.spans[:cursor], span, *self.spans[cursor + 1 :])

    @property
    def asks(self) -> Sequence[Ask]:
        return self.local.asks if self.alive else ()

    @property
    def timers(self) -> Sequence[float]:
        return self.local.timers if self.alive else ()

    @property
    def owns(self) -> bool:
        return self.alive and self.local.owns

    @property
    def writer(self) -> str | None:
        return self.local.writer

    @property
    def wrong(self) -> str | None:
        return self.local.wrong

    @property
    def cursors(self) -> tuple[TopicPartition, ...]:
        return self.local.cursors if self.alive else ()

    def epoch_of(self, slot: int) -> int:
        return self.epoch if self.local.asks[slot].newest else STALE

    def position_of(self, slot: int) -> int:
        cursor = self.local.asks[slot].cursor
        assert cursor is not None
        return self.spans[cursor][0]

    def is_broken(self, slot: int) -> bool:
        return slot in self.broken

    def break_off(self, slots: Iterable[int]) -> None:
        self.broken |= frozenset(slots)

    def happen(self, *given: Any) -> list[Orphan]:
        return self._take(self.processes.after(self.local, given))

    def answer(self, slot: int, result: Any, error: Exception | None) -> list[Orphan]:
        ask = self.local.asks[slot]
        self.broken -= {slot}
        if error is not None:
            return self._take(self.processes.after(self.local, ("answer", slot, ("error", type(error)))))
        if ask.shape == "epoch":
            follows = self.epoch != STALE and result == self.epoch + 1
            return self._take(self.processes.after(self.local, ("answer", slot, ("epoch", follows))), epoch=result)
        if ask.shape == "end":
            step = self.processes.after(self.local, ("answer", slot, ("end", result > 0)))
            return self._take(step, end=result)
        if ask.shape == "records":
            assert ask.cursor is not None
            found, position = result
            _, end = self.spans[ask.cursor]
            values = tuple((key, value, offset < end) for offset, key, value in found)
            self.move(ask.cursor, (position, end))
            given: Given = ("answer", slot, ("records", values, position >= end))
            return self._take(self.processes.after(self.local, given))
        return self._take(self.processes.after(self.local, ("answer", slot, ("plain", result))))

    def die(self) -> list[Orphan]:
        orphans = [Orphan(ask, self.epoch_of(slot)) for slot, ask in enumerate(self.asks)]
        self.alive, self.epoch, self.spans, self.broken = False, STALE, (), frozenset()
        return orphans

    def start(self) -> None:
        self.alive, self.local = True, self.processes.first

    def _take(self, step: Step, epoch: int = STALE, end: int = 0) -> list[Orphan]:
        newest = epoch if epoch != STALE else self.epoch
        orphans = [Orphan(ask, newest if is_newest else STALE) for ask, is_newest in step.orphans]
        if step.newest != "same":
            self.epoch = epoch if step.newest == "new" else STALE
        before, self.spans = self.spans, ((0, end),) * len(step.after.cursors)
        for old, place in enumerate(step.cursors):
            if place is not None:
                self.move(place, before[old])
        if self.broken:
            self.broken = frozenset(place for old in self.broken if (place := step.asks[old]) is not None)
        self.local = step.after
        return orphans


class Live:
    """A replica with a real process that is given the broker's own numbers; `Learned` has to agree with it."""

    def __init__(self, make: Callable[[], Process]) -> None:
        self._make = make
        self.alive, self.process = True, make()
        self._broken: set[int] = set()

    @property
    def asks(self) -> Sequence[Ask]:
        return [asked(self.process, each) for each in self.process.waiting()] if self.alive else ()

    @property
    def timers(self) -> Sequence[float]:
        return sorted(set(self.process.loop.timers())) if self.alive else ()

    @property
    def owns(self) -> bool:
        return self.alive and self.process.owns

    @property
    def writer(self) -> str | None:
        return self.process.writer

    @property
    def epoch(self) -> int:
        return max(self.process.epochs, default=STALE) if self.alive else STALE

    @property
    def wrong(self) -> str | None:
        return self.process.wrong

    def epoch_of(self, slot: int) -> int:
        return self.process.waiting()[slot].epoch

    def position_of(self, slot: int) -> int:
        reader = self.process.waiting()[slot].reader
        assert reader is not None
        return reader.offset

    def is_broken(self, slot: int) -> bool:
        return self.process.waiting()[slot].number in self._broken

    def break_off(self, slots: Iterable[int]) -> None:
        waiting = self.process.waiting()
        self._broken |= {waiting[slot].number for slot in slots}

    def happen(self, verb: str, *rest: Any) -> list[Orphan]:
        happen(self.process, (verb, *rest))
        return self._orphans()

    def answer(self, slot: int, result: Any, error: Exception | None) -> list[Orphan]:
        self.process.answer(self.process.waiting()[slot], result, error)
        return self._orphans()

    def die(self) -> list[Orphan]:
        orphans = [Orphan(asked(self.process, each), each.epoch) for each in self.process.waiting()]
        self.alive = False
        self.process.die()
        return orphans

    def start(self) -> None:
        self.alive, self.process, self._broken = True, self._make(), set()

    def _orphans(self) -> list[Orphan]:
        return [Orphan(asked(self.process, each), each.epoch) for each in self.process.orphans()]
