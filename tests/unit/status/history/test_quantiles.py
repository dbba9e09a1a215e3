import pytest
from dateline_status.history.quantiles import quantile
from hypothesis import given, settings
from hypothesis import strategies as st

BOUNDS = (1.0, 2.0, 4.0)


@pytest.mark.parametrize(
    ("share", "counts", "expected"),
    [
        # By Prometheus' documentation of histogram_quantile: linear within a bucket, the first one begins at 0.
        (0.5, [10, 0, 0, 0], 0.5),
        (0.5, [0, 10, 0, 0], 1.5),
        (0.95, [0, 0, 100, 0], 3.9),
        (0.5, [5, 0, 5, 0], 1.0),
        (0.75, [5, 0, 5, 0], 3.0),
        # A value beyond the greatest bound counts as that bound.
        (0.5, [0, 0, 0, 3], 4.0),
        (0.5, [], None),
        (0.5, [0, 0], None),
    ],
)
def test_a_quantile_is_found_by_interpolation_in_its_bucket(
    share: float, counts: list[float], expected: float | None
) -> None:
    assert quantile(share, BOUNDS, counts) == (None if expected is None else pytest.approx(expected))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.01, 3.99), min_size=1, max_size=60), st.sampled_from([0.1, 0.5, 0.95]))
def test_a_quantile_is_in_the_bucket_of_the_value_that_a_plain_count_finds(values: list[float], share: float) -> None:
    counts = [sum(low < value <= high for value in values) for low, high in zip((0, *BOUNDS), BOUNDS, strict=False)]
    plain = next(value for value in sorted(values) if sum(other <= value for other in values) >= share * len(values))
    low, high = next(each for each in zip((0, *BOUNDS), BOUNDS, strict=False) if each[0] < plain <= each[1])
    found = quantile(share, BOUNDS, counts)
    assert found is not None
    assert low <= found <= high
