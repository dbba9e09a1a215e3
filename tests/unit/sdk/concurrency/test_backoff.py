"""Pauses between attempts grow, end at a stop, and are logged now and then."""

import asyncio
from types import SimpleNamespace

import pytest
import structlog
from dateline.concurrency.backoff import Backoff, pause_seconds
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs


@given(st.integers(0, 10_000))
def test_pauses_double_up_to_the_longest_with_jitter(failures: int) -> None:
    pause = pause_seconds(failures, initial_seconds=0.5, longest_seconds=8)
    wanted = min(8, 0.5 * 2 ** min(failures, 20))
    assert wanted / 2 <= pause <= wanted


def test_pauses_begin_again_after_a_reset() -> None:
    backoff = Backoff(initial_seconds=1.0, longest_seconds=100.0)
    assert [backoff.next_seconds() > 2 ** (n - 1) for n in range(5)] == [True] * 5
    backoff.reset()
    assert backoff.next_seconds() <= 1.0


async def test_a_pause_ends_when_the_stop_is_set() -> None:
    stop = asyncio.Event()
    backoff = Backoff(initial_seconds=60.0, longest_seconds=60.0, stop=stop)
    pausing = asyncio.ensure_future(backoff.pause())
    await asyncio.sleep(0)
    stop.set()
    await asyncio.wait_for(pausing, 2)
    assert backoff.failures == 1


async def test_a_pause_without_a_stop_takes_its_time() -> None:
    backoff = Backoff(initial_seconds=0.002)
    began = asyncio.get_running_loop().time()
    await backoff.pause()
    assert asyncio.get_running_loop().time() - began >= 0.001


def test_the_last_of_a_number_of_attempts_is_known() -> None:
    backoff = Backoff(attempts=3)
    exhausted = []
    for _ in range(3):
        exhausted.append(backoff.exhausted)
        backoff.next_seconds()
    assert exhausted == [False, False, True]


def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("dateline.concurrency.backoff.time", SimpleNamespace(monotonic=lambda: now))
    backoff = Backoff(patience_seconds=10.0)
    assert (backoff.seconds_left, backoff.exhausted) == (10.0, False)
    now = 110.5
    assert (backoff.seconds_left, backoff.exhausted) == (-0.5, True)
    assert Backoff().seconds_left is None


def test_the_first_failure_and_then_each_fifth_is_logged() -> None:
    backoff = Backoff()
    with capture_logs() as logs:
        for attempt in range(12):
            backoff.warn(structlog.get_logger(), "trying again", attempt=attempt)
            backoff.next_seconds()
    assert [log["attempt"] for log in logs] == [0, 5, 10]
    assert {(log["event"], log["log_level"]) for log in logs} == {("trying again", "warning")}
