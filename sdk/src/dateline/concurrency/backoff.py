"""Pauses between the attempts at one thing: longer after each failure, with jitter, and cut short by a stop."""

import asyncio
import random
import time
from dataclasses import dataclass
from typing import Any

from dateline.concurrency.deadline import sleep_unless

__all__ = ["Backoff", "pause_seconds"]

WARN_EVERY = 5
"""One failure in this many is logged, beginning with the first."""


@dataclass(slots=True, kw_only=True)
class Backoff:
    """Counts the failed attempts at one thing and pauses after each.

        backoff = Backoff(longest_seconds=5.0, stop=stop)
        while not stop.is_set():
            try:
                return await connect()
            except OSError as error:
                backoff.warn(log, "no connection; trying again", error=str(error))
                await backoff.pause()

    Args:
        initial_seconds: the longest pause after the first failure; it doubles with each further one.
        longest_seconds: no pause is longer.
        stop: ends a pause as soon as it is set.
        attempts: at most this many attempts are made.
        patience_seconds: no attempt begins later than this after the object was made.
    """

    initial_seconds: float = 0.2
    longest_seconds: float = 30.0
    stop: asyncio.Event | None = None
    attempts: int | None = None
    patience_seconds: float | None = None
    failures: int = 0
    _started: float = 0.0

    def __post_init__(self) -> None:
        self._started = time.monotonic()

    @property
    def seconds_left(self) -> float | None:
        """The part of `patience_seconds` that is left; None without a limit."""
        if self.patience_seconds is None:
            return None
        return self.patience_seconds - (time.monotonic() - self._started)

    @property
    def exhausted(self) -> bool:
        """Whether the attempt that just failed was the last one."""
        left = self.seconds_left
        return (left is not None and left <= 0) or (self.attempts is not None and self.failures + 1 >= self.attempts)

    def warn(self, log: Any, event: str, **fields: Any) -> None:
        """Log a failure before its pause: the first one, and every fifth after that."""
        if self.failures % WARN_EVERY == 0:
            log.warning(event, **fields)

    def next_seconds(self) -> float:
        """Count a failure and return how long to pause after it."""
        seconds = pause_seconds(
            self.failures, initial_seconds=self.initial_seconds, longest_seconds=self.longest_seconds
        )
        self.failures += 1
        return seconds

    async def pause(self) -> None:
        """Count a failure and pause; return early when `stop` is set."""
        seconds = self.next_seconds()
        if self.stop is None:
            await asyncio.sleep(seconds)
        else:
            await sleep_unless(self.stop, seconds)

    def reset(self) -> None:
        """Start again with the shortest pause, after an attempt that succeeded."""
        self.failures = 0


def pause_seconds(failures: int, *, initial_seconds: float, longest_seconds: float) -> float:
    """Return the next pause: `initial_seconds` doubled once per earlier failure, less up to a half at random."""
    return min(longest_seconds, initial_seconds * 2.0 ** min(failures, 30)) * random.uniform(0.5, 1.0)
