"""Failures are blamed on the host or on this machine."""

import random
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from dateline_web.connectivity.monitor import HOLD_SECONDS, Connectivity
from dateline_web.connectivity.outcome import Cut
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from support.crawl import Crawl, Site

DAY_SECONDS = 86_400.0


def always(cut: Cut) -> Callable[[float], Cut | None]:
    return lambda now: cut


def sites(count: int, *, interval: float = 300.0, down: int = 0, seed: int = 1, **changes: float) -> list[Site]:
    """Return sites that are due at random times; the first `down` are always down."""
    chance = random.Random(seed)
    return [
        Site(
            host=f"h{number}.example",
            interval=interval,
            first=chance.uniform(0, interval),
            down=always("connection") if number < down else lambda now: None,
            **changes,
        )
        for number in range(count)
    ]


def names(numbers: Sequence[int]) -> set[str]:
    return {f"h{number}.example" for number in numbers}


@pytest.mark.parametrize("cut", ["connection", "name", "unknown name", "here"])
@pytest.mark.parametrize("seconds", [0.01, 10.0, 30.0])
@pytest.mark.parametrize("count", [1, 2, 5, 100, 3000])
def test_an_outage_blames_nobody_and_all_are_asked_afterwards(count: int, seconds: float, cut: Cut) -> None:
    crawl = Crawl(sites=sites(count), outages=[(1000.0, 2000.0)], cut_seconds=seconds, cut=cut)
    crawl.run(2400.0)
    assert not crawl.blamed
    assert [state for _, state in crawl.states] == ["online", "offline", "online"]
    assert crawl.states[2][0] < 2000 + 105
    asked = {host for at, host in crawl.requests if at > 2000}
    assert asked == {site.host for site in crawl.sites}
    assert crawl.longest_hold < HOLD_SECONDS + 0.5


@pytest.mark.parametrize("seconds", [0.01, 10.0])
def test_a_machine_that_is_offline_makes_a_trickle_of_requests_and_then_all(seconds: float) -> None:
    crawl = Crawl(sites=sites(3000), outages=[(1000.0, 4600.0)], cut_seconds=seconds).run(4700.0)
    away = [at for at, _ in crawl.requests if 1030 <= at < 4600]
    assert len(away) <= 3570 / 2 + 1
    assert min(later - earlier for earlier, later in pairwise(away)) >= 2
    assert crawl.states[2][0] < 4600 + 15
    assert sum(at > 4600 for at, _ in crawl.requests) > 2500, "the full rate"


@pytest.mark.parametrize("seconds", [0.01, 10.0])
def test_twenty_thousand_hosts_of_which_some_are_down_survive_an_outage(seconds: float) -> None:
    crawl = Crawl(sites=sites(20_000, interval=900.0, down=600), outages=[(1000.0, 1600.0)], cut_seconds=seconds)
    crawl.run(2600.0)
    assert set(crawl.blamed) == names(range(600))
    assert not [at for at, _ in crawl.blames if 1015 < at < 1600]
    (_, _), (away, _), (back, _) = crawl.states
    assert away < 1012
    assert back < 1605


def test_one_host_is_not_probed_all_the_time() -> None:
    crawl = Crawl(sites=sites(1), outages=[(1000.0, DAY_SECONDS)]).run(10_000.0)
    late = [at for at, _ in crawl.requests if at > 3000]
    assert min(later - earlier for earlier, later in pairwise(late)) >= 60


@pytest.mark.parametrize("count", [2, 3, 10, 1000])
@pytest.mark.parametrize("seconds", [0.01, 10.0])
@pytest.mark.parametrize("cut", ["connection", "name", "unknown name"])
def test_a_host_that_is_down_is_blamed_for_each_failure_while_others_work(count: int, seconds: float, cut: Cut) -> None:
    crawl = Crawl(sites=sites(count, interval=60.0))
    crawl.sites[0].down, crawl.sites[0].down_seconds = always(cut), seconds
    crawl.run(1000.0)
    assert set(crawl.blamed) == names([0])
    assert crawl.blamed["h0.example"] >= 1000 / (60 + 10 + HOLD_SECONDS) - 2


def test_five_hosts_behind_one_dead_front_are_blamed_while_others_work() -> None:
    crawl = Crawl(sites=sites(40, interval=60.0))
    for site in crawl.sites[:5]:
        site.first, site.down_seconds = 100.0, 0.01
        site.down = lambda now: "connection"
    crawl.run(600.0)
    assert set(crawl.blamed) == names(range(5))
    assert min(crawl.blamed.values()) >= 3
    assert crawl.states == [(0.25, "online")]


def test_hosts_that_are_down_are_blamed_among_few_others_in_the_end() -> None:
    crawl = Crawl(sites=sites(10, interval=900.0))
    for site in crawl.sites[:5]:
        site.first, site.down_seconds = 0.0, 0.01
        site.down = lambda now: "connection"
    crawl.run(4 * 3600.0)
    assert set(crawl.blamed) == names(range(5))
    assert crawl.states[-1][1] == "online"


def test_hosts_that_stay_down_are_blamed_even_if_they_are_most() -> None:
    crawl = Crawl(sites=sites(100, down=60, down_seconds=0.01)).run(3600.0)
    assert set(crawl.blamed) == names(range(60))
    assert crawl.states[-1][1] == "online"
    assert crawl.states[-1][0] < 900, "and the others are asked at the full rate"


def test_few_hosts_that_are_reached_do_not_end_an_outage_of_all_others() -> None:
    crawl = Crawl(sites=sites(100, interval=60.0))
    for site in crawl.sites[3:]:
        site.down = lambda now: "connection" if 1000 <= now < 4600 else None
    crawl.run(5000.0)
    assert not crawl.blamed
    assert [state for _, state in crawl.states] == ["online", "offline", "online"]


@pytest.mark.parametrize("seconds", [0.01, 10.0])
@pytest.mark.parametrize("count", [1, 3, 30, 1000])
def test_a_network_that_comes_and_goes_blames_nobody(count: int, seconds: float) -> None:
    outages = [(1000.0 + 200 * number, 1100.0 + 200 * number) for number in range(6)]
    crawl = Crawl(sites=sites(count), outages=outages, cut_seconds=seconds).run(2600.0)
    assert not crawl.blamed
    assert crawl.network.state == "online"


def test_hosts_that_were_down_before_an_outage_are_blamed_after_it() -> None:
    crawl = Crawl(sites=sites(200, down=50), outages=[(1000.0, 1600.0)]).run(3000.0)
    assert set(crawl.blamed) == names(range(50))
    blamed = [at for at, _ in crawl.blames]
    assert any(at < 1000 for at in blamed)
    assert not any(1000 + HOLD_SECONDS + 10 < at < 1600 for at in blamed)
    assert any(at > 1600 for at in blamed)


def test_a_host_that_fails_alone_is_tried_again_and_blamed_after_another_was_asked() -> None:
    crawl = Crawl(sites=[Site(host="down.example"), Site(host="other.example", first=200.0, interval=300.0)])
    crawl.run(899.0)
    crawl.sites[0].down = lambda now: "connection"
    crawl.run(1099.0)
    assert sum(host == "down.example" for at, host in crawl.requests if at >= 900) > 2
    assert not crawl.blamed
    assert [state for _, state in crawl.states] == ["online"], "one host is no outage"
    crawl.run(1200.0)
    assert crawl.blamed == {"down.example": 1}


def test_names_that_do_not_exist_are_the_hosts_own_unless_all_names_fail() -> None:
    crawl = Crawl(sites=sites(100, interval=60.0))
    for site in crawl.sites[:20]:
        site.down = lambda now: "unknown name"
    crawl.run(300.0)
    assert set(crawl.blamed) == names(range(20))
    assert [state for _, state in crawl.states] == ["online"]
    for site in crawl.sites[20:]:
        site.down = lambda now: "unknown name"
    crawl.run(1000.0)
    assert set(crawl.blamed) == names(range(20))
    assert crawl.states[-1][1] == "offline"


def test_a_broken_proxy_is_never_a_hosts_fault() -> None:
    now = 100.0
    network = Connectivity(clock=lambda: now)
    failure = network.failed("a.example", 99.0, "here")
    for host in "bcdefg":
        network.reached(f"{host}.example", 100.0)
    now = 140.0
    assert network.blame(failure) == "ours"
    assert network.state == "online"


def test_an_answer_that_breaks_off_is_the_hosts_fault_even_if_no_other_is_asked() -> None:
    now = 100.0
    network = Connectivity(clock=lambda: now)
    blames = []
    for now in (100.0, 140.0):
        network.reached("a.example", now - 1)
        failure = network.failed("a.example", now - 1, "connection", answered=True)
        now += HOLD_SECONDS
        blames.append(network.blame(failure))
    assert blames == ["ours", "theirs"], "the first may be an accident"


def test_the_log_says_once_that_the_machine_is_offline_and_once_that_it_is_back() -> None:
    with capture_logs() as lines:
        crawl = Crawl(sites=sites(50), outages=[(1000.0, 2000.0)], cut_seconds=0.01).run(1500.0)
        reason = crawl.network.reason or ""
        crawl.run(2400.0)
    assert [line["event"] for line in lines] == [
        "this machine seems to be offline; no host is blamed",
        "this machine reaches the network again",
    ]
    assert reason == lines[0]["reason"]
    assert reason.startswith("this machine seems to be cut off from the network: 5 of the 5 hosts")
    assert 900 < lines[1]["offline_seconds"] < 1020
    assert crawl.network.reason is None


@settings(deadline=None, max_examples=60)
@given(
    count=st.integers(1, 60),
    interval=st.sampled_from([30.0, 300.0, 900.0]),
    seconds=st.sampled_from([0.01, 3.0, 10.0, 30.0]),
    begin=st.floats(1000, 2000),
    length=st.floats(60, 3000),
    seed=st.integers(0, 1000),
)
def test_no_outage_of_a_minute_or_more_blames_anybody(
    count: int, interval: float, seconds: float, begin: float, length: float, seed: int
) -> None:
    crawl = Crawl(
        sites=sites(count, interval=interval, seed=seed), outages=[(begin, begin + length)], cut_seconds=seconds
    )
    crawl.run(begin + length + interval + 200)
    assert not crawl.blamed
    assert crawl.longest_hold < HOLD_SECONDS + 0.5
    assert crawl.network.state == "online"
    asked = {host for at, host in crawl.requests if at > begin + length}
    assert asked == {site.host for site in crawl.sites}


@settings(deadline=None, max_examples=40)
@given(
    count=st.integers(3, 60),
    share=st.floats(0.05, 0.3),
    interval=st.sampled_from([30.0, 300.0]),
    seconds=st.sampled_from([0.01, 10.0]),
    seed=st.integers(0, 1000),
)
def test_without_an_outage_those_that_are_down_are_blamed_and_nobody_else(
    count: int, share: float, interval: float, seconds: float, seed: int
) -> None:
    down = max(1, int(count * share))
    crawl = Crawl(sites=sites(count, interval=interval, down=down, down_seconds=seconds, seed=seed))
    crawl.run(max(8 * interval, 1800))
    assert set(crawl.blamed) == names(range(down))
