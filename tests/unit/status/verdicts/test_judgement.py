from dateline_status.verdicts.judgement import ProgressWindow, Sample, judge
from hypothesis import given
from hypothesis import strategies as st


def window_of(*looks: tuple[int, int], owned: bool = True, step: float = 10.0, seconds: float = 60.0) -> ProgressWindow:
    window = ProgressWindow(seconds)
    for number, (offset, lag) in enumerate(looks):
        window.add(Sample(at=number * step, offset=offset, lag=lag, owned=owned))
    return window


def verdict_of(window: ProgressWindow) -> str:
    return judge(window, stopped_seconds=15).verdict


def test_a_group_that_caught_up_at_any_time_in_the_window_is_ok() -> None:
    assert verdict_of(window_of((1, 5), (1, 6), (9, 0), (9, 3), (9, 4), (9, 5), (9, 6))) == "OK"


def test_a_lagging_group_without_progress_over_the_whole_window_stalls() -> None:
    judgement = judge(window_of(*[(10, 5)] * 7), stopped_seconds=15)
    assert judgement.verdict == "STALL"
    assert judgement.reason == "5 records to process and no progress for 60 s"


def test_a_group_is_not_judged_before_the_window_is_full() -> None:
    assert verdict_of(window_of(*[(10, 5)] * 6)) == "OK"


def test_a_group_that_makes_progress_while_its_lag_grows_falls_behind() -> None:
    judgement = judge(window_of(*[(10 + n, 5 + n) for n in range(7)]), stopped_seconds=15)
    assert judgement.verdict == "WARN"
    assert judgement.reason == "falling behind: from 5 to 11 records in 60 s"


def test_a_group_whose_lag_once_shrank_is_ok() -> None:
    assert verdict_of(window_of((1, 9), (2, 10), (3, 8), (4, 11), (5, 12), (6, 13), (7, 14))) == "OK"


def test_a_lagging_group_without_members_has_stopped() -> None:
    judgement = judge(window_of(*[(10, 1)] * 7, owned=False), stopped_seconds=15)
    assert judgement.verdict == "STOP"
    assert judgement.reason == "1 record to process and no members in the group"


def test_one_sample_without_members_is_enough_to_have_stopped() -> None:
    assert verdict_of(window_of((10, 1), owned=False)) == "STOP"


def test_a_group_that_was_briefly_without_members_is_ok() -> None:
    window = window_of((10, 1))
    window.add(Sample(at=14.0, offset=10, lag=1, owned=False))
    assert verdict_of(window) == "OK"


def test_a_group_without_members_and_without_lag_is_ok() -> None:
    assert verdict_of(window_of(*[(10, 0)] * 7, owned=False)) == "OK"


def test_a_group_that_was_moved_back_is_a_warning_until_it_catches_up() -> None:
    window = window_of((10, 1), (3, 8), (5, 6))
    assert verdict_of(window) == "WARN"
    window.add(Sample(at=31.0, offset=11, lag=0, owned=True))
    assert verdict_of(window) == "OK"


@given(st.lists(st.integers(min_value=0, max_value=300), min_size=1), st.integers(min_value=1, max_value=120))
def test_a_window_keeps_only_the_samples_that_cover_it(steps: list[int], seconds: int) -> None:
    window = ProgressWindow(float(seconds))
    times = []
    at = 0
    for step in steps:
        at += step
        times.append(at)
        window.add(Sample(at=float(at), offset=0, lag=1, owned=True))
    kept = [sample.at for sample in window.samples]
    assert kept == [float(time) for time in times[-len(kept) :]]
    assert len(kept) < 3 or kept[-1] - kept[1] < seconds
    assert (window.share == 1.0) == (at - times[0] >= seconds)
    assert len(kept) == len(times) or kept[-1] - kept[0] >= seconds


def test_an_empty_window_covers_nothing() -> None:
    assert ProgressWindow(60.0).share == 0.0
