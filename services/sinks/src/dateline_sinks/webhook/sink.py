"""The sink of one partition, which sends the records of a batch and retries them in order."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from dateline.concurrency.backoff import pause_seconds
from dateline.concurrency.deadline import sleep_unless
from dateline.errors import BatchError, PermanentError, StageError, TargetEndedError, TransientError
from dateline.kafka.records import Record
from dateline.sink.batch import SinkBatch
from dateline.sink.place import SinkPlace
from dateline_web.client import WebClient
from dateline_web.errors import FetchError

from dateline_sinks.webhook.answer import DeliveryFailure, failure_of
from dateline_sinks.webhook.circuit import WebhookCircuit
from dateline_sinks.webhook.message import WebhookMessage, message_of
from dateline_sinks.webhook.receiver import Receiver

__all__ = ["WebhookSink"]

LONGEST_WAIT_SECONDS = 10.0
"""A longer pause opens the circuit, so that a write ends and says why nothing moves."""

ANSWER_BYTES = 2048
"""At most this much of an answer is read."""


@dataclass(slots=True, kw_only=True)
class WebhookSink:
    """Sends the records of one partition; Kafka keeps the position.

    A batch is delivered as a whole before `write` returns. What fails is tried again a few times, then the circuit
    opens and `write` raises. The next sink of the process tries the same records again, less those that were
    delivered.
    """

    receiver: Receiver
    circuit_of: Callable[[SinkPlace], WebhookCircuit]
    clock: Callable[[], float] = time.time
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _client: WebClient | None = None
    _place: SinkPlace | None = None
    _circuit: WebhookCircuit | None = None

    async def open(self, place: SinkPlace) -> None:
        """Read the secrets and prepare the connections.

        Raises:
            StageError: the address, a secret or a header is invalid.
            TransientError: the circuit is open and the next attempt is not due.
        """
        circuit = self.circuit_of(place)
        circuit.check()
        self.receiver.read()
        self._client = await self._stack.enter_async_context(WebClient.open(self.receiver.client_options()))
        self._place, self._circuit = place, circuit

    async def write(self, batch: SinkBatch) -> None:
        """Deliver all records of the batch, those with the same key in their order.

        Raises:
            BatchError: the receiver refuses these records; all others are delivered.
            TransientError: the circuit is open.
            TargetEndedError: the receiver wants no more records.
        """
        assert self._circuit is not None
        left = [(i, each.record) for i, each in enumerate(batch.records) if not self._circuit.has(each.record)]
        refused: dict[int, Exception] = {}
        if left and self._circuit.failures:
            # The circuit was open: one request finds out whether the others would succeed.
            refused = await self._send_all(left[:1], attempts=1)
            left = left[1:]
        refused |= await self._send_all(left, attempts=self.receiver.options.attempts)
        if refused:
            raise BatchError(refused)
        self._circuit.moved()

    async def close(self) -> None:
        """Close the connections."""
        await self._stack.aclose()

    async def _send_all(self, records: list[tuple[int, Record]], attempts: int) -> dict[int, Exception]:
        """Deliver records, and return why those that the receiver refuses are refused; all others are delivered."""
        lines: dict[bytes | None, list[tuple[int, Record]]] = {}
        for index, record in records:
            lines.setdefault(record.key, []).append((index, record))
        waiting, halt = deque(lines.values()), asyncio.Event()
        refused: dict[int, Exception] = {}
        ended: list[TransientError | TargetEndedError] = []

        async def send_lines() -> None:
            while waiting and not halt.is_set():
                for index, record in waiting.popleft():
                    try:
                        if not await self._deliver(record, attempts, halt):
                            return
                    except PermanentError as error:
                        refused[index] = error
                    except (TransientError, TargetEndedError) as error:
                        ended.append(error)
                        halt.set()
                        return

        async with asyncio.TaskGroup() as group:
            for _ in range(min(self.receiver.options.concurrency, len(lines))):
                group.create_task(send_lines())
        if ended:
            raise next((each for each in ended if isinstance(each, StageError)), ended[0])
        return refused

    async def _deliver(self, record: Record, attempts: int, halt: asyncio.Event) -> bool:
        """Send a record until it is delivered, and return whether it was; false if `halt` was set."""
        assert self._place is not None and self._circuit is not None  # noqa: PT018
        options = self.receiver.options
        message = message_of(record, self._place.cluster_id, options.mode)
        for failed in range(attempts):
            if halt.is_set():
                return False
            failure = await self._attempt(message)
            if failure is None:
                self._circuit.delivered(record)
                return True
            pause = pause_seconds(
                failed, initial_seconds=options.first_pause_seconds, longest_seconds=options.longest_pause_seconds
            )
            pause = max(pause, failure.retry_after_seconds or 0.0)
            if failure.settled or failed + 1 == attempts or pause > LONGEST_WAIT_SECONDS:
                reason = f"{self.receiver.shown} does not take {record.position}: {failure.reason}"
                raise self._circuit.opened(reason, failure.retry_after_seconds)
            await sleep_unless(halt, pause)
        raise AssertionError("unreachable")

    async def _attempt(self, message: WebhookMessage) -> DeliveryFailure | None:
        assert self._client is not None
        headers = message.headers | self.receiver.headers(message.id, message.body, int(self.clock()))
        try:
            answer = await self._client.request(
                "POST",
                self.receiver.address,
                headers=headers,
                data=message.body,
                max_bytes=ANSWER_BYTES,
                follow=False,
            )
        except FetchError as error:
            # A refused address or an invalid certificate is no matter of time.
            return DeliveryFailure(reason=str(error), settled=error.cut is None)
        return failure_of(answer)
