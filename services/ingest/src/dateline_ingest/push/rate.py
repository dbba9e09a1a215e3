"""The rate limit of each sender."""

from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["TokenBucket"]


@dataclass(slots=True)
class TokenBucket:
    """A token bucket that fills at `rate` per second up to `burst`, and may go into debt.

    The cost of a request is known only after it has been read. A request may therefore begin while any
    tokens are left, and a large one leaves a debt, during which the sender has to wait. So no request is
    too large, and the rate holds in the long run.
    """

    rate: float
    burst: float
    clock: Callable[[], float]
    """Monotonic time in seconds."""
    _level: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        self._level, self._at = self.burst, self.clock()

    def wait(self) -> float:
        """Return the number of seconds until a request may begin; 0 means now."""
        self._fill()
        return 0.0 if self._level > 0 else (1e-3 - self._level) / self.rate

    def take(self, amount: float) -> None:
        """Take tokens; the level may become negative."""
        self._fill()
        self._level -= amount

    def _fill(self) -> None:
        now = self.clock()
        self._level = min(self.burst, self._level + (now - self._at) * self.rate)
        self._at = now
