"""A piece of a campaign: a new broker, a workload, a schedule of faults, and a check at the end."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chaos.accounting.checker import check
from chaos.accounting.observation import Observation, observe
from chaos.accounting.pages import origin_of
from chaos.accounting.politeness import Politeness, politeness
from chaos.accounting.violation import Violation
from chaos.broker.cluster import Cluster, cluster
from chaos.faults.nemesis import Nemesis
from chaos.faults.schedule import draw_faults
from chaos.journal import Event, Journal, read_journals
from chaos.replicas.control import Point
from chaos.replicas.fleet import SERVICES, Fleet
from chaos.replicas.nursery import Nursery
from chaos.settling import settle
from chaos.traffic.digests import digest
from chaos.traffic.page_books import PageBook
from chaos.traffic.page_sites import PageSites, page_sites
from chaos.traffic.site import feed_site
from chaos.traffic.stories import FeedBook
from chaos.traffic.workload import GROUPS, PREFIX, Workload
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.settings import KafkaSettings
from dateline_ingest.catalog.registry import FeedRegistry
from dateline_schemas import TOPICS, Feed, FullText, feed_key

__all__ = ["PAUSE_SECONDS", "PiecePlan", "PieceResult", "run_piece"]

FEEDS = 5
"""Number of feeds in the workload whose articles have no pages."""

PAUSE_SECONDS = 0.2
"""The usual pause between two requests to a site."""

PAGE_FEEDS: dict[str, tuple[FullText, float]] = {
    "paged-0": ("always", 0.0),
    "paged-1": ("auto", 0.0),
    "paged-2": ("auto", 0.5),
}
"""The other feeds: whether pages are read, and the share of items of which the feed carries the whole text."""

CHANGE_SECONDS = 0.15
"""Average time between two changes of the feeds, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PiecePlan:
    """The parameters of a piece; the same plan draws the same faults."""

    seed: str
    faults: int
    session_seconds: float = 3.0
    transaction_seconds: float = 1.8
    pause_seconds: float = PAUSE_SECONDS
    """Pause between two requests to a site."""
    kinds: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    mutant: str = ""
    window_seconds: float = 0.0
    sinks: bool = False
    """Strike the sinks and their targets instead of the pipeline."""


@dataclass(slots=True, kw_only=True)
class PieceResult:
    """The outcome of a piece."""

    plan: PiecePlan
    seconds: float
    faults: list[dict[str, Any]]
    violations: list[Violation]
    articles: dict[str, int]
    transactions: int
    politeness: dict[str, float]
    events: list[Event] = field(repr=False)
    began: float = 0.0
    wall: float = 0.0


async def run_piece(plan: PiecePlan, folder: Path, say: Callable[[str], None]) -> PieceResult:
    """Run one piece in `folder`, which has to be empty, and check it."""
    began, wall = time.monotonic(), time.time()
    async with _set_up(plan, folder) as (broker, fleet, workload, nemesis, sites):
        faults = draw_faults(
            plan.seed,
            plan.faults,
            session=plan.session_seconds,
            disk=broker.disk.limited,
            kinds=plan.kinds,
            lanes=plan.lanes,
            points=plan.points,
        )
        for service in SERVICES:
            await fleet.start(service)
            await fleet.start(service)
        stop = asyncio.Event()
        await nemesis.warm_up()
        work = [
            asyncio.ensure_future(workload.site.change(workload.rng, CHANGE_SECONDS, stop)),
            asyncio.ensure_future(workload.push_files(stop)),
        ]
        await nemesis.run(faults)
        say(f"{len(faults)} faults in {time.monotonic() - began:.0f} s; settling")
        stop.set()
        began_to_settle = time.monotonic()
        unsettled, last = await settle(broker, fleet, workload, work)
        say(f"settled after {time.monotonic() - began_to_settle:.0f} s; missing for so many seconds: {last}")
        fleet.journal.write("settled", unsettled=unsettled)
        # Only now: replicas that still run move the committed offsets past the last transaction markers.
        await asyncio.gather(*(fleet.terminate(r) for them in list(fleet.replicas.values()) for r in list(them)))
        topics = {name: TOPICS[name].partitions for name in ("articles.parsed", "articles.enriched", "feeds")}
        topics |= {"page-requests": 4, "page-state": 4}
        topics |= {"feed-state": 4, "seen": 4, "dead-letters": 1, "digests": 4, "digest.count": 4}
        events = read_journals(folder)
        seen = await observe(broker, workload.kafka, topics, GROUPS, events)
        violations = [Violation(rule="unsettled", what=what) for what in unsettled]
        violations += [Violation(rule="unexpected-end", what=what) for what in fleet.unexpected]
        violations += check(seen, workload.expected())
        sites.write_log(folder / "sites.jsonl")
        polite = politeness(sites.log, events, pause_seconds=plan.pause_seconds, session_seconds=plan.session_seconds)
        violations += [
            Violation(rule="pause", what=what, timestamp=round((wall + at - began) * 1000))
            for at, what in polite.offences
        ]
        return PieceResult(
            plan=plan,
            seconds=time.monotonic() - began,
            faults=nemesis.done,
            violations=violations,
            articles=_counted(seen),
            transactions=sum(event.kind == "commit" for event in events),
            politeness=_figures(polite, plan),
            events=events,
            began=began,
            wall=wall,
        )


@asynccontextmanager
async def _set_up(plan: PiecePlan, folder: Path) -> AsyncIterator[tuple[Cluster, Fleet, Workload, Nemesis, PageSites]]:
    rng = random.Random(f"{plan.seed}/workload")
    async with AsyncExitStack() as stack:
        nursery = await Nursery.open(folder / "nursery.log")
        stack.push_async_callback(nursery.close)
        broker = await stack.enter_async_context(cluster(folder))
        sites = await stack.enter_async_context(page_sites(random.Random(f"{plan.seed}/sites")))
        books: dict[str, FeedBook] = {
            name: FeedBook(name, random.Random(f"{plan.seed}/{name}")) for name in map("feed-{}".format, range(FEEDS))
        }
        for name, (_, whole) in PAGE_FEEDS.items():
            rng_of_feed = random.Random(f"{plan.seed}/{name}")
            sites.books[name] = PageBook(name, rng_of_feed, hosts=sites.hosts, whole_share=whole)
        books |= sites.books
        site = await stack.enter_async_context(feed_site(books))
        kafka = KafkaSettings(bootstrap_servers=broker.servers, topic_prefix=PREFIX)
        await ensure_topics(kafka, [*TOPICS.values(), *digest.topics()])
        async with FeedRegistry.open(kafka, TopicLayout()) as registry:
            added = datetime(2024, 6, 27, tzinfo=UTC)
            ways = {name: way for name, (way, _) in PAGE_FEEDS.items()}
            feeds = [
                Feed(url=site.url(name), added=added, interval_seconds=0.4, full_text=ways.get(name)) for name in books
            ]
            await registry.write({feed_key(feed.url).encode(): feed for feed in feeds})
        journal = Journal(folder / "nemesis.journal", "nemesis")
        stack.callback(journal.close)
        static = frozenset(service for service in SERVICES if rng.random() < 0.4)
        fleet = Fleet(
            nursery=nursery, folder=folder, environment=_environment(plan, broker), journal=journal, static=static
        )
        workload = Workload(site=site, kafka=kafka, fleet=fleet, rng=rng)
        nemesis = Nemesis(fleet=fleet, cluster=broker, journal=journal, poison=workload.poison)
        yield broker, fleet, workload, nemesis, sites


def _environment(plan: PiecePlan, broker: Cluster) -> dict[str, str]:
    return {
        "DATELINE_ENV_FILE": "/nonexistent",
        "DATELINE_KAFKA__BOOTSTRAP_SERVERS": broker.proxied,
        "DATELINE_KAFKA__TOPIC_PREFIX": PREFIX,
        "DATELINE_KAFKA__SESSION_TIMEOUT_SECONDS": f"{plan.session_seconds:g}",
        "DATELINE_KAFKA__TRANSACTION_TIMEOUT_SECONDS": f"{plan.transaction_seconds:g}",
        "DATELINE_KAFKA__REQUEST_TIMEOUT_SECONDS": f"{plan.session_seconds:g}",
        "DATELINE_RUNTIME__HEARTBEAT_SECONDS": "60",
        "DATELINE_RUNTIME__STALLED_SECONDS": "6",
        "DATELINE_RUNTIME__BATCH_RECORDS": "50",
        "DATELINE_RUNTIME__LOG_FORMAT": "json",
        "DATELINE_INGEST__ALLOW_NETWORKS": "127.0.0.0/8",
        "DATELINE_INGEST__POLL_JITTER": "0",
        "DATELINE_PAGES__ALLOW_NETWORKS": "127.0.0.0/8",
        "DATELINE_PAGES__PAUSE_SECONDS": f"{plan.pause_seconds:g}",
        # Faults last longer: some articles come out before their page.
        "DATELINE_PAGES__DEADLINE_SECONDS": "6",
        "DATELINE_PAGES__MAX_DEADLINE_SECONDS": "12",
        "DATELINE_PAGES__BACKOFF_MAX_SECONDS": "3",
        # Dates only: the whole service still runs, in a fraction of the processor time.
        "DATELINE_ENRICH__ENRICHERS": "dates",
        "CHAOS_MUTANT": plan.mutant,
        "CHAOS_WINDOW": f"{plan.window_seconds:g}",
    }


def _figures(polite: Politeness, plan: PiecePlan) -> dict[str, float]:
    return {
        "pause_seconds": plan.pause_seconds,
        "requests": polite.requests,
        "closest_seconds": round(min(polite.closest_seconds, 1e9), 4),
        "freezes": polite.freezes,
        "strays": polite.strays,
    }


def _counted(seen: Observation) -> dict[str, int]:
    topics = ("articles.parsed", "articles.enriched", "digests", "dead-letters", "page-requests")
    counts = {topic: len(seen.records(topic)) for topic in topics}
    origins = Counter(origin_of(record) for record in seen.records("articles.parsed"))
    counts |= {name: origins[name] for name in ("from pages", "from feeds instead")}
    return counts | {"aborted": sum(len(log.aborted) for log in seen.logs.values())}
