"""The clock on the wall, with an offset: patched in before anything else is imported and keeps it."""

import time
from collections.abc import Callable

__all__ = ["offset_by", "patch"]

_offset: list[Callable[[], float]] = []


def patch() -> None:
    """Replace `time.time`; the monotonic clock, which nobody may set, stays as it is."""
    real = time.time

    def shifted() -> float:
        return real() + (_offset[0]() if _offset else 0.0)

    time.time = shifted


def offset_by(seconds: Callable[[], float]) -> None:
    """Add from now on what `seconds` says each time."""
    _offset[:] = [seconds]
