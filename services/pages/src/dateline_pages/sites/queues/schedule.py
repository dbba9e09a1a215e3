"""The sites of a task that have something waiting, and which of them may be asked next."""

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from dateline_schemas import SiteSettings, SiteState

from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.queues.queue import QueuePlace, SiteQueue, Waiting
from dateline_pages.sites.visit import Visit

__all__ = ["Site", "SiteSchedule"]

SLOW_SECONDS = 1.0
"""Sites whose answers take longer count as slow."""

MAX_SLOW = 10_000
"""At most this many slow sites are remembered."""


@dataclass(slots=True, kw_only=True, eq=False)
class Site:
    """A site that has something waiting, or was visited a moment ago."""

    name: str
    free_at: float
    """The earliest time of the next request: the pause after the last one is over."""
    held_until: float = 0.0
    delay_seconds: float = 0.0
    """The pause that the site asks for."""
    queue: SiteQueue = field(default_factory=SiteQueue)
    visit: Visit | None = None
    """The request in progress; a site gets one at a time."""
    asked_at: float = 0.0
    """When it was begun."""
    turn: float = math.inf
    """When the site is looked at next. Entries of the heap with another time are stale."""


@dataclass(slots=True, kw_only=True)
class SiteSchedule:
    """Orders sites by the time at which they may be asked; a step costs the logarithm of their number.

    Args:
        opened: when the task was opened, in seconds since the epoch. The previous owner of the sites may have asked
            them just before.
    """

    limits: SiteLimits
    opened: float
    decisions: dict[str, SiteSettings] = field(default_factory=dict)
    """What operators have decided, by site."""
    requests: int = 0
    """Number of entries that wait for pages, of all sites."""
    bytes: int = 0
    """Bytes of these entries."""
    looks: int = 0
    """Number of later looks of all sites."""
    slow: dict[str, float] = field(default_factory=dict)
    """Average time of the last answers of slow sites in seconds, also of those that nothing waits for."""
    _sites: dict[str, Site] = field(default_factory=dict)
    _turns: list[tuple[float, str]] = field(default_factory=list)
    _deadlines: list[tuple[float, str, str]] = field(default_factory=list)

    def pause_seconds(self, site: Site) -> float:
        """Return the pause between two requests to a site: the one that is set, or a longer one that it asks for."""
        decision = self.decisions.get(site.name)
        pause = self.limits.pause_seconds
        if decision is not None and decision.pause_seconds is not None:
            pause = decision.pause_seconds
        return max(pause, min(site.delay_seconds, self.limits.max_pause_seconds))

    def turn_seconds(self, site: Site) -> float:
        """Return the time from one request to the next while pages wait: the pause, and the answer if that is slow."""
        return self.pause_seconds(site) + self.slow.get(site.name, 0.0)

    def answered(self, site: Site, now: float) -> None:
        """Note the time that an answer took."""
        seconds = max(0.0, now - site.asked_at)
        average = 0.7 * self.slow.pop(site.name, seconds) + 0.3 * seconds
        if average > SLOW_SECONDS:
            self.slow[site.name] = average
            if len(self.slow) > MAX_SLOW:
                del self.slow[next(iter(self.slow))]

    def refusal(self, name: str) -> str | None:
        """Return why a site is not visited: because of the settings, or of an operator; None if it may be."""
        decision = self.decisions.get(name)
        if decision is None or not decision.blocked:
            return self.limits.refusal(name)
        return "the site is blocked" if decision.reason is None else f"the site is blocked: {decision.reason}"

    def get(self, name: str) -> Site | None:
        """Return a site, None if nothing waits for it."""
        return self._sites.get(name)

    def site(self, name: str, state: SiteState) -> Site:
        """Return a site; one that is not in the table is added, with what its state says."""
        site = self._sites.get(name)
        if site is None:
            site = self._sites[name] = Site(name=name, free_at=self.opened)
            site.delay_seconds = max(state.delays.values(), default=0.0)
            site.free_at = self.opened + self.pause_seconds(site)
            if state.held_until is not None:
                # A clock that was wrong when the hold began must not make it longer.
                site.held_until = min(state.held_until.timestamp(), self.opened + 1.5 * self.limits.backoff_max_seconds)
        return site

    def put(self, site: Site, entry: Waiting) -> None:
        """Add an entry to the queue of a site, or replace the one with the same kind and key."""
        self.remove(site, *entry.id)
        site.queue.put(entry)
        self._count(entry, 1)
        if entry.deadline < math.inf:
            heapq.heappush(self._deadlines, (entry.deadline, site.name, entry.key))
        self.plan(site)

    def remove(self, site: Site, kind: str, key: str) -> None:
        """Remove an entry from the queue of a site; nothing happens if there is no such entry."""
        entry = site.queue.remove(kind, key)
        if entry is not None:
            self._count(entry, -1)

    def plan(self, site: Site) -> None:
        """Look at a site again when it may be asked; forget it if there is no need."""
        due = site.queue.next_due()
        if site.visit is not None:
            return
        if due is None:
            # Its pause has to be kept for what may come.
            due = site.free_at
        turn = max(due, site.free_at, site.held_until if len(site.queue) else 0.0)
        if turn != site.turn:
            site.turn = turn
            heapq.heappush(self._turns, (turn, site.name))

    def next_site(self, now: float) -> Site | None:
        """Return a site that may be asked now, None if there is none; call `plan` when it has been asked."""
        while self._turns and self._turns[0][0] <= now:
            turn, name = heapq.heappop(self._turns)
            site = self._sites.get(name)
            if site is None or site.turn != turn or site.visit is not None:
                continue
            site.turn = math.inf
            if not len(site.queue):
                del self._sites[name]
                continue
            return site
        return None

    def next_turn(self) -> float | None:
        """Return when `next_site` or `late` may have something, None for never."""
        times = [heap[0][0] for heap in (self._turns, self._deadlines) if heap]
        return min(times, default=None)

    def late(self, now: float) -> Iterator[tuple[Site, Waiting]]:
        """Yield the entries whose deadline is over."""
        while self._deadlines and self._deadlines[0][0] <= now:
            deadline, name, key = heapq.heappop(self._deadlines)
            site = self._sites.get(name)
            entry = None if site is None else site.queue.get("request", key)
            if site is not None and entry is not None and entry.deadline == deadline:
                yield site, entry

    def shift(self, seconds: float) -> None:
        """Move all times along with a clock that was set; pauses and deadlines keep their length."""
        self.opened += seconds
        self._turns.clear()
        self._deadlines.clear()
        for site in self._sites.values():
            site.free_at += seconds
            site.held_until += seconds
            site.asked_at += seconds
            site.queue.shift(seconds)
            site.turn = math.inf
            for entry in site.queue.entries():
                if entry.deadline < math.inf:
                    self._deadlines.append((entry.deadline, site.name, entry.key))
            self.plan(site)
        heapq.heapify(self._deadlines)

    def sites(self) -> Iterator[Site]:
        """Return the sites that have something waiting."""
        return iter(self._sites.values())

    def _count(self, entry: Waiting, sign: int) -> None:
        if entry.place is QueuePlace.LOOK:
            self.looks += sign
        else:
            self.requests += sign
            self.bytes += sign * entry.size

    def __len__(self) -> int:
        return len(self._sites)
