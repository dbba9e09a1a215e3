"""The resolutions of the history, and the windows that are drawn from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dateline_status.history.view import WindowName

__all__ = ["BEATS", "MINUTES", "TENS", "WINDOWS", "DrawnWindow", "Tier"]


# Compared by identity: there are three of them.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tier:
    """A resolution.

    Attributes:
        step_seconds: length of a step.
        steps: number of steps that are kept.
        gap_seconds: an instance that has said nothing for longer was away; what it did then is not known.
        settle_seconds: a step is drawn this long after its end, when all instances have said what they did in it.
    """

    step_seconds: int
    steps: int
    gap_seconds: float
    settle_seconds: int

    @property
    def seconds(self) -> int:
        """Seconds that are kept."""
        return self.step_seconds * self.steps

    def step(self, at: float) -> int:
        """Return the number of the step that a time (seconds since the epoch) is in."""
        return int(at // self.step_seconds)


BEATS = Tier(step_seconds=5, steps=260, gap_seconds=20.0, settle_seconds=6)
"""The last minutes, from heartbeats."""

MINUTES = Tier(step_seconds=60, steps=375, gap_seconds=150.0, settle_seconds=65)
"""The last hours, from all records of `figures`."""

TENS = Tier(step_seconds=600, steps=291, gap_seconds=600.0, settle_seconds=65)
"""Two days, from the last record of `figures` of each instance in each ten minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnWindow:
    """A window that is drawn.

    Attributes:
        tier: its resolution.
        steps: its number of steps.
    """

    tier: Tier
    steps: int


WINDOWS: Mapping[WindowName, DrawnWindow] = MappingProxyType(
    {
        "15m": DrawnWindow(tier=BEATS, steps=180),
        "1h": DrawnWindow(tier=MINUTES, steps=60),
        "6h": DrawnWindow(tier=MINUTES, steps=360),
        "24h": DrawnWindow(tier=TENS, steps=144),
        "48h": DrawnWindow(tier=TENS, steps=288),
    }
)
"""The windows by name."""
