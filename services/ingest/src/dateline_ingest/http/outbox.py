"""Writes what arrives over HTTP to Kafka: requests share transactions, and each learns the outcome of its own."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from aiokafka.errors import KafkaError
from dateline.concurrency.backoff import Backoff
from dateline.concurrency.together import until_first_ends
from dateline.errors import TransientError
from dateline.kafka.connection import described
from dateline.kafka.records import Output
from dateline.kafka.writer import TransactionalWriter
from dateline.log import get_logger
from dateline.settings import KafkaSettings

__all__ = ["Outbox", "OutboxUnavailableError"]

log = get_logger("dateline.ingest")

BATCH_BYTES = 8 * 1024 * 1024
"""A transaction contains at most this many bytes; a larger submission gets a transaction of its own."""

RETRY_SECONDS = 5.0
"""Maximum pause between two attempts to reach Kafka."""


class OutboxUnavailableError(TransientError):
    """Kafka did not confirm the write in time. It may have been written; sending it again is harmless."""


@dataclass(slots=True, eq=False)
class _Submission:
    outputs: Sequence[Output]
    size: int
    done: "asyncio.Future[None]"


@dataclass(slots=True, kw_only=True)
class Outbox:
    """A queue in front of one transactional producer.

    A submission is written in one transaction. After an error it is written again with a new producer,
    until its time limit ends. Delivery is at least once, with the same keys each time.
    """

    kafka: KafkaSettings
    name: str
    """The transactional id, which no other process may use."""
    failure: str | None = "Kafka has not answered yet"
    """Why nothing can be written at the moment; None if writing is possible."""
    _waiting: deque[_Submission] = field(default_factory=deque)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def submit(self, outputs: Sequence[Output], seconds: float) -> None:
        """Write `outputs`, and return when their transaction is committed.

        Raises:
            OutboxUnavailableError: Kafka is unavailable, or did not confirm the transaction within `seconds`.
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
            raise OutboxUnavailableError(self.failure or f"Kafka did not confirm it within {seconds:g} s") from error

    async def run(self, stop: asyncio.Event) -> None:
        """Write until `stop` is set and the queue is empty.

        Raises:
            StageError: the brokers reject the writer permanently.
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
        self.failure = "the service is stopping"

    def _complain(self, error: Exception, backoff: Backoff) -> None:
        self.failure = f"Kafka does not answer: {described(error)}"
        backoff.warn(log, "pushed articles wait for Kafka", error=described(error))

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
        """Take submissions for one transaction from the queue; those that have timed out are dropped."""
        batch: list[_Submission] = []
        size = 0
        while self._waiting and (not batch or size + self._waiting[0].size <= BATCH_BYTES):
            submission = self._waiting.popleft()
            if not submission.done.done():
                batch.append(submission)
                size += submission.size
        return batch
