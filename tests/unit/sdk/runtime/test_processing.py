"""One record leads to outputs, a dead letter, or another attempt."""

import asyncio
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from dateline.consumer import Consumer, Context, Event, consumer
from dateline.errors import PermanentError, StageError, TransientError
from dateline.kafka.records import Record
from dateline.runtime.processing import Effects, Processor, just_wait
from dateline.runtime.state import State
from dateline.settings import RuntimeSettings
from dateline_schemas import DeadLetter
from dateline_schemas.headers import REPLAY_GROUP, header
from pydantic import BaseModel, Field
from support.relay import ITEMS, RELAYED, TALLY, Item, Tally

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"

Headers = Sequence[tuple[str, bytes]]

ITEM = Item(id="1", key="k", number=1)


def item_record(
    value: bytes | None = ITEM.to_bytes(), *, key: bytes | None = b"k", headers: Headers = (), timestamp: int = 1000
) -> Record:
    return Record(
        topic="dateline.items",
        partition=2,
        offset=7,
        timestamp=timestamp,
        key=key,
        value=value,
        headers=tuple(headers),
    )


@dataclass
class Pauses:
    """Stands in for waiting."""

    reasons: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    async def __call__(self, reason: str, seconds: float) -> None:
        self.reasons.append(reason)
        self.seconds.append(seconds)


@consumer(topic=ITEMS, group="pass", output=RELAYED)
async def pass_on(item: Item) -> Item:
    return item


def processor(of: Consumer, group: str = "") -> Processor:
    runtime = RuntimeSettings(retry_initial_seconds=1, retry_max_seconds=4)
    return Processor(consumer=of.under(group) if group else of, runtime=runtime, now=lambda: NOW)


def letter_of(effects: Effects) -> DeadLetter:
    assert effects.dead
    (output,) = effects.outputs
    assert output.topic == "dateline.dead-letters"
    return DeadLetter.from_headers(output.headers)


async def test_an_output_keeps_key_partition_and_trace_and_names_its_type() -> None:
    record = item_record(headers=[("traceparent", f"00-{TRACE}-00f067aa0ba902b7-01".encode())])
    (output,) = (await processor(pass_on).process(record)).outputs
    assert (output.topic, output.key, output.partition) == ("dateline.relayed", b"k", 2)
    assert Item.from_bytes(output.value or b"") == ITEM
    assert header(output.headers, "ce_type") == "test.relayed.v1"
    assert header(output.headers, "ce_id") == "pass/dateline.items/2/7/0"
    assert (header(output.headers, "traceparent") or "").split("-")[1] == TRACE


async def test_an_output_with_its_own_key_goes_to_the_partition_of_that_key() -> None:
    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def rename(item: Item) -> Event:
        return Event(value=item, key="other")

    (output,) = (await processor(rename).process(item_record())).outputs
    assert (output.key, output.partition) == (b"other", None)


async def test_several_outputs_keep_their_order_and_have_distinct_ids() -> None:
    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def twice(item: Item, context: Context) -> list[bytes]:
        return [b"first", context.key]

    outputs = (await processor(twice).process(item_record())).outputs
    assert [output.value for output in outputs] == [b"first", b"k"]
    assert [header(output.headers, "ce_id") for output in outputs] == [
        "g/dateline.items/2/7/0",
        "g/dateline.items/2/7/1",
    ]


async def test_a_consumer_that_returns_nothing_writes_nothing() -> None:
    @consumer(topic=ITEMS, group="g")
    async def swallow(item: Item) -> None:
        return None

    effects = await processor(swallow).process(item_record())

    assert (effects.outputs, effects.dead) == ([], False)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (item_record(b"{no json"), "Invalid JSON"),
        (item_record(b"\xff\xfe"), "Invalid JSON"),
        (item_record(b""), "Invalid JSON"),
        (item_record(b'{"id":"1","key":"k","number":"one"}'), "Item.number"),
        (item_record(None), "a tombstone"),
        (item_record(key=None), "the record has no key"),
        (item_record(headers=[("ce_type", b"test.items.v2")]), "version 2 is not 'test.items' version 1"),
        (item_record(headers=[("ce_type", b"test.other.v1")]), "is not 'test.items'"),
        (item_record(headers=[("ce_type", b"\xff")]), "is not 'test.items'"),
        (item_record(headers=[("content-type", b"image/png")]), "'image/png' is not JSON"),
    ],
)
async def test_a_record_that_violates_its_contract_becomes_a_dead_letter(record: Record, message: str) -> None:
    effects = await processor(pass_on).process(record)
    assert message in letter_of(effects).error_message
    assert (effects.outputs[0].key, effects.outputs[0].value) == (record.key, record.value)


async def test_harmless_wrong_headers_are_ignored() -> None:
    headers = [("traceparent", b"\xffgarbage"), ("ce_time", b"yesterday"), ("content-type", b"application/json; x")]
    assert not (await processor(pass_on).process(item_record(headers=headers))).dead


async def test_a_consumer_of_records_sees_tombstones_and_null_keys() -> None:
    seen: list[Record] = []

    @consumer(topic=ITEMS, group="g")
    async def watch(record: Record) -> None:
        seen.append(record)

    record = item_record(None, key=None)
    assert not (await processor(watch).process(record)).dead
    assert seen == [record]


async def test_a_consumer_of_bytes_and_one_of_a_plain_model() -> None:
    class Plain(BaseModel):
        count: int = Field(alias="number")

    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def raw(value: bytes) -> bytes:
        return value[:3]

    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def plain(value: Plain) -> Plain:
        return value

    assert (await processor(raw).process(item_record(b"abcd", key=None))).outputs[0].value == b"abc"
    assert (await processor(plain).process(item_record())).outputs[0].value == b'{"number":1}'


@pytest.mark.parametrize(("addressee", "passed"), [(b"mine", True), (b"other", False)])
async def test_a_replayed_letter_reaches_only_the_group_it_is_addressed_to(addressee: bytes, passed: bool) -> None:
    record = item_record(headers=[(REPLAY_GROUP, addressee)])
    effects = await processor(pass_on, "mine").process(record)
    assert bool(effects.outputs) is passed
    assert not effects.dead


async def test_an_exception_makes_a_letter_that_describes_it_in_its_headers() -> None:
    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def fail(item: Item) -> Item:
        raise KeyError("nothing there")

    record = item_record(headers=[("mine", b"kept"), ("traceparent", f"00-{TRACE}-00f067aa0ba902b7-01".encode())])
    effects = await processor(fail).process(record)
    letter = letter_of(effects)
    assert (letter.topic, letter.partition, letter.offset) == ("dateline.items", 2, 7)
    assert letter.timestamp == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert letter.stage == "fail"
    assert (letter.group, letter.error_type, letter.error_message) == ("g", "KeyError", "'nothing there'")
    assert (letter.failed_at, letter.trace_id, letter.attempts) == (NOW, TRACE, 1)
    assert ("mine", b"kept") in effects.outputs[0].headers
    assert effects.outputs[0].value == record.value


@pytest.mark.parametrize("timestamp", [-1, -(2**63), 2**63 - 1])
async def test_an_invalid_timestamp_does_not_stop_the_stage(timestamp: int) -> None:
    assert letter_of(await processor(pass_on).process(item_record(b"", timestamp=timestamp))).timestamp is None


async def test_empty_and_very_long_error_messages_make_letters() -> None:
    @consumer(topic=ITEMS, group="g")
    async def fail(item: Item) -> None:
        raise ValueError("\udcff" + "x" * 10_000_000)

    effects = await processor(fail).process(item_record())
    assert len(letter_of(effects).error_message) <= 1024
    assert effects.outputs[0].size < 10_000


async def test_an_output_too_large_for_its_topic_makes_a_dead_letter() -> None:
    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def swell(item: Item) -> bytes:
        return b"x" * RELAYED.max_message_bytes

    letter = letter_of(await processor(swell).process(item_record()))
    assert "and relayed takes 65,536" in letter.error_message


async def test_a_state_too_large_for_its_changelog_makes_a_dead_letter_and_is_undone() -> None:
    """It would fail the commit of the whole batch, again and again."""

    @consumer(topic=ITEMS, group="g", state=TALLY)
    async def swell(item: Item, context: Context) -> None:
        assert context.state is not None
        context.state.put(b"k", Tally.model_validate({"count": 1, "padding": "x" * TALLY.max_message_bytes}))

    state: State[Any] = State(Tally)
    letter = letter_of(await processor(swell).process(item_record(), state))
    assert "and tally takes 65,536" in letter.error_message
    assert list(state.changes()) == []


@pytest.mark.parametrize("result", ["text", 7, object()])
async def test_a_result_of_an_unknown_type_makes_a_dead_letter(result: object) -> None:
    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def strange(item: Item) -> Any:
        return result

    assert (
        "a consumer returns models, bytes or events"
        in letter_of(await processor(strange).process(item_record())).error_message
    )


async def test_a_result_without_an_output_topic_makes_a_dead_letter() -> None:
    @consumer(topic=ITEMS, group="g")
    async def aimless(item: Item) -> Any:
        return item

    assert "has no output topic" in letter_of(await processor(aimless).process(item_record())).error_message


async def test_a_failure_undoes_the_state_changes_of_the_record() -> None:
    @consumer(topic=ITEMS, group="g", state=TALLY)
    async def half(item: Item, context: Context) -> None:
        assert context.state is not None
        context.state.put(b"k", Tally(count=99))
        raise PermanentError("half-way")

    state: State[Any] = State(Tally)
    state.put(b"k", Tally(count=1))
    letter_of(await processor(half).process(item_record(), state))
    assert state.get(b"k") == Tally(count=1)


async def test_a_record_is_retried_with_growing_pauses_while_errors_are_transient() -> None:
    attempts: list[int] = []

    @consumer(topic=ITEMS, group="g", output=RELAYED, state=TALLY)
    async def flaky(item: Item, context: Context) -> Item:
        assert context.state is not None
        attempts.append(context.attempt)
        before = context.state.get(b"k")
        context.state.put(b"k", Tally(count=(before.count if before else 0) + 1))
        if context.attempt < 6:
            raise [TransientError("busy"), ConnectionError("refused"), TimeoutError()][context.attempt % 3]
        return item

    pauses, state = Pauses(), State[Any](Tally)
    effects = await processor(flaky).process(item_record(), state, pauses)
    assert len(effects.outputs) == 1
    assert attempts == [1, 2, 3, 4, 5, 6]
    assert state.get(b"k") == Tally(count=1), "each attempt begins with the state from before the record"
    for seconds, longest in zip(pauses.seconds, [1, 2, 4, 4, 4], strict=True):
        assert longest / 2 <= seconds <= longest
    assert pauses.reasons[0] == "dateline.items[2]@7: ConnectionError: refused"


async def test_a_dead_letter_counts_the_attempts() -> None:
    @consumer(topic=ITEMS, group="g")
    async def worse(item: Item, context: Context) -> None:
        raise TransientError("busy") if context.attempt < 3 else ValueError("broken")

    assert letter_of(await processor(worse).process(item_record(), None, Pauses())).attempts == 3


async def test_a_stage_error_stops_the_stage() -> None:
    @consumer(topic=ITEMS, group="g")
    async def stop(item: Item) -> None:
        raise StageError("the model is not there")

    with pytest.raises(StageError, match="the model is not there"):
        await processor(stop).process(item_record())


async def test_a_plain_function_runs_in_a_thread_and_does_not_block_the_event_loop() -> None:
    freed, main = threading.Event(), threading.get_ident()

    @consumer(topic=ITEMS, group="g", output=RELAYED)
    def compute(item: Item) -> Item:
        assert threading.get_ident() != main
        assert freed.wait(10), "the event loop was blocked"
        return item

    working = asyncio.ensure_future(processor(compute).process(item_record()))
    await asyncio.sleep(0)
    freed.set()
    assert len((await working).outputs) == 1


async def test_the_default_pause_waits() -> None:
    began = time.monotonic()
    await just_wait("a reason", 0.05)
    assert time.monotonic() - began >= 0.04
