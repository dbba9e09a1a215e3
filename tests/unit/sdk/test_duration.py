"""Durations are written in at most two units."""

import pytest
from dateline.duration import in_words


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
