"""A model of many news sites for a simulation: what they publish, which feeds carry it, and how their servers are.

Every number is an assumption, chosen so that every kind of site occurs. The sizes of sites follow a law of Zipf and
Mandelbrot: the largest publish some three thousand articles a day, half of the sites less than thirty, most of them by
day. Some sites publish in batches, at full hours. Larger sites have several feeds that overlap. An article comes to the
pipeline when a feed that carries it is polled, so that several come at once.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Literal, TypeVar

__all__ = ["DAY", "HOUR", "Arrival", "PageFate", "SiteKind", "World", "WorldArticle", "WorldFeed", "WorldSite"]

DAY = 86_400.0
"""Seconds."""

HOUR = 3600.0
"""Seconds."""

ZIPF_SHIFT, ZIPF_POWER = 20, 1.2
"""The n-th site has a share of the articles in proportion to 1 / (n + shift) ^ power."""

LATENCY_SECONDS = (0.1, 0.4, 2.0)
"""Time that an answer takes: minimum, mode, maximum of a triangular distribution."""

SLOW = 8.0
"""Answers of slow sites take this many times as long."""

IN_BATCHES = 0.1
"""Share of the sites that publish at full hours only."""

OVERLAP = 0.3
"""Share of the articles that the main feed carries as well, if a site has several feeds."""

CHANGED, CHANGED_AGAIN, CHANGE_SECONDS = 0.05, 0.2, 3600.0
"""Shares of articles that are changed once, and once more; mean time until then."""

DELETED = 0.002
"""Share of articles that their feed deletes."""

ADDED_LATER, FIRST_ITEMS = 0.02, 30
"""Share of feeds that are added in the course of the day, and the items of their first poll, which are patient."""

POLL_SECONDS = (300.0, 3600.0)
"""Shortest and longest interval between two polls; in between, feeds are polled as often as they publish."""

SiteKind = Literal[
    "well",
    "slow",
    "delay",
    "flaky",
    "strict",
    "away",
    "dead",
    "refusing",
    "wall",
    "forbidden",
    "reserved",
    "robots down",
]
"""What a site's server does.

- well, slow: it answers, in a second or in several.
- delay: its robots.txt asks for a longer pause.
- flaky: it fails or does not answer in some hours.
- strict: it answers 429 with `Retry-After` to too many requests.
- away: it answers 503 for some time, half of them with `Retry-After`.
- dead: it does not answer all day.
- refusing: it answers 403 to every page, or every page is a challenge.
- wall: each page asks for consent instead.
- forbidden: robots.txt forbids all.
- reserved: text and data mining is reserved.
- robots down: robots.txt cannot be read, all day or for some hours.
"""

KINDS: dict[SiteKind, float] = {
    "slow": 0.1,
    "delay": 0.05,
    "flaky": 0.05,
    "strict": 0.04,
    "away": 0.03,
    "dead": 0.02,
    "refusing": 0.03,
    "wall": 0.02,
    "forbidden": 0.01,
    "reserved": 0.01,
    "robots down": 0.02,
}
"""Share of the sites of each kind; the others do well."""

DELAYS_SECONDS = (10.0, 10.0, 20.0, 30.0, 60.0)
"""Pauses that robots.txt asks for, each equally often."""

WITH_ROBOTS, WITH_TDM, REDIRECTING = 0.6, 0.05, 0.1
"""Shares of the sites that have a robots.txt, that have a tdmrep.json, and whose links redirect to another host."""

KindT = TypeVar("KindT", bound=str)

PageFate = Literal["well", "late", "missing", "gone", "moved", "elsewhere", "poor", "login", "private"]
"""What becomes of the request for a page: a page that appears late, is missing or gone, has moved within its site or to
another, has less text than the feed, asks for a login, or is under a path that robots.txt or tdmrep.json excludes."""

FATES: dict[PageFate, float] = {
    "late": 0.01,
    "missing": 0.003,
    "gone": 0.001,
    "moved": 0.02,
    "elsewhere": 0.003,
    "poor": 0.005,
    "login": 0.005,
    "private": 0.01,
}
"""Share of the pages; the others do well."""

APPEARS_SECONDS = 600.0
"""A page that appears late does so within this time after its feed carries it."""


@dataclass(slots=True, eq=False)
class WorldSite:
    """A site and its server. Times are seconds from the start of the day."""

    number: int
    kind: SiteKind
    latency: float
    """Factor of the time that its answers take."""
    delay: float
    """The pause that its robots.txt asks for."""
    has_robots: bool
    has_tdm: bool
    is_redirecting: bool
    troubles: list[tuple[float, float]]
    """Times at which it fails."""
    is_mute: bool
    """Whether it does not answer when it fails, or does not say how long it will be away."""
    feeds: list[WorldFeed] = field(default_factory=list)
    articles: list[WorldArticle] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"site{self.number}.example"

    @property
    def works(self) -> bool:
        """Whether its pages can be read at all times."""
        return self.kind in ("well", "slow", "delay")

    def is_troubled(self, at: float) -> bool:
        """Return whether it fails at a time."""
        return any(begin <= at < end for begin, end in self.troubles)


@dataclass(slots=True, eq=False)
class WorldFeed:
    """A feed: it is polled at these times."""

    key: str
    polls: list[float]
    is_new: bool
    """Whether its first poll is one of the day."""


@dataclass(slots=True, eq=False)
class WorldArticle:
    """An article with its versions."""

    number: int
    site: WorldSite
    fate: PageFate
    times: list[float]
    """When each version was published."""
    deleted: float | None
    appears: float
    """When its page exists."""
    target: WorldSite | None = None
    """The site to which it has moved."""

    def version(self, at: float) -> int:
        """Return the version that its page has."""
        return sum(time <= at for time in self.times) - 1

    @property
    def path(self) -> str:
        return f"{'private/' if self.fate == 'private' else ''}{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Arrival:
    """An item that a poll finds new, changed or deleted."""

    at: float
    feed: str
    article: WorldArticle = field(compare=False)
    version: int
    """-1 for a deletion."""
    is_patient: bool
    order: int


@dataclass(slots=True)
class World:
    """The sites, and what polls find in their feeds."""

    sites: list[WorldSite]
    arrivals: list[Arrival]
    articles: list[WorldArticle]
    """Those that come to the pipeline, by number."""

    @classmethod
    def make(cls, sites: int, articles: int, seed: int, seconds: float = DAY) -> World:
        """Make sites that publish in the first `seconds` of a day."""
        chance = random.Random(seed)
        made = [_site(chance, number, seconds) for number in range(sites)]
        chance.shuffle(made)
        weights = [(rank + ZIPF_SHIFT) ** -ZIPF_POWER for rank in range(sites)]
        scale, number = articles / sum(weights), 0
        for rank, site in enumerate(made):
            count = max(1, int(weights[rank] * scale + chance.random()))
            for at in _times(chance, count, seconds):
                site.articles.append(_article(chance, number, site, at, made))
                number += 1
            _add_feeds(chance, site, count, seconds)
        arrivals = sorted(each for site in made for each in _arrivals(chance, site, seconds))
        known = {each.article.number: each.article for each in arrivals}
        return cls(made, arrivals, [known[number] for number in sorted(known)])


def _pick(chance: random.Random, shares: dict[KindT, float], rest: KindT) -> KindT:
    drawn = chance.random()
    for kind, share in shares.items():
        if drawn < share:
            return kind
        drawn -= share
    return rest


def _site(chance: random.Random, number: int, seconds: float) -> WorldSite:
    kind = _pick(chance, KINDS, "well")
    troubles: list[tuple[float, float]] = []
    if kind in ("flaky", "away", "robots down"):
        longest = {"flaky": 2 * HOUR, "away": 0.7 * HOUR, "robots down": 3 * HOUR}[kind]
        begins = [chance.uniform(0, seconds) for _ in range(3)]
        troubles = [(at, at + chance.uniform(0.2, 1) * longest) for at in begins]
    if kind == "dead" or (kind == "robots down" and chance.random() < 0.5):
        troubles = [(0, math.inf)]
    return WorldSite(
        number=number,
        kind=kind,
        latency=SLOW if kind == "slow" else chance.uniform(0.5, 1.5),
        delay=chance.choice(DELAYS_SECONDS) if kind == "delay" else 0.0,
        has_robots=chance.random() < WITH_ROBOTS or kind in ("delay", "forbidden"),
        has_tdm=chance.random() < WITH_TDM or kind == "reserved",
        is_redirecting=chance.random() < REDIRECTING,
        troubles=troubles,
        is_mute=chance.random() < 0.5,
    )


def _times(chance: random.Random, count: int, seconds: float) -> list[float]:
    """Return times of publication, most of them by day, one in five with others, or all of them at full hours."""
    is_batch = chance.random() < IN_BATCHES
    found: list[float] = []
    while len(found) < count:
        at = chance.uniform(0, seconds)
        if chance.random() < (1 + 0.9 * math.sin(2 * math.pi * (at / DAY - 0.3))) / 2 or seconds < DAY:
            found.append(at)
            while len(found) < count and chance.random() < 0.2:
                found.append(min(seconds, at + chance.uniform(0, 60)))
    return sorted(math.floor(at / HOUR) * HOUR + chance.uniform(0, 30) if is_batch else at for at in found)


def _article(chance: random.Random, number: int, site: WorldSite, at: float, sites: list[WorldSite]) -> WorldArticle:
    times = [at]
    if chance.random() < CHANGED:
        times.append(at + chance.expovariate(1 / CHANGE_SECONDS))
        if chance.random() < CHANGED_AGAIN:
            times.append(times[-1] + chance.expovariate(1 / CHANGE_SECONDS))
    fate = _pick(chance, FATES, "well")
    return WorldArticle(
        number=number,
        site=site,
        fate=fate,
        times=times,
        deleted=times[-1] + chance.expovariate(1 / CHANGE_SECONDS) if chance.random() < DELETED else None,
        appears=at + chance.uniform(0, APPEARS_SECONDS) if fate == "late" else -math.inf,
        target=chance.choice(sites) if fate == "elsewhere" else None,
    )


def _add_feeds(chance: random.Random, site: WorldSite, count: int, seconds: float) -> None:
    """Give a site its feeds: the more, the more it publishes."""
    number = 1 + sum(count * DAY / seconds >= limit for limit in (50, 200, 200, 1000, 1000, 1000))
    shortest, longest = POLL_SECONDS
    interval = min(max(seconds * number / count, shortest), longest, seconds / 4)
    for each in range(number):
        is_new = chance.random() < ADDED_LATER
        at = chance.uniform(seconds / 3, 2 * seconds / 3) if is_new else chance.uniform(0, interval)
        polls = []
        while at < seconds + 2 * interval:
            polls.append(at)
            at += interval * chance.uniform(0.9, 1.1)
        site.feeds.append(WorldFeed(key=f"feed{site.number}-{each}", polls=polls, is_new=is_new))


def _arrivals(chance: random.Random, site: WorldSite, seconds: float) -> list[Arrival]:
    found: list[Arrival] = []
    carried: dict[int, list[WorldArticle]] = {number: [] for number in range(len(site.feeds))}
    for article in site.articles:
        section = chance.randrange(1, len(site.feeds)) if len(site.feeds) > 1 else 0
        carried[section].append(article)
        if section and chance.random() < OVERLAP:
            carried[0].append(article)
    for number, articles in carried.items():
        feed = site.feeds[number]
        old = [each for each in articles if feed.is_new and each.times[0] <= feed.polls[0]]
        left_out = set(old[:-FIRST_ITEMS])
        for article in articles:
            if article not in left_out:
                found += _found(feed, article, is_patient=article in old)
    return [each for each in found if each.at < seconds]


def _found(feed: WorldFeed, article: WorldArticle, *, is_patient: bool) -> list[Arrival]:
    """Return what polls find of an article: of several versions between two polls the last."""
    by_poll: dict[int, int] = {}
    for version, at in enumerate(article.times):
        by_poll[bisect_left(feed.polls, at)] = version
    if article.deleted is not None:
        poll = bisect_left(feed.polls, article.deleted)
        if poll > min(by_poll):
            by_poll[poll] = -1
    return [
        Arrival(
            at=feed.polls[poll],
            feed=feed.key,
            article=article,
            version=version,
            is_patient=is_patient and poll == 0,
            order=article.number,
        )
        for poll, version in by_poll.items()
        if poll < len(feed.polls)
    ]
