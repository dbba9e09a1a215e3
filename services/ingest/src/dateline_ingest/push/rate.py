"""How much each sender may push."""

from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["TokenBucket"]


@dataclass(slots=True)
class TokenBucket:
    """Fills at `rate` a second up to `burst`; who takes more than is in it has to wait until that is paid back.

    What a request costs is known only when it was read. So one may always begin while anything is left,
    and a large one leaves a debt: no request is too large for ever, and the rate holds in the long run.
    """

    rate: float
    burst: float
    clock: Callable[[], float]
    """Seconds, monotonic."""
    _level: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        self._level, self._at = self.burst, self.clock()

    def wait(self) -> float:
        """Return the seconds until something may be taken; 0: now."""
        self._fill()
        return 0.0 if self._level > 0 else (1e-3 - self._level) / self.rate

    def take(self, amount: float) -> None:
        """Take what was used."""
        self._fill()
        self._level -= amount

    def _fill(self) -> None:
        now = self.clock()
        self._level = min(self.burst, self._level + (now - self._at) * self.rate)
        self._at = now
