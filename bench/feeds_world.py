"""A model of the world's feeds for a simulation: when they publish, how their servers answer, which hosts they share.

Every number is an assumption, chosen so that each kind of feed and server that a poller meets is there: most feeds
publish rarely and a few all day, in bursts and by day rather than by night; two fifths of them live on shared hosts, of
which the largest has thousands; three in ten servers know no validators; some answer with errors for a while, some for
ever, and some hosts ask to be left alone when they are asked too often.
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
"""Share of feeds that publish nothing any more."""

MEDIAN_A_DAY, SPREAD, MOST_A_DAY = 2.0, 1.6, 200.0
"""Publications a day: median and spread of a log-normal distribution, and its cut."""

SHARED = 0.4
"""Share of feeds that live on shared hosts."""

PLATFORMS = 400
"""Shared hosts; the n-th has a share of the feeds in proportion to 1/n."""

WITHOUT_VALIDATORS = 0.3
"""Share of feeds whose servers send the whole document each time."""

MAX_AGES = (None, None, None, None, 60.0, 300.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 3600.0, 14_400.0, 86_400.0)
"""What servers say of how long an answer stays fresh, each as often."""

GONE, MISSING, DEAD, FLAKY = 0.01, 0.03, 0.04, 0.05
"""Share of feeds that answer 410 and 404, whose servers do not answer, and that fail now and then."""

FLAKY_HOURS = 0.1
"""Share of the hours in which a feed that fails now and then does."""

STRICT = 0.25
"""Share of shared hosts that answer 429 when they are asked too often."""

STRICT_REQUESTS, STRICT_SECONDS, STRICT_RETRY = 120, 60.0, 300
"""Requests in so many seconds that these allow, and the `Retry-After` beyond."""

LATENCY = (0.1, 0.3, 3.0)
"""Seconds of an answer: least, usual, most."""


@dataclass(slots=True)
class WorldFeed:
    """One feed; times are seconds from the start of the measured day."""

    number: int
    host: int
    times: list[float]
    """When its items come out, in order, the first ones long before the start."""
    window: int
    """Items that its document holds."""
    validators: bool
    max_age: float | None
    kind: str

    def published(self, at: float) -> int:
        """Return how many items there have been."""
        return bisect_right(self.times, at)


@dataclass(slots=True)
class Host:
    """What one server has seen of a poller."""

    strict: bool
    active: int = 0
    last: float = -math.inf
    refused_until: float = -math.inf
    recent: deque[float] = field(default_factory=deque)

    def begin(self, at: float) -> bool:
        """Take a request; return whether it is refused with 429."""
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
    """How often a poller went beyond what a host should have to bear."""

    limit: int
    pause: float
    at_once: int = 0
    """Requests beyond so many at the same time."""
    too_soon: int = 0
    """Requests that came earlier than a pause after the one before."""
    pushed_on: int = 0
    """Requests that came although the host had asked to be left alone."""

    def look(self, host: Host, at: float) -> None:
        """Note a request that is about to begin."""
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
        """Make `count` feeds that publish for `days` days from the start."""
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
        """Return the seconds that an answer takes."""
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
    """Return publications at random with `rate` a day, most of them by day, one in five with several items."""
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
