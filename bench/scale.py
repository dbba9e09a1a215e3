"""Measures the cost of replicas, partitions, state and long topics.

    python -m bench.scale throughput [--partitions N...] [--replicas N...] [--work-ms MS] [--batch-records N]
    python -m bench.scale partitions [--partitions N...]
    python -m bench.scale restore [--entries N] [--batch ENTRIES_IN_A_TRANSACTION]
    python -m bench.scale growth [--records N] [--entries N]

The enrich stage runs in separate processes. Processor time does not depend on the machine's load; articles per second
are those of a machine that also runs the broker and this program.
"""

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import time
from dataclasses import replace

import psutil
from aiokafka import TopicPartition
from dateline.kafka.offsets import OffsetReader
from dateline.runtime.task import Task
from dateline.service.process import run_service
from dateline.service.telemetry import configure_logging
from dateline.service.workers import worker_for
from dateline.settings import RuntimeSettings
from dateline_broker import RunningBroker

from bench.kafka import broker, report
from bench.scale_growth import growth, on_disk
from bench.scale_stage import (
    Busy,
    alone,
    fill,
    fill_state,
    kafka_settings,
    make,
    per_article,
    replicas,
    run_alone,
    run_replica,
    stage,
    until_done,
    until_open,
)

IDLE_SECONDS = 10.0
"""A replica without work is observed for this many seconds."""


async def throughput(broker: RunningBroker, partitions: int, count: int, given: argparse.Namespace) -> None:
    """Print the articles per second of `count` replicas and of the enricher alone, and where the difference goes."""
    address, name, work = broker.bootstrap_servers, f"scale-{partitions}-{count}", given.work_ms / 1000
    one = stage(name, partitions, Busy(work))
    await make(address, one)
    await fill(address, one, given.records, given.size)
    rate_before, cpu_alone = await asyncio.to_thread(alone, count, work, given.size)
    java = psutil.Process(broker.pid)
    async with replicas(address, name, partitions, work, count, given.batch_records) as running:
        await until_done(running, given.records // 4)
        began, before = time.perf_counter(), [(each.articles, each.cpu_seconds) for each in running]
        java_before = sum(java.cpu_times()[:2])
        await until_done(running, given.records * 9 // 10)
        seconds = time.perf_counter() - began
        cpu = per_article(running, before)
        articles = sum(each.articles for each in running) - sum(done for done, _ in before)
        java_cpu = (sum(java.cpu_times()[:2]) - java_before) / articles
        memory = max(each.process.memory_info().rss for each in running) / 1e6
    rate_after, _ = await asyncio.to_thread(alone, count, work, given.size)
    rate, rate_alone = articles / seconds, (rate_before + rate_after) / 2
    report(
        "scale_throughput",
        partitions=partitions,
        replicas=count,
        work_ms=given.work_ms,
        batch_records=given.batch_records,
        articles_per_second=rate,
        alone_per_second=rate_alone,
        share_of_alone=rate / rate_alone,
        cpu_ms_per_article=cpu * 1000,
        cpu_ms_alone=cpu_alone * 1000,
        plumbing_ms=(cpu - cpu_alone) * 1000,
        plumbing_share=(cpu - cpu_alone) / cpu_alone,
        broker_cpu_ms_per_article=java_cpu * 1000,
        memory_mb=memory,
    )


async def partitions_cost(address: str, partitions: int, given: argparse.Namespace) -> None:
    """Print what one replica with this many partitions takes while it waits, after it has processed each of them."""
    name = f"partitions-{partitions}"
    one = stage(name, partitions, Busy(0))
    await make(address, one)
    await fill(address, one, 100 * partitions, given.size)
    began = time.perf_counter()
    async with replicas(address, name, partitions, 0, 1) as (replica,):
        await until_open(replica, partitions)
        opened = time.perf_counter() - began
        await until_done([replica], 100 * partitions)
        await asyncio.sleep(IDLE_SECONDS)
        cpu = replica.cpu_seconds
        await asyncio.sleep(IDLE_SECONDS)
        memory = replica.process.memory_full_info()
        report(
            "scale_partitions",
            partitions=partitions,
            seconds_to_open=opened,
            memory_mb=memory.uss / 1e6,
            resident_mb=memory.rss / 1e6,
            connections=len(replica.process.net_connections()),
            descriptors=replica.process.num_fds(),
            producers=partitions,
            idle_core_share=(replica.cpu_seconds - cpu) / IDLE_SECONDS,
        )


async def restore(broker: RunningBroker, given: argparse.Namespace) -> None:
    """Print the time to open a task with a changelog of this many entries, and the memory that they take."""
    address, name = broker.bootstrap_servers, f"restore-{given.batch}-{given.entries}"
    one = stage(name, 1, Busy(0))
    assert one.state is not None
    await make(address, one)
    await fill_state(address, one.state, given.entries, given.batch)
    command = [sys.executable, "-m", "bench.scale", "restorer", address, name]
    said = await asyncio.to_thread(subprocess.run, command, stdout=subprocess.PIPE, check=True)
    size = on_disk(broker.data_dir, one.state.name) / 1e6
    report("scale_restore", entries=given.entries, batch=given.batch, changelog_mb=size, **json.loads(said.stdout))


async def restorer(address: str, name: str) -> None:
    """Open a task, and print the time and memory it took."""
    kafka = kafka_settings(address)
    worker = worker_for(stage(name, 1, Busy(0)), kafka, RuntimeSettings(), client_id="bench-restore")
    offsets = await OffsetReader.connect(kafka, "bench")
    partition = TopicPartition(worker.plan.topic, 0)
    without = replace(worker.plan, changelog=None)
    empty = Task(plan=without, partition=partition, kafka=kafka, offsets=offsets, client_id="bench")
    await empty.open()
    await empty.close()
    task = Task(plan=worker.plan, partition=partition, kafka=kafka, offsets=offsets, client_id="bench")
    before, began, spent = psutil.Process().memory_info().rss, time.perf_counter(), time.process_time()
    await task.open()
    taken = {
        "found": len(task.state or ()),
        "seconds": round(time.perf_counter() - began, 3),
        "cpu_seconds": round(time.process_time() - spent, 3),
        "memory_mb": round((psutil.Process().memory_info().rss - before) / 1e6, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6, 1),
    }
    print(json.dumps(taken))
    await task.close()
    await offsets.close()


async def main(given: argparse.Namespace, running: RunningBroker) -> None:
    address = running.bootstrap_servers
    if given.what == "throughput":
        for partitions in given.partitions:
            for count in given.replicas:
                if count <= partitions:
                    await throughput(running, partitions, count, given)
    elif given.what == "partitions":
        for partitions in given.partitions:
            await partitions_cost(address, partitions, given)
    elif given.what == "restore":
        await restore(running, given)
    else:
        await growth(running, given.records, given.entries, given.size)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["throughput", "partitions", "restore", "growth"])
    parser.add_argument("--partitions", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--replicas", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--records", type=int, default=8000)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--work-ms", type=float, default=4.0, help="processor time for an article")
    parser.add_argument("--batch-records", type=int, default=500, help="at most this many articles in a transaction")
    parser.add_argument("--size", type=int, default=3400, help="characters of an article")
    return parser.parse_args()


if __name__ == "__main__":
    configure_logging(RuntimeSettings(log_level="warning"), "bench")
    verb, rest = sys.argv[1:2], sys.argv[2:]
    if verb == ["replica"]:
        address, name, partitions, work, most = rest
        sys.exit(run_service(lambda stop: run_replica(address, name, int(partitions), float(work), int(most), stop)))
    elif verb == ["alone"]:
        run_alone(float(rest[0]), float(rest[1]), int(rest[2]))
    elif verb == ["restorer"]:
        asyncio.run(restorer(*rest))
    else:
        options = arguments()
        with broker() as running:
            asyncio.run(main(options, running))
