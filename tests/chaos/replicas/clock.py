"""A wall clock with an offset; patched in before any other module can keep a reference to `time.time`."""

import time
from collections.abc import Callable

__all__ = ["offset_by", "patch"]

_offset: list[Callable[[], float]] = []


def patch() -> None:
    """Replace `time.time`; the monotonic clock is left alone, since nobody can set it."""
    real = time.time

    def shifted() -> float:
        return real() + (_offset[0]() if _offset else 0.0)

    time.time = shifted


def offset_by(seconds: Callable[[], float]) -> None:
    """From now on, add the value of `seconds()` to each reading."""
    _offset[:] = [seconds]
