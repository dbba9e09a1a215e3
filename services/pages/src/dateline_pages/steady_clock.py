"""A clock that does not jump when the machine's clock is set."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["SteadyClock"]

STEP_SECONDS = 1.0
"""A clock that differs by more than this has been set."""


@dataclass(slots=True, kw_only=True)
class SteadyClock:
    """Seconds since the epoch that pass evenly: a pause keeps its length although the machine's clock is set."""

    wall: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic
    _offset: float = field(init=False)

    def __post_init__(self) -> None:
        self._offset = self.wall() - self.steady()

    def now(self) -> float:
        """Return the current time."""
        return self._offset + self.steady()

    def adjust(self) -> float:
        """Follow the machine's clock if it was set; return by how much, so that planned times can be moved along."""
        seconds = self.wall() - self.now()
        if abs(seconds) <= STEP_SECONDS:
            return 0.0
        self._offset += seconds
        return seconds
