"""The order of one site's queue."""

from dateline_pages.sites.queues.queue import QueuePlace, SiteQueue, Waiting
from hypothesis import given
from hypothesis import strategies as st


def entry(key: str, place: QueuePlace = QueuePlace.FEED, number: int = 0, due: float = 0.0) -> Waiting:
    return Waiting(kind="request", key=key, place=place, number=number, url=f"https://a.example/{key}", due=due, size=1)


def test_places_come_in_order_and_numbers_within_a_place() -> None:
    queue = SiteQueue()
    for waiting in (entry("c", QueuePlace.BACKFILL, 1), entry("b", QueuePlace.FEED, 2), entry("a", QueuePlace.FEED, 1)):
        queue.put(waiting)
    order = []
    while (first := queue.first(0.0)) is not None:
        order.append(first.key)
        queue.remove(*first.id)
    assert order == ["a", "b", "c"]
    assert (queue.bytes, len(queue), queue.next_due()) == (0, 0, None)


def test_an_entry_that_is_postponed_keeps_its_place() -> None:
    queue = SiteQueue()
    first, second = entry("a", number=1), entry("b", number=2)
    queue.put(first)
    queue.put(second)
    queue.postpone(first, 10.0)
    assert queue.first(5.0) is second
    assert queue.next_due() == 0.0
    assert queue.first(10.0) is first


def test_an_entry_that_is_replaced_counts_once() -> None:
    queue = SiteQueue()
    queue.put(entry("a", number=1))
    newer = entry("a", number=1)
    queue.put(newer)
    assert (len(queue), queue.bytes, queue.places[QueuePlace.FEED]) == (1, 1, 1)
    assert queue.first(0.0) is newer


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["put", "remove", "postpone", "shift"]),
            st.integers(0, 8),
            st.sampled_from(QueuePlace),
            st.integers(0, 5),
            st.floats(0, 20),
        ),
        max_size=40,
    ),
    st.floats(0, 25),
)
def test_the_first_is_the_least_of_those_that_are_due(
    steps: list[tuple[str, int, QueuePlace, int, float]], now: float
) -> None:
    queue, model = SiteQueue(), {}
    for step, key, place, number, due in steps:
        if step == "put":
            model[key] = entry(str(key), place, number, due)
            queue.put(model[key])
        elif step == "remove":
            removed = queue.remove("request", str(key))
            assert removed is model.pop(key, None)
        elif step == "postpone" and key in model:
            queue.postpone(model[key], due)
        elif step == "shift":
            queue.shift(1.0)
    due_now = [each for each in model.values() if each.due <= now]
    first = queue.first(now)
    best = min(((each.place, each.number) for each in due_now), default=None)
    assert (None if first is None else (first.place, first.number)) == best
    assert first is None or first.due <= now
    assert len(queue) == len(model)
