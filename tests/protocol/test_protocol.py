"""Every order of events within a bound keeps the promise, and every known mistake breaks it."""

from unittest import mock

import pytest
from dateline.task import Task
from protocol.mutants import MUTANTS
from protocol.search import Counterexample, search
from protocol.world import Bound, World, faked

pytestmark = [pytest.mark.timeout(900), pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")]
"""A process of the search that is killed leaves coroutines that never began; a loaded machine takes its time."""

ALL = Bound(records=2, faults=1, restarts=1, moves=1, outputs_only=True)
"""Far enough for most mistakes: the search ends at the first."""

BOUNDS = {
    "a_broker_that_forgets_marks": Bound(records=2, faults=1, restarts=1, moves=0, outputs_only=True),
}


@pytest.mark.parametrize(
    ("bound", "least"),
    [
        (Bound(records=3, faults=0, restarts=0, moves=0), 50),
        (Bound(records=2, batch=2, faults=0, restarts=1, moves=0, fresh=True), 30),
        (Bound(records=1, faults=1, restarts=0, moves=0, each_mark=True), 200),
        (Bound(records=2, faults=1, restarts=0, moves=0), 500),
    ],
    ids=["batches that overlap", "a new group and a restart", "one fault at each mark", "one fault anywhere"],
)
def test_no_order_of_events_breaks_the_promise(bound: Bound, least: int) -> None:
    found = search(bound)
    assert found.states >= least, "less was looked at than there is"


def test_two_owners_and_a_restart_keep_the_promise_as_far_as_there_is_time() -> None:
    """`make protocol` looks at all of it."""
    search(Bound(records=1, faults=0, restarts=1, moves=1), most_states=1500)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mistake_is_found_and_told_step_by_step(name: str) -> None:
    with pytest.raises(Counterexample, match="read_committed sees the outputs") as caught:
        search(BOUNDS.get(name, ALL), MUTANTS[name])
    assert caught.value.trace[0] == "assign A"
    assert len(caught.value.trace) > 10, "the steps that lead there are shown"


def test_a_protocol_that_cannot_go_on_is_found() -> None:
    """The other half of the promise: what never commits loses and doubles nothing."""

    async def never(self: Task, *_: object, **__: object) -> None: ...

    with pytest.raises(Counterexample, match="nothing goes on"):
        search(Bound(records=1, faults=0, restarts=0, moves=0), lambda: mock.patch.object(Task, "commit", never))


def test_the_same_events_lead_to_the_same_state() -> None:
    """The search stands on it: a state is made again by repeating the events that led to it."""
    keys = []
    with faked():
        for _ in range(2):
            world, seen = World(Bound()), []
            for _step in range(12):
                seen.append(world.key())
                world.happen(world.steps()[0])
            world.end()
            keys.append(seen)
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 12
