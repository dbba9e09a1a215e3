"""How often requests start while hosts fail: a trickle that finds out whether the network is back."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["Probes"]

PROBE_SECONDS = 2.0
"""While hosts fail, requests start at least this far apart."""

HOST_PROBE_SECONDS = 10.0
"""Minimum time between two probes of one host; it grows to a tenth of the time that the machine has been offline."""

MAX_HOST_PROBE_SECONDS = 60.0
"""The time between two probes of one host grows no longer."""

MAX_HOSTS = 1000
"""The table of hosts is cleared beyond this size."""


@dataclass(slots=True)
class Probes:
    """The requests of a time in which hosts fail."""

    clock: Callable[[], float]
    _next: float = -math.inf
    """When the next one may start."""
    _hosts: dict[str, float] = field(default_factory=dict)
    """When each host was asked last."""

    def wait_seconds(self, host: str, offline_seconds: float) -> float:
        """Return the seconds until a request to `host` may start; 0 if it may start now."""
        now = self.clock()
        pause = min(max(HOST_PROBE_SECONDS, offline_seconds / 10), MAX_HOST_PROBE_SECONDS)
        return max(0.0, self._next - now, self._hosts.get(host, -math.inf) + pause - now)

    @property
    def is_due(self) -> bool:
        """Whether a request to any host may start now."""
        return self.clock() >= self._next

    def start(self, host: str) -> None:
        """Note that a request to `host` starts."""
        now = self.clock()
        if len(self._hosts) >= MAX_HOSTS:
            self._hosts.clear()
        self._hosts[host] = now
        self._next = now + PROBE_SECONDS

    def hurry(self) -> None:
        """Let the next request start at once."""
        self._next = -math.inf

    def clear(self) -> None:
        """Forget all requests."""
        self._hosts.clear()
        self.hurry()
