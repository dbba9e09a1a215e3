"""The lab of the runtime's tests: topics, workers to disturb, and a verifier of the outputs."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.client import AIOKafkaClient, ConnectionGroup, CoordinationType
from aiokafka.protocol.admin import DeleteGroupsRequest
from aiokafka.structs import ConsumerRecord
from dateline.kafka.connection import client_options, start_patiently
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.topics import ensure_topics
from dateline.runtime.worker import Worker
from dateline.service.workers import worker_for
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_schemas import DeadLetter
from support.relay import ITEMS, PARTITIONS, RELAYED, Item, Relayed, needed_topics, relay

__all__ = ["Lab", "RunningWorker", "WorkerProcess", "eventually", "verify"]


async def eventually(what: str, condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until `condition` returns, or its awaitable yields, a true value; fail with `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if await answer if isinstance(answer, Awaitable) else answer:
            return
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        await asyncio.sleep(0.05)


def verify(outputs: Sequence[Relayed], items: Sequence[Item]) -> None:
    """Assert that each item came out once and in order within its key, and that the state counted each once."""
    counts = Counter(each.id for each in outputs)
    wanted = {item.id for item in items}
    lost = wanted - counts.keys()
    doubled = {each: n for each, n in counts.items() if n > 1}
    assert not lost, f"{len(lost)} lost, for example {sorted(lost)[:5]}"
    assert not doubled, f"{len(doubled)} duplicated, for example {sorted(doubled.items())[:5]}"
    assert counts.keys() == wanted
    by_key: dict[str, list[Relayed]] = defaultdict(list)
    for each in outputs:
        by_key[each.key].append(each)
    for key, them in by_key.items():
        numbers = [each.number for each in them]
        assert numbers == sorted(numbers), f"{key} is out of order: {numbers}"
        revisions = [each.revision for each in them]
        assert revisions == list(range(1, len(them) + 1)), f"the state of {key} is wrong: {revisions}"


@dataclass
class RunningWorker:
    """A worker in this process."""

    worker: Worker
    stop: asyncio.Event
    running: "asyncio.Task[None]"

    async def end(self) -> None:
        """Stop the worker, and raise the error that it failed with, if any."""
        self.stop.set()
        await self.running

    async def opened(self) -> None:
        """Wait until a partition is open."""
        await eventually("a partition is open", lambda: self.held)

    @property
    def held(self) -> set[int]:
        """The numbers of the open partitions."""
        return {p.partition for p, each in self.worker.progress.items() if each.offset is not None}


@dataclass
class WorkerProcess:
    """A worker in a separate process."""

    process: "subprocess.Popen[bytes]"
    log: Path
    trace: Path

    def worked_on(self) -> int:
        """Return the number of items it has started to process, committed or not."""
        return self.trace.read_text().count("\n") if self.trace.exists() else 0

    async def works_on(self, count: int) -> None:
        """Wait until it has started to process `count` items."""
        await eventually(f"{count} items begun", lambda: self.worked_on() >= count)

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    async def ended(self, seconds: float = 20.0) -> int:
        """Wait for the process to end, and return its exit code."""
        return await asyncio.to_thread(self.process.wait, seconds)


@dataclass
class Lab:
    """Topics with a prefix of their own, and one group `relay`."""

    servers: str
    prefix: str
    folder: Path
    session_seconds: float = 3.0
    runtime: RuntimeSettings = field(
        default_factory=lambda: RuntimeSettings(
            retry_initial_seconds=0.05, retry_max_seconds=0.5, heartbeat_seconds=600
        )
    )
    items: list[Item] = field(default_factory=list)
    processes: list[WorkerProcess] = field(default_factory=list)
    numbers: Counter[str] = field(default_factory=Counter)

    @property
    def kafka(self) -> KafkaSettings:
        return KafkaSettings(
            bootstrap_servers=self.servers,
            topic_prefix=self.prefix,
            session_timeout_seconds=self.session_seconds,
            transaction_timeout_seconds=min(2.0, self.session_seconds * 2 / 3),
            request_timeout_seconds=5.0,
        )

    def with_session(self, seconds: float) -> "Lab":
        """Return the same lab with another session time-out."""
        return replace(self, session_seconds=seconds)

    @property
    def group(self) -> str:
        return f"{self.prefix}relay"

    def partitions(self, topic: str = ITEMS.name) -> list[TopicPartition]:
        return [TopicPartition(self.prefix + topic, number) for number in range(PARTITIONS)]

    async def create_topics(self) -> None:
        await ensure_topics(self.kafka, needed_topics())

    async def publish(
        self, count: int, *, keys: int = 20, order: str = "", partition: int | None = None, batch: int = 500
    ) -> list[Item]:
        """Publish `count` items with `keys` different keys, and remember them."""
        made = []
        for n in range(count):
            key = f"key-{n % keys}"
            self.numbers[key] += 1
            made.append(Item(id=f"{key}/{self.numbers[key]}", key=key, number=self.numbers[key], order=order))
        await self.publish_raw(
            [(item.key.encode(), item.to_bytes(), ()) for item in made], partition=partition, batch=batch
        )
        self.items += made
        return made

    async def publish_raw(
        self,
        records: Sequence[tuple[bytes | None, bytes | None, Sequence[tuple[str, bytes]]]],
        *,
        topic: str = ITEMS.name,
        partition: int | None = None,
        batch: int = 500,
    ) -> None:
        async with self.producer() as producer:
            for begin in range(0, len(records), batch):
                sends = [
                    await producer.send(self.prefix + topic, value, key=key, headers=list(headers), partition=partition)
                    for key, value, headers in records[begin : begin + batch]
                ]
                await asyncio.gather(*sends)

    @contextlib.asynccontextmanager
    async def producer(self) -> AsyncIterator[AIOKafkaProducer]:
        options = client_options(self.kafka, "test-producer")
        producer = await start_patiently(
            lambda: AIOKafkaProducer(**options, enable_idempotence=True, acks="all"), "test", self.kafka
        )
        try:
            yield producer
        finally:
            await producer.stop()

    async def read(self, topic: str, *, isolation: str = "read_committed") -> list[ConsumerRecord[Any, Any]]:
        """Read every record of `topic` with a plain consumer, so that the runtime does not check itself."""
        options = client_options(self.kafka, "test-verifier")
        consumer = await start_patiently(
            lambda: AIOKafkaConsumer(**options, isolation_level=isolation, auto_offset_reset="earliest"),
            "test",
            self.kafka,
        )
        try:
            partitions = [p for p in self.partitions(topic) if topic != "dead-letters" or p.partition == 0]
            consumer.assign(partitions)
            await consumer.seek_to_beginning()
            ends = await consumer.end_offsets(partitions)
            found: list[ConsumerRecord[Any, Any]] = []
            while any([await consumer.position(p) < ends[p] for p in partitions]):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found += records
            return found
        finally:
            await consumer.stop()

    async def relayed(self) -> list[Relayed]:
        return [Relayed.from_bytes(record.value or b"") for record in await self.read(RELAYED.name)]

    async def relayed_count(self) -> int:
        return len(await self.relayed())

    async def wait_relayed(self, count: int | None = None, seconds: float = 40.0) -> None:
        """Wait until `count` records came out, or as many as went in."""
        wanted = len(self.items) if count is None else count

        async def there() -> bool:
            return await self.relayed_count() >= wanted

        await eventually(f"{wanted} records in {self.prefix}relayed", there, seconds)

    async def verify(self) -> None:
        """Wait for all items, and assert that each came out exactly once and in order."""
        await self.wait_relayed()
        verify(await self.relayed(), self.items)

    async def committed(self) -> dict[int, int | None]:
        """Return the group's committed offset of each partition."""
        reader = await OffsetReader.connect(self.kafka, "test-offsets")
        try:
            found = await reader.committed(self.group, self.partitions())
            return {p.partition: None if each is None else each.offset for p, each in found.items()}
        finally:
            await reader.close()

    async def delete_group(self) -> None:
        """Delete the group and its offsets, as the broker does after a long absence."""
        client: Any = AIOKafkaClient(**client_options(self.kafka, "test-groups"))
        await client.bootstrap()
        try:
            node = await client.coordinator_lookup(CoordinationType.GROUP, self.group)
            response = await client.send(node, DeleteGroupsRequest([self.group]), group=ConnectionGroup.COORDINATION)
            assert response.results[0][1] == 0
        finally:
            await client.close()

    async def delete_records(self, before: dict[int, int]) -> None:
        """Delete the first records of partitions, as retention does."""
        admin = AIOKafkaAdminClient(**client_options(self.kafka, "test-admin"))
        await admin.start()
        try:
            partitions = self.partitions()
            await admin.delete_records({partitions[n]: RecordsToDelete(before_offset=o) for n, o in before.items()})
        finally:
            await admin.close()

    async def letters(self) -> list[tuple[DeadLetter, bytes | None]]:
        """Return the dead letters with the original values."""
        records = await self.read("dead-letters")
        return [(DeadLetter.from_headers(record.headers), record.value) for record in records]

    def worker(self, name: str, *, delay_seconds: float = 0.0, **changes: Any) -> RunningWorker:
        """Start a worker in this process; `changes` are runtime settings."""
        runtime = self.runtime.model_copy(update=changes)
        worker = worker_for(relay(self.group, delay_seconds), self.kafka, runtime, client_id=f"{self.prefix}{name}")
        stop = asyncio.Event()
        return RunningWorker(worker, stop, asyncio.ensure_future(worker.run(stop)))

    @contextlib.asynccontextmanager
    async def working(
        self, *names: str, delay_seconds: float = 0.0, **changes: Any
    ) -> AsyncIterator[list[RunningWorker]]:
        """Run workers until the block ends."""
        workers = [self.worker(name, delay_seconds=delay_seconds, **changes) for name in names]
        try:
            yield workers
            for each in workers:
                await each.end()
        finally:
            for each in workers:
                each.stop.set()
            await asyncio.wait([each.running for each in workers], timeout=20)
            for each in workers:
                each.running.cancel()

    def process(
        self, environment: Mapping[str, str] = MappingProxyType({}), *, delay_seconds: float = 0.0
    ) -> WorkerProcess:
        """Start a worker in a separate process; `environment` holds settings, without the prefix `DATELINE_`."""
        kafka = self.kafka
        log = self.folder / f"worker-{len(self.processes)}.log"
        trace = log.with_suffix(".trace")
        settings = {
            "DATELINE_KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
            "DATELINE_KAFKA__TOPIC_PREFIX": kafka.topic_prefix,
            "DATELINE_KAFKA__SESSION_TIMEOUT_SECONDS": f"{kafka.session_timeout_seconds:g}",
            "DATELINE_KAFKA__TRANSACTION_TIMEOUT_SECONDS": f"{kafka.transaction_timeout_seconds:g}",
            "DATELINE_KAFKA__REQUEST_TIMEOUT_SECONDS": f"{kafka.request_timeout_seconds:g}",
            "DATELINE_RUNTIME__RETRY_INITIAL_SECONDS": f"{self.runtime.retry_initial_seconds:g}",
            "DATELINE_ENV_FILE": str(self.folder / "none.env"),
            "RELAY_GROUP": self.group,
            "RELAY_TRACE": str(trace),
            "RELAY_DELAY": f"{delay_seconds:g}",
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]),
        }
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "support.relay"],
                env={**os.environ, **settings, **{f"DATELINE_{name}": value for name, value in environment.items()}},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.processes.append(WorkerProcess(process, log, trace))
        return self.processes[-1]

    def close(self) -> None:
        for each in self.processes:
            if each.process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    each.send(signal.SIGCONT)
                each.kill()


@contextlib.contextmanager
def a_lab(servers: str, name: str, folder: Path, **settings: Any) -> Iterator[Lab]:
    """Yield a lab, and end its processes."""
    lab = Lab(servers, f"{name}.", folder, **settings)
    try:
        yield lab
    finally:
        lab.close()
