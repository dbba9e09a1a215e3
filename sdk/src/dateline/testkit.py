"""Tests a consumer without a broker: feed it records, then check outputs, dead letters, state and offsets.

kit = ConsumerKit(headlines)
await kit.feed(article)
assert kit.values() == [...]
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dateline_schemas import DEFAULT_PREFIX, DeadLetter
from dateline_schemas.headers import event_headers
from pydantic import BaseModel

from dateline.clock import utc_now
from dateline.consumer import Consumer
from dateline.kafka.records import Headers, Output, Record
from dateline.runtime.dead_letter_limit import DeadLetterCount
from dateline.runtime.plan import Changelog
from dateline.runtime.processing import Processor
from dateline.runtime.state import State
from dateline.settings import RuntimeSettings

__all__ = ["ConsumerKit", "FedLetter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FedLetter:
    """A dead letter: the original bytes and the description of the failure."""

    key: bytes | None
    value: bytes | None
    about: DeadLetter


@dataclass(slots=True)
class ConsumerKit:
    """Runs a consumer on one partition in memory, with the production code up to the transaction."""

    consumer: Consumer
    runtime: RuntimeSettings = field(default_factory=lambda: RuntimeSettings(retry_initial_seconds=0.001))
    partition: int = 0
    now: datetime = field(default_factory=utc_now)
    offset: int = 0
    outputs: list[Output] = field(default_factory=list)
    dead_letters: list[FedLetter] = field(default_factory=list)
    state: State[Any] | None = None
    retries: list[str] = field(default_factory=list)
    _count: DeadLetterCount = field(default_factory=DeadLetterCount)

    def __post_init__(self) -> None:
        if self.consumer.state is not None:
            changelog = Changelog.of(self.consumer.state, DEFAULT_PREFIX)
            self.state = changelog.new_state(clock=lambda: self.now.timestamp())

    async def feed(
        self,
        *values: BaseModel | bytes | None,
        key: str | bytes | None = None,
        headers: Headers | None = None,
    ) -> list[Output]:
        """Feed one record for each of `values`; return their outputs, without dead letters.

        Args:
            values: models, raw bytes, or None for a tombstone.
            key: the key of all records; None means the `id` of the value, if there is one.
            headers: the headers of all records; None means those that a producer of the topic writes.

        Raises:
            StageError: the stage would stop here.
        """
        before = len(self.outputs)
        for value in values:
            raw = value.model_dump_json().encode() if isinstance(value, BaseModel) else value
            record_key = _key(value) if key is None else key
            record = Record(
                topic=self.consumer.topic.named(),
                partition=self.partition,
                offset=self.offset,
                timestamp=int(self.now.timestamp() * 1000),
                key=record_key.encode() if isinstance(record_key, str) else record_key,
                value=raw,
                headers=self._headers() if headers is None else headers,
            )
            await self.feed_record(record)
        return self.outputs[before:]

    async def feed_record(self, record: Record) -> None:
        """Feed `record` as it is.

        Raises:
            StageError: the stage would stop here.
        """
        processor = Processor(consumer=self.consumer, runtime=self.runtime, now=lambda: self.now)
        effects = await processor.process(record, self.state, self._pause)
        self._count = self._count.add(dead=effects.dead, window=self.runtime.dead_letter_window)
        if effects.dead:
            self._count.check(self.runtime, self.consumer.group)
            self.dead_letters += [
                FedLetter(key=each.key, value=each.value, about=DeadLetter.from_headers(each.headers))
                for each in effects.outputs
            ]
        else:
            self.outputs += effects.outputs
        if self.state is not None:
            self.state.commit()
        self.offset = record.offset + 1

    def values(self, model: type[BaseModel] | None = None) -> list[Any]:
        """Return the value of each output, read as `model`, as the output topic's model, or as bytes."""
        model = model or (self.consumer.output.model if self.consumer.output else None)
        return [each.value if model is None else model.model_validate_json(each.value or b"") for each in self.outputs]

    def by_topic(self) -> Mapping[str, list[Output]]:
        """Return the outputs of each topic."""
        outputs: dict[str, list[Output]] = defaultdict(list)
        for output in self.outputs:
            outputs[output.topic].append(output)
        return outputs

    async def _pause(self, reason: str, seconds: float) -> None:
        self.retries.append(reason)
        await asyncio.sleep(0)

    def _headers(self) -> Headers:
        return tuple(event_headers(self.consumer.topic, id=str(self.offset), source="/testkit", time=self.now))


def _key(value: Any) -> str | None:
    identity = getattr(value, "id", None)
    return identity if isinstance(identity, str) else None
