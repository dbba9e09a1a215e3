"""A model of many feeds for a simulation: when they publish, how their servers answer, which hosts they share.

Every number is an assumption, chosen so that every kind of feed and server occurs. Most feeds publish rarely and a few
all day, in bursts, and more by day than by night. Two fifths of them are on shared hosts, the largest with thousands.
Three in ten servers support no validators. Some answer with errors for a while, some permanently, and some hosts answer
429 to too many requests.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right, insort
from collections import deque
from dataclasses import dataclass, field

DAY = 86_400.0
"""Seconds."""

DORMANT = 0.2
"""Share of feeds that no longer publish."""

MEDIAN_A_DAY, SPREAD, MOST_A_DAY = 2.0, 1.6, 200.0
"""Publications a day: median and spread of a log-normal distribution, and its cut."""

SHARED = 0.4
"""Share of feeds on shared hosts."""

PLATFORMS = 400
"""Number of shared hosts; the n-th has a share of their feeds in proportion to 1/n."""

WITHOUT_VALIDATORS = 0.3
"""Share of feeds whose servers send the whole document each time."""

MAX_AGES = (None, None, None, None, 60.0, 300.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 3600.0, 14_400.0, 86_400.0)
"""Freshness lifetimes that servers state, each equally often."""

GONE, MISSING, DEAD, FLAKY = 0.01, 0.03, 0.04, 0.05
"""Shares of feeds that answer 410, that answer 404, whose servers do not answer, and that fail at times."""

FLAKY_HOURS = 0.1
"""Share of the hours in which a feed that fails at times does fail."""

STRICT = 0.25
"""Share of shared hosts that answer 429 to too many requests."""

STRICT_REQUESTS, STRICT_SECONDS, STRICT_RETRY = 120, 60.0, 300
"""Requests that those hosts allow, in this many seconds, and the `Retry-After` beyond."""

LATENCY = (0.1, 0.3, 3.0)
"""Seconds that a response takes: minimum, mode, maximum."""


@dataclass(slots=True)
class WorldFeed:
    """One feed; times are seconds from the start of the measured day."""

    number: int
    host: int
    times: list[float]
    """The publication times of its items, in order; the first are long before the start."""
    window: int
    """Number of items in its document."""
    validators: bool
    max_age: float | None
    kind: str

    def published(self, at: float) -> int:
        """Return the number of items published so far."""
        return bisect_right(self.times, at)


@dataclass(slots=True)
class Host:
    """What one server remembers of a poller."""

    strict: bool
    active: int = 0
    last: float = -math.inf
    refused_until: float = -math.inf
    recent: deque[float] = field(default_factory=deque)

    def begin(self, at: float) -> bool:
        """Count a request, and return whether it is refused with 429."""
        self.active += 1
        self.last = at
        if at < self.refused_until:
            return True
        if not self.strict:
            return False
        while self.recent and self.recent[0] < at - STRICT_SECONDS:
            self.recent.popleft()
        self.recent.append(at)
        if len(self.recent) > STRICT_REQUESTS:
            self.refused_until = at + STRICT_RETRY
            return True
        return False


@dataclass(slots=True)
class Politeness:
    """Counts how often a poller exceeded a host's limits."""

    limit: int
    pause: float
    at_once: int = 0
    """Requests beyond the limit of concurrent ones."""
    too_soon: int = 0
    """Requests before the pause after the previous one had ended."""
    pushed_on: int = 0
    """Requests before the host's `Retry-After` had ended."""

    def look(self, host: Host, at: float) -> None:
        """Count a request that is about to start."""
        self.at_once += host.active >= self.limit
        self.too_soon += at - host.last < self.pause - 1e-6
        self.pushed_on += at < host.refused_until


@dataclass(slots=True)
class World:
    """The feeds and their hosts."""

    feeds: list[WorldFeed]
    hosts: list[Host]

    @classmethod
    def make(cls, count: int, seed: int, days: float) -> World:
        """Make `count` feeds that publish for `days` days after the start."""
        chance = random.Random(seed)
        platforms = min(PLATFORMS, max(1, count // 250))
        weights = [1 / (rank + 1) for rank in range(platforms)]
        hosts = [Host(strict=chance.random() < STRICT) for _ in range(platforms)]
        feeds = []
        for number in range(count):
            if chance.random() < SHARED:
                host = chance.choices(range(platforms), weights)[0]
            else:
                host = len(hosts)
                hosts.append(Host(strict=False))
            feeds.append(_feed(chance, number, host, days))
        return cls(feeds, hosts)

    def latency(self, chance: random.Random) -> float:
        """Return the seconds that a response takes."""
        return chance.triangular(LATENCY[0], LATENCY[2], LATENCY[1])


def _feed(chance: random.Random, number: int, host: int, days: float) -> WorldFeed:
    window = chance.choice((10, 10, 15, 20, 25, 30, 50))
    kinds = chance.random()
    kind = "well"
    for name, share in (("gone", GONE), ("missing", MISSING), ("dead", DEAD), ("flaky", FLAKY)):
        if kinds < share:
            kind = name
            break
        kinds -= share
    rate = 0.0 if chance.random() < DORMANT else min(MOST_A_DAY, MEDIAN_A_DAY * math.exp(chance.gauss(0, SPREAD)))
    return WorldFeed(
        number=number,
        host=host,
        times=_times(chance, rate, window, days),
        window=window,
        validators=chance.random() >= WITHOUT_VALIDATORS,
        max_age=chance.choice(MAX_AGES),
        kind=kind,
    )


def _times(chance: random.Random, rate: float, window: int, days: float) -> list[float]:
    """Return random publication times, `rate` a day, most of them by day, one in five with several items."""
    if rate == 0.0:
        last = -chance.uniform(30, 900) * DAY
        return sorted(last - chance.expovariate(1 / (10 * DAY)) for _ in range(window))
    night = chance.uniform(0, DAY)
    begin = -max(2.0, 1.5 * window / rate) * DAY
    found: list[float] = []
    at = begin
    while (at := at + chance.expovariate(2 * rate / DAY)) < days * DAY:
        if chance.random() < (1 + 0.9 * math.sin(2 * math.pi * (at - night) / DAY)) / 2:
            found.append(at)
            while chance.random() < 0.2:
                insort(found, at + chance.uniform(0, 60))
    return found
