"""Simulates a day of `dateline-pages`: 2,000 sites, 200,000 articles, and the service's own rules.

Usage: pages_day.py [--sites N] [--articles N] [--seed S] [--hours H] [--recheck AGES] [--profile]. Sites, feeds and
servers are a model (`pages_world`, `pages_servers`); extraction and Kafka are replaced by stand-ins. Everything else is
the code of the service: `dateline_pages.sites.Sites` in four tasks, with states that are restored from their changelogs
when tasks move or are killed. The clock is simulated. One JSON line for each figure:

requests   what was sent, and what would have been enough: each page once for each of its versions, redirects, the rules
           of each host once a day, and repetitions that led to a text
delay      seconds from the poll that found an article to its first publication; p50 and p95
texts      where the texts of first publications are from, and why not from the page
published  records by what they add; articles that are lost; articles that came after the longest deadline
broken     requests that broke a rule of politeness
state      peaks of the queues, size of the state, records of the changelog
processor  time of the service's code, by the processor's clock
"""

from __future__ import annotations

import argparse
import cProfile
import heapq
import json
import math
import pstats
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from dateline.kafka.partitioning import partition_of
from dateline.service.telemetry import configure_logging
from dateline.settings import RuntimeSettings
from dateline_pages.sites.effects import SiteEffects
from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.sites import LATE
from dateline_pages.sites.visit import Visit, VisitFailed, VisitResult
from dateline_schemas import Article, PageRequest

from bench.pages_figures import Story, figures_of
from bench.pages_servers import PAUSE_SECONDS, Server
from bench.pages_task import START, TaskRun, request_of
from bench.pages_world import DAY, HOUR, Arrival, World

TASKS = 4
"""Partitions of `page-requests`."""

SLOTS = 64
"""Pages that are fetched at the same time, of all tasks: one replica runs them."""

TURN_SECONDS = 0.02
"""A task's loop waits at least this long when no result has come."""

MOVES: tuple[tuple[float, tuple[int, ...], float], ...] = ((0.4, (0, 1), 0.0), (0.6, (0, 1, 2, 3), 30.0))
"""When tasks get a new owner, as a share of the day; which, and after how many seconds. The first is a rebalance, the
second a replica that was killed in the middle of a transaction."""

HOP_SECONDS = 0.05
"""A request that is handed over takes this long."""


@dataclass(slots=True)
class Simulation:
    """Drives the tasks from event to event, and keeps what they send and publish."""

    world: World
    limits: SiteLimits
    seed: int
    seconds: float
    chance: random.Random = field(init=False)
    servers: dict[str, Server] = field(default_factory=dict)
    stories: dict[int, Story] = field(default_factory=dict)
    tasks: list[TaskRun] = field(default_factory=list)
    owner: dict[str, TaskRun] = field(default_factory=dict)
    broken: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    needless: Counter[str] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)
    handed_over: list[tuple[float, int, str, PageRequest]] = field(default_factory=list)
    observed: dict[str, datetime] = field(default_factory=dict)
    service_seconds: float = 0.0
    """Time in the service's code, by the clock on the wall."""
    running: int = 0
    peak_running: int = 0
    restored_seconds: float = 0.0
    longest_gap: float = max(gap for _, _, gap in MOVES)
    _numbers: count[int] = field(default_factory=count)
    _ends: list[tuple[float, int, TaskRun]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        articles = {each.path: each for each in self.world.articles}
        self.stories = {each.number: Story(each) for each in self.world.articles}
        self.tasks = [TaskRun(number, self.limits, random.Random(self.seed + number)) for number in range(TASKS)]
        for site in self.world.sites:
            self.servers[site.name] = Server(site, articles, self.broken)
            self.owner[site.name] = self.tasks[partition_of(site.name.encode(), TASKS)]
        for task in self.tasks:
            self._open(task, 0.0)

    def run(self) -> None:
        """Run until the last article must have been published."""
        arrivals = iter(self.world.arrivals)
        coming = next(arrivals, None)
        moves = [(share * self.seconds, numbers, gap) for share, numbers, gap in MOVES]
        end = self.seconds + self.limits.max_deadline_seconds + 60
        while (at := self._next(coming, moves)) <= end:
            while moves and moves[0][0] <= at:
                _, numbers, gap = moves.pop(0)
                for number in numbers:
                    self._move(self.tasks[number], at, gap)
            while coming is not None and coming.at <= at:
                self._arrive(coming)
                coming = next(arrivals, None)
            while self.handed_over and self.handed_over[0][0] <= at:
                _, _, site, request = heapq.heappop(self.handed_over)
                self._send(site, request, at)
            ended: dict[int, list[int]] = {}
            while self._ends and self._ends[0][0] <= at:
                _, number, task = heapq.heappop(self._ends)
                if number in task.running:
                    ended.setdefault(task.number, []).append(number)
            for task in self.tasks:
                if at >= task.opened and (task.wake <= at or task.inbox or task.number in ended):
                    self._turn(task, at, ended.get(task.number, []))

    def _next(self, coming: Arrival | None, moves: list[tuple[float, tuple[int, ...], float]]) -> float:
        times = [task.wake for task in self.tasks]
        times += [each[0][0] for each in (self._ends, self.handed_over, moves) if each]
        return min(times) if coming is None else min(*times, coming.at)

    def _turn(self, task: TaskRun, at: float, ended: list[int]) -> None:
        task.now = at
        results = [(visit, self._answer(visit, begun, at)) for visit, begun, _ in map(task.running.pop, ended)]
        self.running -= len(results)
        start = time.perf_counter()
        while self.running < SLOTS and (visit := task.sites.next_visit(START + at)) is not None:
            paused = time.perf_counter()
            self._begin(task, visit, at)
            start += time.perf_counter() - paused
        task.receive()
        for visit, result in results:
            task.sites.finished(visit, result, START + at)
        task.sites.step(START + at)
        effects = task.commit()
        self.service_seconds += time.perf_counter() - start
        self._keep(effects, at)
        wake = task.sites.wake_at()
        soonest = at + (TURN_SECONDS if self.running < SLOTS else 1.0)
        task.wake = math.inf if wake is None else max(wake - START, soonest)

    def _begin(self, task: TaskRun, visit: Visit, at: float) -> None:
        server = self.servers[visit.site]
        if _is_look(visit):
            self.requests["later looks"] += 1
        elif visit.kind == "page":
            self._count(self.stories[_number(visit)])
        else:
            host = visit.url.split("/")[2]
            self.requests[visit.kind] += 1
            if server.rules_until.get((host, visit.kind), -math.inf) > at:
                self.needless["rules that are known"] += 1
            elif (host, visit.kind) in server.rules_asked:
                self.needless["repetitions of rules"] += (host, visit.kind) not in server.rules_until
            server.rules_asked.add((host, visit.kind))
        number = next(self._numbers)
        end = at + server.begin(visit, at, self.chance)
        task.running[number] = (visit, at, end)
        heapq.heappush(self._ends, (end, number, task))
        self.running += 1
        self.peak_running = max(self.peak_running, self.running)

    def _count(self, story: Story) -> None:
        """Count a request for a page by its reason."""
        if story.last == "moved":
            kind = "redirects"
        elif story.visits == 0:
            kind = "pages"
        elif story.last == "failed":
            kind = "repetitions"
            story.fruitless += 1
        elif story.last == "cut":
            kind = "cut off before"
            self.needless[kind] += 1
        elif story.read_version is not None and story.version > story.read_version:
            kind = "newer versions"
        else:
            kind = "for another feed"
            self.needless[kind] += 1
        story.visits += 1
        self.requests[kind] += 1

    def _answer(self, visit: Visit, begun: float, at: float) -> VisitResult:
        result = self.servers[visit.site].end(visit, begun, at)
        if visit.kind == "page" and not _is_look(visit):
            story = self.stories[_number(visit)]
            story.last = OUTCOMES.get(type(result).__name__, "failed")
            if isinstance(result, VisitFailed):
                return result
            if story.last == "read":
                story.read_version = max(story.version, story.article.version(begun))
                story.fruitless = 0
        return result

    def _arrive(self, arrival: Arrival) -> None:
        story = self.stories[arrival.article.number]
        if story.asked is None:
            story.asked, story.is_patient = arrival.at, arrival.is_patient
        story.version = max(story.version, arrival.version)
        self._send(arrival.article.site.name, request_of(arrival), arrival.at)

    def _send(self, site: str, request: PageRequest, at: float) -> None:
        task = self.owner[site]
        task.inbox.append((task.offset, site, request))
        task.offset += 1
        task.wake = min(task.wake, max(at, task.opened))

    def _keep(self, effects: SiteEffects, at: float) -> None:
        for site, request, _ in effects.requests:
            heapq.heappush(self.handed_over, (at + HOP_SECONDS, next(self._numbers), site, request))
            self.records["handed over"] += 1
        self.records["feed-pages"] += len(effects.feed_pages)
        for publication in effects.articles:
            self._published(publication.article, publication.site, at)

    def _published(self, article: Article, site: str, at: float) -> None:
        story = self.stories[int(article.id)]
        if article.text_from == "page" and article.observed is not None:
            self.broken["observed_back"] += article.observed < self.observed.get(site, article.observed)
            self.observed[site] = article.observed
        if article.retracted is not None:
            self.records["retractions"] += 1
        elif story.first is None:
            self.records["first"] += 1
            story.first, story.text_from, story.reason = at, article.text_from, article.text_reason
        elif article.content_hash == story.digests[-1]:
            self.records["unchanged"] += 1
        elif article.text_from != "page":
            self.records["feed's text again" if article.content_hash in story.digests else "feed's newer text"] += 1
        elif story.text_from == "feed" and (story.reason or "").startswith(LATE) and len(story.digests) == 1:
            self.records["page's text after the deadline"] += 1
        else:
            self.records["page's text again" if article.content_hash in story.digests else "page's newer text"] += 1
        if article.retracted is not None and story.first is None:
            story.first, story.text_from = at, "retraction"
        story.digests.append(article.content_hash)

    def _move(self, task: TaskRun, at: float, gap: float) -> None:
        """Give a task a new owner; with a gap the old one is killed in the middle of a transaction."""
        task.now = at
        for number, (visit, begun, _) in list(task.running.items()):
            server = self.servers[visit.site]
            if gap and server.site.works:
                task.sites.finished(visit, server.end(visit, begun, at), START + at)
            server.cut(at)
            if visit.kind == "page" and not _is_look(visit):
                self.stories[_number(visit)].last = "cut"
            del task.running[number]
            self.running -= 1
        if gap:
            task.receive()
            task.sites.step(START + at)
            task.sites.take()
            task.state.seal()
        self._open(task, at + gap)

    def _open(self, task: TaskRun, at: float) -> None:
        start = time.process_time()
        task.open(at)
        self.restored_seconds = max(self.restored_seconds, time.process_time() - start)
        for name, owner in self.owner.items():
            if owner is task:
                self.servers[name].opened = at


OUTCOMES = {"PageRead": "read", "PageMoved": "moved", "VisitFailed": "failed"}


def _is_look(visit: Visit) -> bool:
    return visit.wanted_by[0] == "look"


def _number(visit: Visit) -> int:
    return int(visit.wanted_by[1])


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--sites", type=int, default=2000)
    arguments.add_argument("--articles", type=int, default=200_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--hours", type=float, default=24.0)
    arguments.add_argument("--recheck", default="", help="ages of articles in seconds, such as 3600,86400")
    arguments.add_argument("--profile", action="store_true", help="print where the time goes")
    options = arguments.parse_args()
    configure_logging(RuntimeSettings(log_level="error"), "bench")
    seconds = options.hours * HOUR
    world = World.make(options.sites, options.articles, options.seed, min(seconds, DAY))
    ages = tuple(float(each) for each in options.recheck.split(",") if each)
    limits = SiteLimits(pause_seconds=PAUSE_SECONDS, recheck_seconds=ages)
    simulation = Simulation(world, limits, options.seed, seconds)
    wall, processor = time.perf_counter(), time.process_time()
    if options.profile:
        with cProfile.Profile() as profile:
            simulation.run()
        pstats.Stats(profile).sort_stats("tottime").print_stats(45)
    else:
        simulation.run()
    for figure in figures_of(simulation, time.perf_counter() - wall, time.process_time() - processor):
        print(json.dumps(figure), flush=True)
    return 0 if not simulation.broken.total() else 1


if __name__ == "__main__":
    sys.exit(main())
