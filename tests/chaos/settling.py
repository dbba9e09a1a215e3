"""The end of a piece: all troubles end, and everything that is on its way has to arrive."""

import asyncio
import time

from chaos.accounting.queue_watch import QueueWatch
from chaos.broker.cluster import Cluster
from chaos.replicas.fleet import SERVICES, Fleet
from chaos.traffic.workload import GROUPS, PREFIX, Workload
from dateline.kafka.offsets import OffsetReader

__all__ = ["settle"]

SETTLE_SECONDS = 180.0
"""Everything has to be processed within this many seconds after the last fault."""


async def settle(
    broker: Cluster, fleet: Fleet, workload: Workload, work: list["asyncio.Task[None]"]
) -> tuple[list[str], dict[str, float]]:
    """End all troubles, and wait until everything is processed.

    Returns:
        what is still missing in the end, and until when what was missing, in seconds.
    """
    broker.proxy.end_all()
    await fleet.look()
    for service in SERVICES:
        while len(fleet.replicas[service]) < 2:
            await fleet.start(service)
    offsets = await OffsetReader.connect(workload.kafka, "settling")
    queues = await QueueWatch.open(workload.kafka)
    until = time.monotonic() + SETTLE_SECONDS
    missing = ["nothing was checked"]
    quiet, since, last = 0, time.monotonic(), dict[str, float]()
    try:
        # Twice in a row: an article may move from one queue to another while they are looked at.
        while quiet < 2 and time.monotonic() < until:
            await asyncio.sleep(0.3)
            await fleet.look()
            missing = [f"the pusher or the site failed: {t.exception()!r}" for t in work if t.done() and t.exception()]
            if any(not task.done() for task in work):
                missing.append("files")
            missing += ["feeds" for book in workload.site.books.values() if not book.finished]
            missing += [f"queues is at {each}" for each in await queues.waiting()]
            missing += await _lagging(offsets)
            quiet = 0 if missing else quiet + 1
            last |= {each.partition(" is at ")[0]: round(time.monotonic() - since) for each in missing}
    finally:
        for task in work:
            task.cancel()
        await offsets.close()
        await queues.close()
    return missing, last


async def _lagging(offsets: OffsetReader) -> list[str]:
    missing = []
    for group, topic in GROUPS.items():
        partitions = await offsets.partitions(PREFIX + topic)
        committed, ends = await offsets.committed(group, partitions), await offsets.high_watermarks(partitions)
        for partition, end in ends.items():
            found = committed[partition]
            if end and (found is None or found.offset < end):
                stands = "nowhere" if found is None else found.offset
                missing.append(f"{group} is at {stands} of {end} in {topic}[{partition.partition}]")
    return missing
