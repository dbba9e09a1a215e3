"""Durations are written in at most two units, and moments by their distance from now."""

from datetime import UTC, datetime, timedelta

import pytest
from dateline.duration import in_words, relative

NOW = datetime(2026, 11, 23, 14, 28, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (0.04, "0.04 s"),
        (8.4, "8 s"),
        (90, "1 min 30 s"),
        (1500, "25 min"),
        (3600, "1 h"),
        (10_230, "2 h 50 min"),
        (86_399, "1 d"),
        (86_400 * 11, "11 d"),
        (90_000, "1 d 1 h"),
    ],
)
def test_a_duration_has_at_most_two_units(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.4, "now"),
        (-0.4, "now"),
        (240, "in 4 min"),
        (-8, "8 s ago"),
        (-10_200, "2 h 50 min ago"),
        (90_000, "in 1 d 1 h"),
    ],
)
def test_moments_are_shown_by_their_distance(seconds: float, expected: str) -> None:
    assert relative(NOW + timedelta(seconds=seconds), NOW) == expected


def test_no_moment_is_shown_as_nothing() -> None:
    assert relative(None, NOW) == ""
