"""A simulated crawler: asks hosts again and again under a simulated clock, as `Connectivity` allows it."""

import heapq
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

from dateline_web.connectivity.monitor import Connectivity
from dateline_web.connectivity.outcome import Cut, Outcome

__all__ = ["Crawl", "Site"]

AGAIN_SECONDS = 10.0
"""A host whose failure is not blamed on anybody is asked again after this time."""


@dataclass(slots=True, kw_only=True)
class Site:
    """A host that is asked once an interval."""

    host: str
    interval: float = 900.0
    first: float = 0.0
    """When it is asked first."""
    latency: float = 0.2
    down: Callable[[float], Cut | None] = lambda now: None
    """How a request that begins now is cut off by the host's own fault; None if it is not."""
    down_seconds: float = 10.0
    """How long such a request takes."""


@dataclass(slots=True, kw_only=True)
class Crawl:
    """Asks sites; what is blamed on a host counts, and the host is then asked at its usual interval."""

    sites: Sequence[Site]
    slots: int = 64
    cut_seconds: float = 10.0
    """How long a request takes that fails because the machine is cut off."""
    cut: Cut = "connection"
    outages: Sequence[tuple[float, float]] = ()
    now: float = 0.0
    network: Connectivity = field(init=False)
    requests: list[tuple[float, str]] = field(default_factory=list)
    blamed: Counter[str] = field(default_factory=Counter)
    blames: list[tuple[float, str]] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    held: list[tuple[float, Site, Outcome]] = field(default_factory=list)
    longest_hold: float = 0.0
    states: list[tuple[float, str]] = field(default_factory=list)
    """When the network was taken for online or offline."""
    _events: list[tuple[float, int, Site, float | None, Cut | None]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)
    _due: list[tuple[float, int, Site]] = field(default_factory=list)
    _running: int = 0

    def __post_init__(self) -> None:
        self.network = Connectivity(clock=lambda: self.now)
        for site in self.sites:
            heapq.heappush(self._due, (site.first, next(self._order), site))

    def run(self, until: float, step: float = 0.25) -> "Crawl":
        """Let time pass."""
        while self.now < until:
            end = min(until, self.now + step)
            self._start()
            while self._events and self._events[0][0] <= end:
                self.now, _, site, began, cut = heapq.heappop(self._events)
                self._end(site, began or 0.0, cut)
                self._start()
            self.now = end
            self._settle()
            state = "offline" if self.network.state == "offline" else "online"
            if not self.states or self.states[-1][1] != state:
                self.states.append((self.now, state))
        return self

    def _start(self) -> None:
        while self._due and self._due[0][0] <= self.now and self._running < self.slots and self.network.is_open:
            _, _, site = heapq.heappop(self._due)
            wait = self.network.wait_seconds(site.host)
            if wait:
                self._plan(site, self.now + wait)
                continue
            self.network.start(site.host)
            self.requests.append((self.now, site.host))
            self._running += 1
            cut, seconds = self._way(site)
            heapq.heappush(self._events, (self.now + seconds, next(self._order), site, self.now, cut))

    def _way(self, site: Site) -> tuple[Cut | None, float]:
        for begin, end in self.outages:
            if begin <= self.now < end or self.now < begin < self.now + site.latency:
                return self.cut, self.cut_seconds
        cut = site.down(self.now)
        return (cut, site.down_seconds) if cut else (None, site.latency)

    def _end(self, site: Site, began: float, cut: Cut | None) -> None:
        self._running -= 1
        if cut is None:
            self.network.reached(site.host, began)
            self.network.completed(site.host)
            self.answers[site.host] += 1
            self._plan(site, self.now + site.interval)
        else:
            self.held.append((self.now, site, self.network.failed(site.host, began, cut)))

    def _settle(self) -> None:
        held, self.held = self.held, []
        for since, site, failure in held:
            blame = self.network.blame(failure)
            if blame is None:
                self.held.append((since, site, failure))
                continue
            self.longest_hold = max(self.longest_hold, self.now - since)
            if blame == "theirs":
                self.blamed[site.host] += 1
                self.blames.append((self.now, site.host))
            self._plan(site, self.now + (site.interval if blame == "theirs" else AGAIN_SECONDS))

    def _plan(self, site: Site, at: float) -> None:
        heapq.heappush(self._due, (at, next(self._order), site))
