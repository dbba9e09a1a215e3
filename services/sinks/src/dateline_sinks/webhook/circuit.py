"""What a process remembers of a partition between two sinks: which records were delivered, and when to try again."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from dateline.concurrency.backoff import pause_seconds
from dateline.errors import TransientError
from dateline.kafka.records import Record

__all__ = ["WebhookCircuit"]

LONGEST_REQUESTED_SECONDS = 86_400.0
"""A longer `Retry-After` is reduced to this."""


@dataclass(slots=True, kw_only=True)
class WebhookCircuit:
    """Stops the deliveries of a partition after failures, and lets one through from time to time.

    Attributes:
        longest_pause_seconds: the longest pause that it chooses itself.
        failures: how often it has opened without a delivery in between.
        clock: seconds of any steady clock.
    """

    longest_pause_seconds: float
    failures: int = 0
    clock: Callable[[], float] = time.monotonic
    _reason: str = ""
    _closed_at: float = 0.0
    _delivered: set[tuple[int, int]] = field(default_factory=set)

    def check(self) -> None:
        """Pass if an attempt is due.

        Raises:
            TransientError: it is too early; the message repeats why deliveries failed.
        """
        left = self._closed_at - self.clock()
        if left > 0:
            raise TransientError(f"{self._reason}; next attempt in {left:.0f} s")

    def opened(self, reason: str, requested_seconds: float | None) -> TransientError:
        """Stop deliveries for a while, and return the error that says why.

        Args:
            reason: what failed.
            requested_seconds: the pause that the receiver asks for.
        """
        pause = pause_seconds(self.failures, initial_seconds=1.0, longest_seconds=self.longest_pause_seconds)
        pause = max(pause, min(requested_seconds or 0.0, LONGEST_REQUESTED_SECONDS))
        self.failures += 1
        self._reason, self._closed_at = reason, self.clock() + pause
        return TransientError(f"{reason}; next attempt in {pause:.0f} s")

    def delivered(self, record: Record) -> None:
        """Note a delivery, which the position does not cover yet."""
        self.failures = 0
        self._delivered.add((record.offset, record.timestamp))

    def has(self, record: Record) -> bool:
        """Return whether this process has delivered a record of the batch that is being written."""
        return (record.offset, record.timestamp) in self._delivered

    def moved(self) -> None:
        """Forget the deliveries, since the batch is written and its position can follow."""
        self._delivered.clear()
