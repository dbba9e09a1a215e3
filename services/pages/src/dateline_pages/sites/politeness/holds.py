"""How long a site that fails, refuses or is busy is left alone."""

from collections.abc import Callable

__all__ = ["ABANDONED_FROM", "REFUSED_FROM", "busy_seconds", "failure_seconds", "refusal_seconds", "retry_seconds"]

TROUBLED_FROM = 3
"""A site is held from this many failures in a row."""

ABANDONED_FROM = 6
"""From this many failures in a row the articles that wait for a site go on with their feeds' texts."""

REFUSED_FROM = 5
"""From this many refusals in a row a site is left alone, and its articles go on with their feeds' texts."""

FIRST_HOLD_SECONDS = 60.0
"""The first hold of a failing site; each further failure doubles it."""

REFUSAL_SECONDS = 3600.0
"""The first hold of a site that refuses page after page; each further refusal doubles it."""

BUSY_SECONDS = 60.0
"""The first hold of a site that is busy and does not say for how long; each further answer like this doubles it."""

RETRY_SECONDS = 30.0
"""A page whose request failed is asked for again after this time, then after four times as long."""

Chance = Callable[[], float]
"""Returns a random number from 0 to 1."""


def failure_seconds(failures: int, most: float, chance: Chance) -> float:
    """Return how long a site is held after this many failures in a row, 0 for not at all."""
    return 0.0 if failures < TROUBLED_FROM else _doubled(FIRST_HOLD_SECONDS, failures - TROUBLED_FROM, most, chance)


def refusal_seconds(refusals: int, most: float, chance: Chance) -> float:
    """Return how long a site is held after this many refusals in a row, 0 for not at all."""
    return 0.0 if refusals < REFUSED_FROM else _doubled(REFUSAL_SECONDS, refusals - REFUSED_FROM, most, chance)


def busy_seconds(asked: float | None, failures: int, most: float, chance: Chance) -> float:
    """Return how long a busy site is held: as long as it asks for (`Retry-After`), within `most`."""
    if asked is not None:
        return min(asked, most)
    return _doubled(BUSY_SECONDS, max(0, failures - 1), most, chance)


def retry_seconds(attempts: int, chance: Chance) -> float:
    """Return after how long a page is asked for again whose request failed this many times."""
    return RETRY_SECONDS * 4.0 ** (attempts - 1) * (1 + chance() / 2)


def _doubled(seconds: float, times: int, most: float, chance: Chance) -> float:
    # Jitter of up to a half, so that sites that failed together are not asked together.
    return float(min(seconds * 2.0 ** min(times, 30), most) * (1 + chance() / 2))
