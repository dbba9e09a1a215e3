"""How hard one host may be asked: few requests at a time, a pause between them, and none while it wants peace.

All feeds of the process share one table. Other replicas have their own: a host of which several replicas
have feeds is asked at most so many times as hard.
"""

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import structlog
from dateline.duration import in_words

__all__ = ["Hosts", "host_of"]

log = structlog.get_logger("dateline.ingest")

TROUBLED_FROM = 3
"""Failures in a row, of whatever feeds, from which a host counts as troubled."""

FIRST_HOLD = 60.0
"""Seconds for which a troubled host is left alone at first; each further failure doubles them."""

LONGEST_HOLD = 3600.0
"""Seconds for which a troubled host is left alone at most."""

BUSY_AGAIN = 0.1
"""Seconds after which a busy host is looked at again where no pause is set."""

CLOCK_STEP = 1.0
"""Seconds by which the clock has to go back to have been set."""

CLEAN_ABOVE = 10_000
"""Hosts in the table from which those that nothing is known of any more are forgotten."""


def host_of(address: str) -> str:
    """Return the host of an address, empty where it has none."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


@dataclass(slots=True)
class _Host:
    active: int = 0
    free_at: float = 0.0
    """The earliest moment of the next request."""
    line_ends: float = 0.0
    """The moment after the last place in the line of those that wait."""
    held_until: float = 0.0
    failures: int = 0


@dataclass(slots=True, kw_only=True)
class Hosts:
    """The hosts of all feeds of this process; times are seconds since the epoch."""

    limit: int
    pause: float
    chance: Callable[[], float] = field(default=random.random)
    _hosts: dict[str, _Host] = field(default_factory=dict)
    _clean_above: int = CLEAN_ABOVE
    _latest: float = 0.0
    """The time of the last request."""

    def enter(self, names: Collection[str], now: float, *, waited: bool = False) -> float:
        """Begin a request that concerns the hosts `names`, or be told when to come again.

        Args:
            names: the hosts, usually one.
            now: the time.
            waited: whether the caller comes at the moment that it was told before.

        Returns:
            0 when the request may begin, and `leave` has to follow; else the moment to come again.
        """
        if now < self._latest - CLOCK_STEP:
            self._shift(now - self._latest)
        self._latest = now
        hosts = [self._host(name) for name in names]
        if all(self._is_free(host, now, waited) for host in hosts):
            for host in hosts:
                host.active += 1
                host.free_at = now + self.pause
            return 0.0
        if not self.pause:
            return max(now + BUSY_AGAIN, max(host.held_until for host in hosts))
        place = max(max(host.line_ends, host.free_at, host.held_until, now + self.pause) for host in hosts)
        for host in hosts:
            host.line_ends = place + self.pause
        return place

    def leave(self, names: Collection[str], now: float, *, failed: bool | None) -> None:
        """End a request; `failed` says whether the host itself gave no proper answer, None that nobody knows."""
        for name in names:
            host = self._host(name)
            host.active -= 1
            if failed is None:
                continue
            host.failures = host.failures + 1 if failed else 0
            if host.failures >= TROUBLED_FROM:
                seconds = min(FIRST_HOLD * 2.0 ** min(host.failures - TROUBLED_FROM, 30), LONGEST_HOLD)
                # Up to half as much again, so that hosts that failed together are not asked together.
                self.hold(name, now + seconds * (1 + self.chance() / 2), f"{host.failures} failures in a row")
        self._clean(now)

    def hold(self, name: str, until: float, why: str) -> None:
        """Ask a host nothing until a moment, on behalf of all its feeds."""
        host = self._host(name)
        if until > host.held_until:
            host.held_until = until
            # Those who wait line up behind it when their moment comes.
            host.line_ends = max(host.line_ends, until)
            log.warning("a host is left alone", host=name, until=round(until), reason=why)

    def held(self, name: str, now: float) -> str | None:
        """Return in words for how long a host is left alone, None while it is not."""
        host = self._hosts.get(name)
        if host is None or host.held_until <= now:
            return None
        return f"the host {name} is left alone for another {in_words(host.held_until - now)}"

    def _is_free(self, host: _Host, now: float, waited: bool) -> bool:
        # A host that has just failed is tried with one request.
        limit = self.limit if host.failures < TROUBLED_FROM else 1
        nobody_waits = waited or host.line_ends <= now
        return host.active < limit and host.free_at <= now and host.held_until <= now and nobody_waits

    def _shift(self, seconds: float) -> None:
        """Move all moments along with a clock that was set back: all hosts would have peace for as long otherwise."""
        for host in self._hosts.values():
            host.free_at += seconds
            host.line_ends += seconds
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
            if host.active or host.failures or max(host.free_at, host.held_until, host.line_ends) > now
        }
        # Not again before there are twice as many: each time costs as much as there are.
        self._clean_above = max(CLEAN_ABOVE, 2 * len(self._hosts))

    def __len__(self) -> int:
        return len(self._hosts)
