"""Writes what came over HTTP to Kafka: many requests share a transaction, and each is told how that ended."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from aiokafka.errors import KafkaError
from dateline.concurrency.backoff import Backoff
from dateline.concurrency.together import until_first_ends
from dateline.errors import TransientError
from dateline.kafka.connection import described
from dateline.kafka.records import Output
from dateline.kafka.writer import TransactionalWriter
from dateline.settings import KafkaSettings

__all__ = ["Outbox", "OutboxUnavailableError"]

log = structlog.get_logger("dateline.ingest")

BATCH_BYTES = 8 * 1024 * 1024
"""A transaction is closed when it reaches so many bytes; a larger submission has one of its own."""

RETRY_SECONDS = 5.0
"""The longest pause between two attempts to reach Kafka."""


class OutboxUnavailableError(TransientError):
    """Kafka did not take it in time; whether it has it is not known, and sending it again is harmless."""


@dataclass(slots=True, eq=False)
class _Submission:
    outputs: Sequence[Output]
    size: int
    done: "asyncio.Future[None]"


@dataclass(slots=True, kw_only=True)
class Outbox:
    """A queue in front of one transactional producer.

    A submission is in one transaction as a whole. After an error it is written again with a new
    producer until its time is over: at least once, each time with the same keys.
    """

    kafka: KafkaSettings
    name: str
    """The transactional id: no other process may have it."""
    failure: str | None = "Kafka was not reached yet"
    """Why nothing can be written now; None: it can."""
    _waiting: deque[_Submission] = field(default_factory=deque)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def submit(self, outputs: Sequence[Output], seconds: float) -> None:
        """Write `outputs`; return when their transaction is committed.

        Raises:
            OutboxUnavailableError: when Kafka is away, or did not take it within `seconds`.
        """
        if self.failure is not None:
            raise OutboxUnavailableError(self.failure)
        size = sum(output.size for output in outputs)
        submission = _Submission(outputs, size, asyncio.get_running_loop().create_future())
        self._waiting.append(submission)
        self._wake.set()
        try:
            async with asyncio.timeout(seconds):
                await submission.done
        except TimeoutError as error:
            raise OutboxUnavailableError(self.failure or f"Kafka did not take it within {seconds:g} s") from error

    async def run(self, stop: asyncio.Event) -> None:
        """Write until `stop` is set and nothing waits any more.

        Raises:
            StageError: when the brokers refuse for good.
        """
        backoff = Backoff(longest_seconds=RETRY_SECONDS, stop=stop)
        while not (stop.is_set() and (not self._waiting or self.failure)):
            try:
                writer = await TransactionalWriter.open(self.kafka, self.name, self.name)
            except (KafkaError, OSError, TransientError) as error:
                self._complain(error, backoff)
                await backoff.pause()
                continue
            self.failure = None
            try:
                await self._write(writer, stop)
                backoff.reset()
            except TransientError as error:
                self._complain(error, backoff)
                await backoff.pause()
            finally:
                await writer.close()
        self.failure = "the service ends"

    def _complain(self, error: Exception, backoff: Backoff) -> None:
        self.failure = f"Kafka does not answer: {described(error)}"
        backoff.warn(log, "what is pushed has to wait for Kafka", error=described(error))

    async def _write(self, writer: TransactionalWriter, stop: asyncio.Event) -> None:
        while True:
            batch = self._batch()
            if batch:
                try:
                    await writer.commit([output for each in batch for output in each.outputs], "", {})
                except TransientError:
                    self._waiting.extendleft(reversed(batch))
                    raise
                for each in batch:
                    if not each.done.done():
                        each.done.set_result(None)
            elif stop.is_set():
                return
            else:
                self._wake.clear()
                await until_first_ends(self._wake.wait(), stop.wait())

    def _batch(self) -> list[_Submission]:
        """Take what waits, up to the size of a transaction; who gave up is passed over."""
        batch: list[_Submission] = []
        size = 0
        while self._waiting and (not batch or size + self._waiting[0].size <= BATCH_BYTES):
            submission = self._waiting.popleft()
            if not submission.done.done():
                batch.append(submission)
                size += submission.size
        return batch
