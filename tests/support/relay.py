"""A stage for tests: forwards numbered items, each with the count of its key from the state."""

import asyncio
import os
import sys
import time
from datetime import timedelta
from pathlib import Path

from dateline.consumer import Consumer, Context, consumer
from dateline.errors import PermanentError, TransientError
from dateline.kafka.topics import ensure_topics
from dateline.service.process import prepare, run_service
from dateline.service.workers import run_consumer
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_schemas import TOPICS, Contract, Topic

__all__ = ["ITEMS", "RELAYED", "TALLY", "Item", "Relayed", "Tally", "needed_topics", "relay"]

PARTITIONS = 4
"""The number of partitions of every topic here."""


class Item(Contract):
    """An input record: the `number`th of its `key`, counted from 1."""

    id: str
    key: str
    number: int
    order: str = ""


class Relayed(Contract):
    """An output record; `revision`, from the state, equals `number` unless a record was lost or duplicated."""

    id: str
    key: str
    number: int
    revision: int
    worker: int


class Tally(Contract):
    """The number of items relayed for a key."""

    count: int


def a_topic(name: str, model: type[Contract], *, compact: bool = False) -> Topic:
    return Topic(
        name=name,
        partitions=PARTITIONS,
        cleanup="compact" if compact else "delete",
        retention=None if compact else timedelta(days=1),
        max_message_bytes=64 * 1024,
        key="item key",
        model=model,
        event=f"test.{name}",
        version=1,
        producers=("test",),
        consumers=("test",),
        description="For tests.",
    )


ITEMS = a_topic("items", Item)
RELAYED = a_topic("relayed", Relayed)
TALLY = a_topic("tally", Tally, compact=True)


def needed_topics() -> list[Topic]:
    return [ITEMS, RELAYED, TALLY, *(TOPICS[name] for name in ("groups", "dead-letters", "heartbeats"))]


def relay(group: str = "relay", delay_seconds: float = 0.0, trace: Path | None = None) -> Consumer:
    """Return the stage; it obeys the `order` of each item, and writes a line for each to `trace`."""
    failures: set[str] = set()

    @consumer(topic=ITEMS, group=group, output=RELAYED, state=TALLY)
    def relay_item(item: Item, context: Context) -> Relayed | None:
        assert context.state is not None
        if trace is not None:
            with trace.open("a") as lines:
                lines.write(f"{item.id}\n")
        tally = context.state.get(context.key)
        revision = (tally.count if tally else 0) + 1
        context.state.put(context.key, Tally(count=revision))
        obey(item.order, item.id, failures)
        if delay_seconds:
            time.sleep(delay_seconds)
        padding = {"padding": "x" * 70_000} if item.order == "oversize" else {}
        return Relayed(id=item.id, key=item.key, number=item.number, revision=revision, worker=os.getpid(), **padding)

    return relay_item


def obey(order: str, identity: str, failures: set[str]) -> None:
    if order == "fail":
        raise ValueError("told to fail")
    if order == "refuse":
        raise PermanentError("told to refuse")
    if order == "fail once" and identity not in failures:
        failures.add(identity)
        raise TransientError("told to fail once")
    if order.startswith("work "):
        until = time.monotonic() + float(order.removeprefix("work "))
        while time.monotonic() < until:
            sum(range(1000))


async def main(stop: asyncio.Event) -> None:
    kafka, runtime = prepare("relay", KafkaSettings, RuntimeSettings)
    group, delay = os.environ["RELAY_GROUP"], float(os.environ.get("RELAY_DELAY", "0"))
    await ensure_topics(kafka, needed_topics())
    trace = Path(os.environ["RELAY_TRACE"])
    await run_consumer(relay(group, delay, trace), kafka, runtime, stop)


if __name__ == "__main__":
    sys.exit(run_service(main))
