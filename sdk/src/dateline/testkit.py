"""Tests a consumer without a broker: feed it records, then check outputs, dead letters, state and offsets.

from dateline import Consumer
from dateline.testkit import ConsumerKit
from dateline_schemas import Contract, EnrichedArticle

class Headline(Contract):
title: str

async def check(headlines: Consumer[EnrichedArticle, Headline | None], article: EnrichedArticle) -> None:
kit = ConsumerKit(headlines)
await kit.feed(article)
assert kit.values() == [Headline(title=article.article.title)]
assert not kit.dead_letters
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar, overload

from dateline_schemas import DEFAULT_PREFIX, DeadLetter
from dateline_schemas.headers import event_headers
from pydantic import BaseModel

from dateline.clock import utc_now
from dateline.consumer import Consumer, InT, OutT
from dateline.context import Event
from dateline.kafka.records import Headers, Output, Record
from dateline.runtime.batch_processing import BatchProcessor
from dateline.runtime.batches import limited
from dateline.runtime.dead_letter_limit import DeadLetterCount
from dateline.runtime.plan import Changelog
from dateline.runtime.processing import Effects, Processor
from dateline.runtime.state import State
from dateline.settings import RuntimeSettings

__all__ = ["ConsumerKit", "FedLetter"]

ValueT = TypeVar("ValueT", bound=BaseModel | bytes)

Single: TypeAlias = ValueT | Event[ValueT]
Mixed: TypeAlias = ValueT | Event[ValueT] | Sequence[Single[ValueT] | Sequence[Single[ValueT]] | None] | None
"""Everything that a function may return, for one record or for a batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FedLetter:
    """A dead letter: the original bytes and the description of the failure."""

    key: bytes | None
    value: bytes | None
    about: DeadLetter


@dataclass(slots=True)
class ConsumerKit(Generic[InT, OutT]):
    """Runs a consumer on one partition in memory, with the production code up to the transaction.

    Attributes:
        consumer: the consumer.
        runtime: limits and pauses.
        partition: the number of the partition.
        now: the time of records and attempts; a test may set it between two calls of `feed`.
        offset: the offset of the next record.
        outputs: what was written, without dead letters.
        dead_letters: the records that became dead letters.
        state: the table of the partition, or None if the consumer has no state.
        retries: the reasons for further attempts.
    """

    consumer: Consumer[InT, OutT]
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
        batch: int | None = None,
    ) -> list[Output]:
        """Feed one record for each of `values`; return their outputs, without dead letters.

        A consumer that takes a batch gets them in one call, or in several if that is above its limit.

        Args:
            values: models, raw bytes, or None for a tombstone.
            key: the key of all records; None means the `id` of the value, if there is one.
            headers: the headers of all records; None means those that a producer of the topic writes.
            batch: at most this many records are in one call; None means the consumer's own limit.

        Raises:
            StageError: the stage would stop here.
        """
        before = len(self.outputs)
        first = self.offset
        records = [
            self.record(value, key=key, headers=headers, offset=first + number) for number, value in enumerate(values)
        ]
        await self.feed_records(records, batch=batch)
        return self.outputs[before:]

    def record(
        self,
        value: BaseModel | bytes | None,
        *,
        key: str | bytes | None = None,
        headers: Headers | None = None,
        offset: int | None = None,
    ) -> Record:
        """Return a record of the input topic; the other arguments are as in `feed`.

        Args:
            value: a model, raw bytes, or None for a tombstone.
            key: its key.
            headers: its headers.
            offset: its offset; None means that of the next record.
        """
        at = self.offset if offset is None else offset
        record_key = _key(value) if key is None else key
        return Record(
            topic=self.consumer.topic.named(),
            partition=self.partition,
            offset=at,
            timestamp=int(self.now.timestamp() * 1000),
            key=record_key.encode() if isinstance(record_key, str) else record_key,
            value=value.model_dump_json(by_alias=True).encode() if isinstance(value, BaseModel) else value,
            headers=self._headers(at) if headers is None else headers,
        )

    async def feed_record(self, record: Record) -> None:
        """Feed `record` as it is.

        Raises:
            StageError: the stage would stop here.
        """
        await self.feed_records([record])

    async def feed_records(self, records: Sequence[Record], *, batch: int | None = None) -> None:
        """Feed `records` as they are; `batch` as in `feed`.

        Raises:
            StageError: the stage would stop here.
        """
        processor = Processor(consumer=self.consumer, runtime=self.runtime, now=lambda: self.now)
        if not self.consumer.takes_batch:
            for record in records:
                self._add(record, await processor.process(record, self.state, self._pause))
            return
        most = batch or self.consumer.batch or len(records)
        for part in limited(records, most, self.runtime.batch_bytes):
            remaining = iter(part)
            async for done in BatchProcessor(processor=processor).process(part, self.state, self._pause):
                for effects in done:
                    self._add(next(remaining), effects)

    def _add(self, record: Record, effects: Effects) -> None:
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

    # The type of the function's result says what the values are: a value, an event, or a list of these.
    @overload
    def values(self, model: type[ValueT]) -> list[ValueT]: ...

    @overload
    def values(self: "ConsumerKit[InT, None]") -> list[Any]: ...

    @overload
    def values(self: "ConsumerKit[InT, ValueT | None]") -> list[ValueT]: ...

    @overload
    def values(self: "ConsumerKit[InT, Event[ValueT] | None]") -> list[ValueT]: ...

    @overload
    def values(self: "ConsumerKit[InT, Sequence[Event[ValueT] | None] | None]") -> list[ValueT]: ...

    @overload
    def values(self: "ConsumerKit[InT, Sequence[ValueT | Sequence[ValueT] | None] | None]") -> list[ValueT]: ...

    @overload
    def values(self: "ConsumerKit[InT, Mixed[ValueT]]") -> list[ValueT]: ...

    def values(self, model: type[Any] | None = None) -> list[Any]:
        """Return the value of each output, read as `model`, as the output topic's model, or as bytes.

        Tombstones are left out; `outputs` has them.
        """
        model = model or (self.consumer.output.model if self.consumer.output else None)
        found = [each.value for each in self.outputs if each.value is not None]
        return found if model is None or model is bytes else [model.model_validate_json(value) for value in found]

    def by_topic(self) -> Mapping[str, list[Output]]:
        """Return the outputs of each topic."""
        outputs: dict[str, list[Output]] = defaultdict(list)
        for output in self.outputs:
            outputs[output.topic].append(output)
        return outputs

    async def _pause(self, reason: str, seconds: float) -> None:
        self.retries.append(reason)
        await asyncio.sleep(0)

    def _headers(self, offset: int) -> Headers:
        return tuple(event_headers(self.consumer.topic, id=str(offset), source="/testkit", time=self.now))


def _key(value: Any) -> str | None:
    identity = getattr(value, "id", None)
    return identity if isinstance(identity, str) else None
