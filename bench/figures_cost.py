"""What counting and measuring costs a pass-through stage: processor time of a record, on a real broker.

In each round the stage passes on the same records. It works with figures and without them in turns of a few
transactions, so that whatever else the machine does hits both alike. Without them it reads no clock and counts nothing.
"""

import argparse
import asyncio
import gc
import itertools
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dateline import Consumer, consumer
from dateline.figures.meter import Meter
from dateline.kafka.records import Output, Record
from dateline.kafka.topics import ensure_topics
from dateline.runtime.batches import Batch, BatchLoop, Commits
from dateline.runtime.group_figures import GroupFigures
from dateline.runtime.processing import Processor
from dateline.runtime.task import Task
from dateline.service.telemetry import configure_logging
from dateline.service.workers import worker_for
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_schemas.topics import ARTICLES_ENRICHED, ARTICLES_PARSED, GROUPS

from bench.kafka import RECORD_BYTES, broker, fill, report

__all__ = ["main"]

SOURCE, TARGET = "bench.in", "bench.out"

TURN_BATCHES = 4
"""Transactions in a turn. The first one is not measured: the commit of the turn before falls into it."""

MEMORY_RECORDS, MEMORY_TURNS = 500, 200
"""Records in a turn without Kafka, and turns with figures and without them."""

SECONDS = 300.0
"""A round that takes this long has failed."""

NUMBERS = itertools.count()
"""Numbers the rounds; each needs a new group, since one that has read everything would wait forever."""


class NoFigures(GroupFigures):
    """Neither counts nor measures."""

    def worked(self, seconds: float, traceparent: str | None) -> None:
        """Do nothing."""

    def committed(self, seconds: float, outputs: Sequence[Output]) -> None:
        """Do nothing."""


class BareProcessor(Processor):
    """Calls the function without reading a clock."""

    async def _call(self, arguments: tuple[Any, ...], span: Any) -> Any:
        return await self.consumer.function(*arguments)


@dataclass(slots=True, kw_only=True)
class TurningLoop(BatchLoop):
    """The loop of a stage that works with figures and without them in turns, and takes the processor time of both.

    Attributes:
        records: the number of records after which it is done.
        turns: the processors of the turns, which follow one another.
        spent: the processor seconds of a record in each transaction of each of them, but the first ones of turns.
        done: set in the end.
    """

    records: int
    turns: Sequence[Processor]
    spent: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))
    done: asyncio.Event = field(default_factory=asyncio.Event)
    _batches: int = 0
    _began: float = 0.0
    _worked: int = 0

    async def _work(self, task: Task, records: Sequence[Record], released: asyncio.Event, commits: Commits) -> Batch:
        self._add(time.process_time())
        turn = self._batches // TURN_BATCHES % 2
        self.processor = self.turns[turn]
        task.figures = commits._figures = self.processor.figures
        batch = await BatchLoop._work(self, task, records, released, commits)
        self._batches += 1
        self._worked = batch.records
        self.records -= batch.records
        if self.records <= 0:
            self.done.set()
        return batch

    def _add(self, now: float) -> None:
        """Add what was spent since the last batch began."""
        last = self._batches - 1
        if last > 0 and last % TURN_BATCHES:
            self.spent[last // TURN_BATCHES % 2].append((now - self._began) / self._worked)
        self._began = now


def stage(group: str) -> Consumer:
    """Return a stage that passes records on."""

    @consumer(
        topic=replace(ARTICLES_PARSED, name=SOURCE, partitions=1),
        group=group,
        output=replace(ARTICLES_ENRICHED, name=TARGET, partitions=1),
    )
    async def unchanged(value: bytes) -> bytes:
        return value

    return unchanged


async def one_round(address: str, records: int, number: int) -> tuple[float, float]:
    """Return the processor seconds of a record with figures and without them.

    Each is the lower quartile of its transactions, since whatever else the machine does only adds time.
    """
    kafka, runtime = KafkaSettings(bootstrap_servers=address, topic_prefix=""), RuntimeSettings()
    group, stop = f"bench-{next(NUMBERS)}", asyncio.Event()
    worker = worker_for(stage(group), kafka, runtime, client_id=group)
    assert isinstance(worker.job, BatchLoop)
    usual = worker.job.processor
    bare = BareProcessor(consumer=usual.consumer, runtime=runtime, prefix="", source=usual.source)
    bare.figures = NoFigures.of(Meter(), group)
    # Every other round begins without figures.
    turns = (usual, bare) if number % 2 else (bare, usual)
    loop = TurningLoop(processor=usual, runtime=runtime, records=records, turns=turns)
    worker.job = loop
    gc.collect()
    running = asyncio.ensure_future(worker.run(stop))
    try:
        async with asyncio.timeout(SECONDS):
            await loop.done.wait()
    finally:
        stop.set()
        await running
    spent = {each is bare: statistics.quantiles(found)[0] for each, found in zip(turns, loop.spent, strict=True)}
    return spent[False], spent[True]


async def in_memory() -> None:
    """Print the processor time of a record without Kafka: the difference is what the figures cost, apart from noise.

    Each is the twentieth part of the turns that was the quickest, since whatever else the machine does only adds time.
    """
    one, runtime = stage("bench"), RuntimeSettings()
    usual = Processor(consumer=one, runtime=runtime, prefix="")
    bare = BareProcessor(consumer=one, runtime=runtime, prefix="")
    bare.figures = NoFigures.of(Meter(), "bench")
    records = [Record(SOURCE, 0, offset, 0, b"k", b"x" * RECORD_BYTES) for offset in range(MEMORY_RECORDS)]
    spent: tuple[list[float], list[float]] = ([], [])
    for turn in range(2 * MEMORY_TURNS):
        # In pairs whose order alternates.
        is_bare = turn % 4 in (1, 2)
        processor, outputs = bare if is_bare else usual, list[Output]()
        began = time.process_time()
        for record in records:
            outputs += (await processor.process(record)).outputs
        processor.figures.committed(0.01, outputs)
        spent[is_bare].append((time.process_time() - began) / MEMORY_RECORDS)
    with_them, without = (statistics.quantiles(each, n=20)[0] * 1e6 for each in spent)
    report(
        "figures_in_memory",
        with_microseconds=with_them,
        without_microseconds=without,
        difference_microseconds=with_them - without,
    )


async def main(records: int, rounds: int) -> None:
    """Print the processor time of a record with and without figures, and the difference."""
    await in_memory()
    with broker() as running:
        address = running.bootstrap_servers
        await ensure_topics(
            KafkaSettings(bootstrap_servers=address, topic_prefix=""), [*stage("bench").topics(), GROUPS]
        )
        await fill(address, SOURCE, records)
        await one_round(address, records, 0)
        found = [await one_round(address, records, number) for number in range(rounds)]
    percents = sorted((figures / bare - 1) * 100 for figures, bare in found)
    # With ten rounds, the median lies between the second-lowest and the second-highest in 98 of 100 cases.
    inner = percents[1:-1] or percents
    report(
        "figures_cost",
        with_microseconds=statistics.median(figures for figures, _ in found) * 1e6,
        without_microseconds=statistics.median(bare for _, bare in found) * 1e6,
        median_percent=statistics.median(percents),
        interval_percent=[round(inner[0], 3), round(inner[-1], 3)],
        rounds=rounds,
        records=records,
        record_bytes=RECORD_BYTES,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=40_000, help="records in a round")
    parser.add_argument("--rounds", type=int, default=10)
    given = parser.parse_args()
    configure_logging(RuntimeSettings(log_level="warning"), "bench")
    asyncio.run(main(given.records, given.rounds))
