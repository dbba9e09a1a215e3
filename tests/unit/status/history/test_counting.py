"""From cumulative counts to what was counted in each step."""

from collections.abc import Callable

import pytest
from dateline_status.history import folds, grid
from dateline_status.history.folds import Fold, LastFold, ProcessSample, SpreadFold
from dateline_status.history.grid import OTHERS, Grid, Row
from dateline_status.history.tiers import BEATS, MINUTES, TENS, Tier

ROW: Row = ("articles-in", "enrich")
START = 6_000_000.0


def sample(at: float, count: float, *, started: float = 0.0, key: str = "enrich/a") -> ProcessSample:
    return ProcessSample(key=key, started=START + started, at=START + at, counts={ROW: count})


def counted(tier: Tier, fold: Fold, *samples: ProcessSample) -> list[float | None]:
    """Return what was counted in each step from the start to the newest sample."""
    values = Grid(tier)
    for each in samples:
        fold.add(each, values)
    assert values.newest is not None
    return [
        None if value is None else round(value, 3)
        for value in values.counted(ROW, range(tier.step(START), values.newest + 1))
    ]


def test_what_was_counted_between_two_samples_is_spread_over_the_time_between_them() -> None:
    samples = [sample(0, 0), sample(5, 10), sample(12.5, 25)]
    assert counted(BEATS, SpreadFold(), *samples) == [10, 10, 5]


def test_two_samples_in_a_step_and_none_in_the_next_are_no_peak() -> None:
    # At 1 record a second, samples are late by a moment.
    samples = [sample(at, at) for at in (0, 0.1, 4.9, 10.1, 14.9)]
    assert counted(BEATS, SpreadFold(), *samples)[:2] == [5, 5]


@pytest.mark.parametrize(("tier", "fold", "pause"), [(MINUTES, SpreadFold, 60), (TENS, LastFold, 600)])
def test_a_restarted_process_counts_from_zero_again(tier: Tier, fold: Callable[[], Fold], pause: int) -> None:
    samples = [
        sample(0, 0),
        sample(pause - 1, 100),
        sample(2 * pause - 1, 7, started=pause),
        sample(3 * pause - 1, 9, started=pause),
    ]
    assert sum(filter(None, counted(tier, fold(), *samples))) == 109


@pytest.mark.parametrize(("tier", "fold", "pause"), [(MINUTES, SpreadFold, 60), (TENS, LastFold, 600)])
def test_what_happened_in_a_long_gap_is_unknown_and_no_peak_after_it(
    tier: Tier, fold: Callable[[], Fold], pause: int
) -> None:
    samples = [sample(0, 0), sample(pause, 100), sample(8 * pause, 5000), sample(9 * pause, 5100)]
    found = counted(tier, fold(), *samples)
    assert found[3:7] == [None] * 4
    assert max(filter(None, found)) == 100


def test_a_process_that_was_there_before_the_first_sample_that_is_known_is_no_peak() -> None:
    for tier, fold in ((MINUTES, SpreadFold()), (TENS, LastFold())):
        long_ago = [sample(number * tier.step_seconds, 10_000 + number, started=-90_000) for number in range(3)]
        assert max(filter(None, counted(tier, fold, *long_ago))) == 1


def test_late_and_repeated_samples_are_ignored() -> None:
    for tier, fold in ((MINUTES, SpreadFold()), (TENS, LastFold())):
        values = Grid(tier)
        taken = [fold.add(sample(at, at), values) for at in (0, 60, 60, 30, 120)]
        assert taken == [True, True, False, False, True]
        assert sum(values.counts[ROW]) == pytest.approx(120)


def test_a_series_that_did_not_fit_before_is_no_peak_when_it_comes_back() -> None:
    for tier, fold in ((MINUTES, SpreadFold()), (TENS, LastFold())):
        first = ProcessSample(key="a", started=START, at=START + 1, counts={}, partial=True)
        again = ProcessSample(key="a", started=START, at=START + 50, counts={ROW: 9000.0})
        values = Grid(tier)
        assert fold.add(first, values)
        assert fold.add(again, values)
        assert sum(sum(each) for each in values.counts.values()) == 0


def test_old_steps_make_room_for_new_ones() -> None:
    values = Grid(BEATS)
    for step in (0, 1, 10 * BEATS.steps):
        values.advance(step)
        values.add(ROW, step, 1.0)
    assert sum(values.counts[ROW]) == 1
    assert not values.advance(2)


def test_lines_that_do_not_fit_are_added_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MAX_LABELS", 3)
    values = Grid(MINUTES)
    values.advance(5)
    for number in range(10):
        values.add(("polls", f"outcome-{number}"), 5, 1.0)
    assert len(values.counts) == 4
    assert sum(values.counts["polls", OTHERS]) == 7


def test_processes_that_do_not_fit_are_ignored_until_others_are_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folds, "MAX_PROCESSES", 2)
    values, fold = Grid(MINUTES), SpreadFold()
    assert [fold.add(sample(10, 1, key=key), values) for key in "abc"] == [True, True, False]
    assert fold.add(sample(1000, 1, key="c", started=990), values)
