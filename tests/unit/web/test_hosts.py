"""Per-host limits."""

import heapq

import pytest
from dateline_web.hosts import Hosts
from hypothesis import given, settings
from hypothesis import strategies as st

ONE = ("news.example",)


def a_table(limit: int = 2, pause: float = 1.0) -> Hosts:
    return Hosts(limit=limit, pause_seconds=pause, chance=lambda: 0.0)


def test_requests_to_one_host_start_a_pause_apart_and_other_hosts_do_not_wait() -> None:
    hosts = a_table()
    assert hosts.enter(ONE, 100.0) == 0
    again = hosts.enter(ONE, 100.0)
    assert again == 101.0
    assert hosts.enter(("other.example",), 100.0) == 0
    assert hosts.enter(ONE, again, waited=True) == 0


def test_a_waiting_caller_keeps_its_place_in_the_queue() -> None:
    hosts = a_table()
    hosts.enter(ONE, 100.0)
    places = [hosts.enter(ONE, 100.0) for _ in range(3)]
    assert places == [101.0, 102.0, 103.0]
    assert hosts.enter(ONE, 101.0) == 104.0, "a newcomer queues although the host is free"
    assert hosts.enter(ONE, 101.0, waited=True) == 0


def test_no_more_requests_run_than_the_limit() -> None:
    hosts = a_table(limit=2, pause=0.0)
    assert [hosts.enter(ONE, 100.0) for _ in range(3)] == [0, 0, 100.1]
    hosts.leave(ONE, 100.05, failed=False)
    assert hosts.enter(ONE, 100.1, waited=True) == 0


def test_a_held_host_gets_no_requests_until_the_hold_ends() -> None:
    hosts = a_table()
    hosts.hold("news.example", 700.0, "it answered 429")
    hosts.hold("news.example", 200.0, "a shorter time does not end a longer one")
    assert hosts.enter(ONE, 100.0) == 700.0
    assert hosts.enter(ONE, 100.0) == 701.0, "and then the callers queue up"
    assert hosts.held_seconds("news.example", 100.0) == 600.0
    assert hosts.held_seconds("news.example", 700.0) == 0.0
    assert hosts.held_seconds("unknown.example", 100.0) == 0.0
    assert hosts.enter(ONE, 700.0, waited=True) == 0


def test_a_host_in_trouble_is_tried_one_request_at_a_time_after_growing_holds() -> None:
    hosts = a_table(pause=0.0)
    now, pauses = 1000.0, []
    for failures in range(1, 13):
        assert hosts.enter(ONE, now, waited=True) == 0
        assert (hosts.enter(ONE, now, waited=True) == 0) == (failures <= 3), (
            "a host in trouble gets one request at a time"
        )
        if failures <= 3:
            hosts.leave(ONE, now, failed=None)
        hosts.leave(ONE, now, failed=True)
        again = hosts.enter(ONE, now, waited=True)
        if again == 0:
            hosts.leave(ONE, now, failed=None)
            continue
        pauses.append(again - now)
        now = again
    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600]


def test_one_success_ends_the_trouble_of_a_host() -> None:
    hosts = a_table(pause=0.0)
    for _ in range(2):
        hosts.enter(ONE, 100.0)
        hosts.leave(ONE, 100.0, failed=True)
    hosts.enter(ONE, 100.0)
    hosts.leave(ONE, 100.0, failed=False)
    for _ in range(2):
        hosts.enter(ONE, 100.0)
        hosts.leave(ONE, 100.0, failed=True)
    assert hosts.held_seconds("news.example", 100.0) == 0.0


def test_a_request_to_two_hosts_waits_for_both() -> None:
    hosts = a_table()
    hosts.enter(("b.example",), 100.0)
    again = hosts.enter(("a.example", "b.example"), 100.0)
    assert again == 101.0
    assert hosts.enter(("a.example", "b.example"), again, waited=True) == 0
    assert hosts.enter(("a.example",), again) != 0


def test_idle_hosts_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dateline_web.hosts.CLEAN_ABOVE", 10)
    hosts = Hosts(limit=1, pause_seconds=1.0, _clean_above=10)
    for number in range(100):
        name = (f"h{number}.example",)
        hosts.enter(name, number * 10.0)
        hosts.leave(name, number * 10.0, failed=number == 3)
    assert len(hosts) <= 21


@settings(max_examples=50)
@given(
    st.integers(1, 3),
    st.sampled_from([0.0, 0.5, 2.0]),
    st.lists(st.tuples(st.floats(0, 20), st.floats(0.01, 9), st.booleans()), min_size=1, max_size=60),
)
def test_a_host_never_gets_more_requests_than_its_limits_allow(
    limit: int, pause: float, feeds: list[tuple[float, float, bool]]
) -> None:
    hosts = Hosts(limit=limit, pause_seconds=pause, chance=lambda: 0.5)
    events = [(at, number, "due", False) for number, (at, _, _) in enumerate(feeds)]
    heapq.heapify(events)
    active, finished = 0, 0
    starts: list[float] = []
    for _ in range(20_000):
        if not events:
            break
        now, number, what, waited = heapq.heappop(events)
        if what == "ends":
            hosts.leave(ONE, now, failed=feeds[number][2])
            active, finished = active - 1, finished + 1
        elif again := hosts.enter(ONE, now, waited=waited):
            assert again > now
            heapq.heappush(events, (again, number, "due", True))
        else:
            active += 1
            assert active <= limit
            assert not starts or now - starts[-1] >= pause - 1e-9
            starts.append(now)
            heapq.heappush(events, (now + feeds[number][1], number, "ends", False))
    assert finished == len(feeds), "and every request is made"


def test_a_clock_that_is_set_back_does_not_prolong_a_pause() -> None:
    hosts = a_table(limit=1, pause=5.0)
    assert hosts.enter(["a.example"], 2000.0) == 0.0
    hosts.leave(["a.example"], 2001.0, failed=False)
    assert hosts.enter(["a.example"], 202.0) == 207.0, "a pause, not half an hour"
