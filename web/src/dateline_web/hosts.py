"""Per-host limits: concurrent requests, a pause between requests, and no requests while a host is backing off.

One table serves all requests of a process. Several processes that ask the same host do not know of each other,
so the host sees the sum of their requests.
"""

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import structlog

__all__ = ["Hosts"]

log = structlog.get_logger("dateline.web")

TROUBLED_FROM = 3
"""A host is in trouble from this many failures in a row, whichever of its documents was asked for."""

FIRST_HOLD_SECONDS = 60.0
"""The first hold of a host in trouble lasts this long; each further failure doubles it."""

MAX_HOLD_SECONDS = 3600.0
"""A host in trouble is held for at most this long, before jitter."""

BUSY_AGAIN_SECONDS = 0.1
"""Where no pause is set, a caller retries a busy host after this long."""

CLOCK_STEP_SECONDS = 1.0
"""A clock that goes back by more than this has been set back."""

CLEAN_ABOVE = 10_000
"""A table with more hosts than this is cleared of idle ones."""


@dataclass(slots=True)
class _Host:
    active: int = 0
    free_at: float = 0.0
    """The earliest time of the next request."""
    queue_end: float = 0.0
    """The time after the last slot that was given to a waiting caller."""
    held_until: float = 0.0
    failures: int = 0


@dataclass(slots=True, kw_only=True)
class Hosts:
    """The hosts that a process sends requests to; times are seconds since the epoch."""

    limit: int
    """At most this many requests to one host at a time."""
    pause_seconds: float
    """Minimum time between the starts of two requests to one host."""
    chance: Callable[[], float] = field(default=random.random)
    """Returns a number from 0 to 1, for jitter."""
    _hosts: dict[str, _Host] = field(default_factory=dict)
    _clean_above: int = CLEAN_ABOVE
    _latest: float = 0.0
    """The time of the last call of `enter`."""

    def enter(self, names: Collection[str], now: float, *, waited: bool = False) -> float:
        """Start a request to the hosts `names`, or return when to try again.

        Args:
            names: the hosts that the request may reach, usually one.
            now: the current time.
            waited: whether the caller comes at the time that an earlier call returned.

        Returns:
            0 if the request may start, in which case `leave` must follow; else the time to try again.
        """
        if now < self._latest - CLOCK_STEP_SECONDS:
            self._shift(now - self._latest)
        self._latest = now
        hosts = [self._host(name) for name in names]
        if all(self._is_free(host, now, waited) for host in hosts):
            for host in hosts:
                host.active += 1
                host.free_at = now + self.pause_seconds
            return 0.0
        if not self.pause_seconds:
            return max(now + BUSY_AGAIN_SECONDS, max(host.held_until for host in hosts))
        slot = max(max(host.queue_end, host.free_at, host.held_until, now + self.pause_seconds) for host in hosts)
        for host in hosts:
            host.queue_end = slot + self.pause_seconds
        return slot

    def leave(self, names: Collection[str], now: float, *, failed: bool | None) -> None:
        """End a request that `enter` started.

        Args:
            names: the hosts that were passed to `enter`.
            now: the current time.
            failed: whether the host failed, None if that is unknown; a missing document is not a failure of the host.
        """
        for name in names:
            host = self._host(name)
            host.active -= 1
            if failed is None:
                continue
            host.failures = host.failures + 1 if failed else 0
            if host.failures >= TROUBLED_FROM:
                seconds = min(FIRST_HOLD_SECONDS * 2.0 ** min(host.failures - TROUBLED_FROM, 30), MAX_HOLD_SECONDS)
                # Jitter of up to a half, so that hosts that failed together are not asked together.
                self.hold(name, now + seconds * (1 + self.chance() / 2), f"{host.failures} failures in a row")
        self._clean(now)

    def hold(self, name: str, until: float, why: str) -> None:
        """Let no request to a host start before `until`; a hold never shortens an earlier one."""
        host = self._host(name)
        if until > host.held_until:
            host.held_until = until
            # Callers that wait already queue up behind the hold when their slot comes.
            host.queue_end = max(host.queue_end, until)
            log.warning("requests to the host are paused", host=name, until=round(until), reason=why)

    def held_seconds(self, name: str, now: float) -> float:
        """Return the seconds that are left of a host's hold, 0 if it is not held."""
        host = self._hosts.get(name)
        return 0.0 if host is None else max(0.0, host.held_until - now)

    def _is_free(self, host: _Host, now: float, waited: bool) -> bool:
        # A host in trouble is probed with one request at a time.
        limit = self.limit if host.failures < TROUBLED_FROM else 1
        nobody_waits = waited or host.queue_end <= now
        return host.active < limit and host.free_at <= now and host.held_until <= now and nobody_waits

    def _shift(self, seconds: float) -> None:
        """Move all times along with a clock that was set back; otherwise holds would last that much longer."""
        for host in self._hosts.values():
            host.free_at += seconds
            host.queue_end += seconds
            host.held_until += seconds

    def _host(self, name: str) -> _Host:
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = _Host()
        return host

    def _clean(self, now: float) -> None:
        if len(self._hosts) <= self._clean_above:
            return
        self._hosts = {
            name: host
            for name, host in self._hosts.items()
            if host.active or host.failures or max(host.free_at, host.held_until, host.queue_end) > now
        }
        # The cost is proportional to the size, so the next pass waits until the table has doubled.
        self._clean_above = max(CLEAN_ABOVE, 2 * len(self._hosts))

    def __len__(self) -> int:
        return len(self._hosts)
