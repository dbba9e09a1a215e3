"""Every order of events within a bound keeps the promise, and every known mutant breaks it."""

import gc
import random
from collections.abc import Iterator
from functools import partial
from unittest import mock

import pytest
from dateline.runtime.task import Task
from protocol.learned import Processes, Step
from protocol.mutants import MUTANTS
from protocol.process import Process, faked
from protocol.replica import Live
from protocol.search import Counterexample, Search, search
from protocol.world import NAMES, Bound, Numbers, World

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited"),
    pytest.mark.no_cover,
]
"""Killed processes leave coroutines that never started; the time-out allows for a loaded machine.

Coverage would double the time of the searches, and the tests of the runtime reach what they reach.
"""


@pytest.fixture(autouse=True, scope="module")
def little_to_collect() -> Iterator[None]:
    """Let the collector skip what earlier tests left in memory; otherwise a search takes three times as long."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


ALL = Bound(records=2, faults=1, restarts=0, moves=1, outputs_only=True)
"""The bound that reveals most mutants; the search ends at the first counterexample."""

BOUNDS = {
    "a_broker_that_forgets_marks": Bound(records=2, faults=1, restarts=1, moves=0, outputs_only=True),
    "an_offset_that_is_not_there_while_the_coordinator_loads": Bound(
        records=2, faults=1, restarts=1, moves=0, outputs_only=True
    ),
}


@pytest.mark.parametrize(
    ("bound", "least"),
    [
        (Bound(records=3, faults=0, restarts=0, moves=0), 60),
        (Bound(records=2, batch=2, faults=0, restarts=1, moves=0, fresh=True), 100),
        (Bound(records=1, faults=1, restarts=0, moves=0, each_mark=True), 400),
        (Bound(records=2, faults=1, restarts=0, moves=0), 800),
        (Bound(records=1, faults=0, restarts=1, moves=1), 180_000),
    ],
    ids=[
        "batches that overlap",
        "a new group and a restart",
        "one fault at each mark",
        "one fault anywhere",
        "two owners and a restart",
    ],
)
def test_no_order_of_events_breaks_the_promise(bound: Bound, least: int) -> None:
    result = search(bound)
    assert result.complete
    assert result.states >= least, "the search visited fewer states than it has to"


@pytest.mark.parametrize("name", MUTANTS)
def test_each_mutant_is_found_with_the_steps_that_lead_to_the_violation(name: str) -> None:
    with pytest.raises(Counterexample, match="read_committed sees the outputs") as caught:
        search(BOUNDS.get(name, ALL), MUTANTS[name])
    assert caught.value.trace[0] == "assign A"
    assert len(caught.value.trace) > 10, "the steps that lead there are shown"


def test_a_protocol_without_progress_is_found() -> None:
    """The other half of the promise: a task that never commits loses and duplicates nothing either."""

    async def never(self: Task, *_: object, **__: object) -> None: ...

    with pytest.raises(Counterexample, match="states without progress"):
        search(Bound(records=1, faults=0, restarts=0, moves=0), lambda: mock.patch.object(Task, "commit", never))


def the_same(learned: World, live: World, processes: dict[str, Processes]) -> bool:
    """Return whether both worlds look the same, offer the same events, and have their processes in the same states."""
    seen = [(w.steps(), w.faults(), w.outputs, w.offset, w.counted, w.done) for w in (learned, live)]
    return seen[0] == seen[1] and all(
        not replica.alive or processes[name].is_at(replica.process, learned.replicas[name].local)  # type: ignore[attr-defined]
        for name, replica in live.replicas.items()
        if isinstance(replica, Live)
    )


def both(bound: Bound, processes: dict[str, Processes], numbers: Numbers) -> tuple[World, World]:
    return World(bound, processes, numbers), World(bound, numbers=numbers)


def test_learned_processes_behave_like_live_processes_with_the_brokers_own_numbers() -> None:
    """What the search leaves out of its states, above all epochs and offsets, makes no difference."""
    bound = Bound(records=3, faults=30, restarts=3, moves=6, each_mark=True)
    with faked():
        processes = {name: Processes(partial(Process, name, bound.records, bound.batch)) for name in NAMES}
        for seed in range(80):
            choice = random.Random(seed)
            learned, live = both(bound, processes, Numbers())
            told: list[str] = []
            for _ in range(100):
                assert the_same(learned, live, processes), (seed, told)
                steps, faults = learned.steps(), learned.faults()
                events = faults if faults and choice.random() < 0.1 else steps
                # Most possible events are polls without records, which lead nowhere.
                events = [each for each in events if "nothing to take" not in learned.described(each)] or events
                event = choice.choice(events)
                told.append(learned.described(event))
                learned.happen(event)
                live.happen(event)
            live.end()
        assert sum(each.states for each in processes.values()) > 500
        for each in processes.values():
            each.forget()


@pytest.mark.parametrize(
    ("bound", "every"),
    [
        (Bound(records=1, faults=1, restarts=0, moves=0, each_mark=True), 1),
        (Bound(records=1, faults=0, restarts=0, moves=1), 100),
    ],
    ids=["each state", "each 100th with two owners"],
)
def test_live_processes_reach_the_states_of_a_finished_search(bound: Bound, every: int) -> None:
    with faked():
        finished = Search(bound)
        finished.run()
        for number in range(0, finished.result.states, every):
            learned, live = both(bound, finished.processes, finished.names)
            for event in finished.way(number):
                learned.happen(event)
                live.happen(event)
            assert finished.numbers[learned.key()] == number
            assert the_same(learned, live, finished.processes), finished.replayed(number)
            live.end()


def test_processes_with_equal_portraits_behave_alike() -> None:
    """The search relies on it: of all the ways to a state of a process, it continues only the first."""

    def seen(step: Step) -> object:
        orphans = sorted(repr((ask.kind, ask.content, newest)) for ask, newest in step.orphans)
        return step.after.number, step.asks, step.cursors, orphans, step.newest

    with faked():
        finished = Search(Bound(records=2, faults=1, restarts=0, moves=1))
        finished.run(most_states=20_000)
        pairs = [pair for each in finished.processes.values() for pair in each.others()]
    assert len(pairs) > 100
    for known, other in pairs:
        assert seen(known) == seen(other)
