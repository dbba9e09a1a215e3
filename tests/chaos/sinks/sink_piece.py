"""A piece of a campaign of sinks: a new broker and new targets, a feed, a schedule of faults, and a check."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from chaos.accounting.observation import observe
from chaos.accounting.violation import Violation
from chaos.broker.cluster import Cluster, cluster
from chaos.faults.nemesis import Nemesis
from chaos.faults.schedule import Fault
from chaos.journal import Event, Journal, read_journals
from chaos.piece import PiecePlan, PieceResult
from chaos.replicas.fleet import Fleet
from chaos.replicas.nursery import Nursery
from chaos.sinks.article_feed import ArticleFeed
from chaos.sinks.audit import audit_postgres, audit_sqlite
from chaos.sinks.lanes import PREFIX, SINKS, SinkTargets
from chaos.sinks.position_watch import PositionWatch
from chaos.sinks.server_faults import ServerFaults
from chaos.sinks.sink_checker import SinkOutcome, check_sinks
from chaos.sinks.sink_schedule import SERVER, draw_sink_faults
from chaos.sinks.target_content import read_targets
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.topics import ensure_topics
from dateline.settings import KafkaSettings
from dateline.sink.configured import configure
from dateline_schemas import TOPICS
from dateline_schemas.topics import ARTICLES_ENRICHED
from dateline_sinks.servers.postgres import PostgresServer

__all__ = ["run_sink_piece"]

SETTLE_SECONDS = 120.0
"""Everything has to be written within this many seconds after the last fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SinkScene:
    """What a piece consists of."""

    sinks: Sequence[str]
    broker: Cluster
    kafka: KafkaSettings
    targets: SinkTargets
    fleet: Fleet
    nemesis: Nemesis
    feed: ArticleFeed


async def run_sink_piece(plan: PiecePlan, folder: Path, say: Callable[[str], None]) -> PieceResult:
    """Run one piece in `folder`, which has to be empty, and check it."""
    began, wall = time.monotonic(), time.time()
    async with _set_up(plan, folder) as scene:
        faults = draw_sink_faults(
            plan.seed,
            plan.faults,
            session=plan.session_seconds,
            kinds=plan.kinds,
            lanes=plan.lanes,
            points=plan.points,
        )
        for sink in scene.sinks:
            await scene.fleet.start(sink)
            await scene.fleet.start(sink)
        no_feed, no_watch = asyncio.Event(), asyncio.Event()
        watch = PositionWatch(kafka=scene.kafka, targets=scene.targets)
        async with asyncio.TaskGroup() as group:
            group.create_task(scene.feed.run(no_feed))
            group.create_task(watch.run(no_watch))
            await scene.nemesis.warm_up()
            await scene.nemesis.run(faults)
            say(f"{len(faults)} faults in {time.monotonic() - began:.0f} s; settling")
            no_feed.set()
            unsettled = await _settle(scene)
            no_watch.set()
        scene.fleet.journal.write("settled", unsettled=unsettled)
        replicas = [replica for them in scene.fleet.replicas.values() for replica in them]
        await asyncio.gather(*(scene.fleet.terminate(replica) for replica in replicas))
        events = read_journals(folder)
        topics = {"articles.enriched": ARTICLES_ENRICHED.partitions, "dead-letters": 1}
        groups = dict.fromkeys(scene.sinks, ARTICLES_ENRICHED.name)
        seen = await observe(scene.broker, scene.kafka, topics, groups, events)
        databases, files = await read_targets(scene.targets, scene.sinks)
        outcome = SinkOutcome(sinks=scene.sinks, seen=seen, databases=databases, files=files)
        violations = [Violation(rule="unsettled", what=what) for what in unsettled]
        violations += [Violation(rule="unexpected-end", what=what) for what in scene.fleet.unexpected]
        violations += watch.violations + await asyncio.to_thread(check_sinks, outcome)
        return PieceResult(
            plan=plan,
            seconds=time.monotonic() - began,
            faults=scene.nemesis.done,
            violations=violations,
            articles=_counted(outcome),
            transactions=sum(event.kind == "wrote" for event in events),
            politeness={},
            # Progress of a sink is a write; that of its offset in Kafka only follows.
            events=[_as_commit(event) for event in events if event.kind != "commit"],
            began=began,
            wall=wall,
        )


@asynccontextmanager
async def _set_up(plan: PiecePlan, folder: Path) -> AsyncIterator[SinkScene]:
    rng = random.Random(f"{plan.seed}/workload")
    sinks = tuple(sink for sink in SINKS if sink in plan.lanes or (SERVER in plan.lanes and sink == "postgres"))
    sinks = sinks or SINKS
    # The feed's own client would fill the terminal while the broker is down.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    async with AsyncExitStack() as stack:
        nursery = await Nursery.open(folder / "nursery.log", "chaos.sinks.sink_roles")
        stack.push_async_callback(nursery.close)
        server = await asyncio.to_thread(PostgresServer, "max_connections=60")
        stack.callback(server.remove)
        await asyncio.to_thread(server.start)
        broker = await stack.enter_async_context(cluster(folder))
        kafka = KafkaSettings(bootstrap_servers=broker.servers, topic_prefix=PREFIX)
        await ensure_topics(kafka, list(TOPICS.values()))
        url = await asyncio.to_thread(server.create_database)
        targets = SinkTargets(postgres=url, sqlite=folder / "articles.sqlite", parquet=folder / "parquet")
        for sink in SINKS:
            made = configure(sink, str(getattr(targets, sink)), group=sink)
            assert made.kind.prepare is not None
            await made.kind.prepare(made.target, made.options)
        await asyncio.to_thread(audit_postgres, targets.postgres)
        await asyncio.to_thread(audit_sqlite, targets.sqlite)
        journal = Journal(folder / "nemesis.journal", "nemesis")
        stack.callback(journal.close)
        fleet = Fleet(
            nursery=nursery,
            folder=folder,
            environment=_environment(plan, broker, targets),
            journal=journal,
            static=frozenset(sink for sink in SINKS if rng.random() < 0.3),
            replicas={sink: [] for sink in sinks},
        )
        nemesis = Nemesis(
            fleet=fleet,
            cluster=broker,
            journal=journal,
            poison=_no_poison,
            services=sinks,
            further={SERVER: ServerFaults(server=server)},
        )
        feed = ArticleFeed(kafka=kafka, rng=rng)
        yield SinkScene(
            sinks=sinks, broker=broker, kafka=kafka, targets=targets, fleet=fleet, nemesis=nemesis, feed=feed
        )


def _environment(plan: PiecePlan, broker: Cluster, targets: SinkTargets) -> dict[str, str]:
    return {
        "DATELINE_ENV_FILE": "/nonexistent",
        "DATELINE_KAFKA__BOOTSTRAP_SERVERS": broker.proxied,
        "DATELINE_KAFKA__TOPIC_PREFIX": PREFIX,
        "DATELINE_KAFKA__SESSION_TIMEOUT_SECONDS": f"{plan.session_seconds:g}",
        "DATELINE_KAFKA__TRANSACTION_TIMEOUT_SECONDS": f"{plan.transaction_seconds:g}",
        "DATELINE_KAFKA__REQUEST_TIMEOUT_SECONDS": f"{plan.session_seconds:g}",
        "DATELINE_RUNTIME__HEARTBEAT_SECONDS": "60",
        "DATELINE_RUNTIME__STALLED_SECONDS": "6",
        "DATELINE_RUNTIME__LOG_FORMAT": "json",
        "CHAOS_MUTANT": plan.mutant,
        "CHAOS_WINDOW": f"{plan.window_seconds:g}",
        **targets.environment(),
    }


async def _no_poison(fault: Fault) -> None:
    """Do nothing: the feed itself writes records that fail."""


async def _settle(scene: SinkScene) -> list[str]:
    """End all troubles, and wait until each group is at the end; return what is still missing."""
    scene.broker.proxy.end_all()
    await scene.fleet.look()
    for sink in scene.sinks:
        while len(scene.fleet.replicas[sink]) < 2:
            await scene.fleet.start(sink)
    offsets = await OffsetReader.connect(scene.kafka, "settling")
    until = time.monotonic() + SETTLE_SECONDS
    missing = ["nothing was checked"]
    try:
        while missing and time.monotonic() < until:
            await asyncio.sleep(0.3)
            await scene.fleet.look()
            missing = []
            partitions = await offsets.partitions(ARTICLES_ENRICHED.named(PREFIX))
            ends = await offsets.high_watermarks(partitions)
            for sink in scene.sinks:
                committed = await offsets.committed(sink, partitions)
                for partition, end in ends.items():
                    found = committed[partition]
                    if end and (found is None or found.offset < end):
                        stands = "nowhere" if found is None else found.offset
                        missing.append(f"{sink}[{partition.partition}] is at {stands} of {end}")
    finally:
        await offsets.close()
    return missing


def _as_commit(event: Event) -> Event:
    return Event(event.at, "commit", event.who, event.details) if event.kind == "wrote" else event


def _counted(outcome: SinkOutcome) -> dict[str, int]:
    log = [log for (topic, _), log in outcome.seen.logs.items() if topic == "articles.enriched"]
    return {
        "records": sum(len(each.committed) for each in log),
        "aborted": sum(len(each.aborted) for each in log),
        **{sink: len(them) for sink, them in outcome.arrivals.items()},
        "files": len(outcome.files),
        "dead-letters": len(outcome.seen.records("dead-letters")),
        "refused": sum(len(places) for places in outcome.poisons.values()),
        "owners": sum(move.taken for content in outcome.databases.values() for move in content.moves),
    }
