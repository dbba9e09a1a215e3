"""A batch has the outcome of its single records, whichever of them fail."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from dateline import (
    BatchContext,
    BatchError,
    Context,
    Event,
    PermanentError,
    Record,
    StageError,
    TransientError,
    consumer,
)
from dateline.consumer import Consumer
from dateline.errors import DatelineError
from dateline.runtime.batches import limited
from dateline.settings import RuntimeSettings
from dateline.testkit import ConsumerKit
from dateline_schemas.headers import CE_ID, REPLAY_GROUP, TRACEPARENT, header
from hypothesis import given, settings
from hypothesis import strategies as st
from support.relay import ITEMS, RELAYED, TALLY, Item, Tally

KEYS = st.sampled_from("ab")


def items(count: int) -> list[Item]:
    return [Item(id=f"{n}", key="k", number=n) for n in range(count)]


def counted(context: Context[Tally] | BatchContext[Tally], item: Item) -> Item:
    """Return the item with the count of its key so far."""
    before = context.state.get(item.key.encode())
    count = before.count + 1 if before else 1
    context.state.put(item.key.encode(), Tally(count=count))
    return Item(id=item.id, key=item.key, number=count)


@consumer(topic=ITEMS, group="g", output=RELAYED, state=TALLY)
async def single(item: Item, context: Context[Tally]) -> list[Event[Item]]:
    result = counted(context, item)
    if item.order == "fail":
        raise ValueError(f"told to fail by {item.id}")
    return [Event(value=result), Event(value=result, key="other")][: item.number % 3]


def a_batch(named: Callable[[Item], bool], by_index: bool = False) -> Consumer:
    """Return the same consumer for batches; it names the failed items that `named` chooses."""

    @consumer(topic=ITEMS, group="g", output=RELAYED, state=TALLY)
    async def batch(items: list[Item], context: BatchContext[Tally]) -> list[Any]:
        results = [counted(context, item) for item in items]
        failed = {n: ValueError(f"told to fail by {each.id}") for n, each in enumerate(items) if each.order == "fail"}
        chosen: Mapping[int, Exception] = {n: error for n, error in failed.items() if named(items[n])}
        if chosen:
            raise BatchError(chosen)
        if failed:
            raise next(iter(failed.values()))
        entries = [
            [Event(value=result), Event(value=result, key="other")][: item.number % 3]
            for item, result in zip(items, results, strict=True)
        ]
        if not by_index:
            return entries
        events = [Event(value=each.value, key=each.key, of=n) for n, entry in enumerate(entries) for each in entry]
        return sorted(events, key=lambda event: -(event.of or 0))

    return batch


async def outcome(of: Consumer, given: list[Item | bytes], batch: int | None = None) -> Any:
    kit = ConsumerKit(of, runtime=RuntimeSettings(dead_letter_share=1))
    # A kit that is fed in one go; keys as the items have them.
    records = [
        kit.record(value, key=value.key if isinstance(value, Item) else "a", offset=n) for n, value in enumerate(given)
    ]
    await kit.feed_records(records, batch=batch)
    assert kit.state is not None
    outputs = [(each.topic, each.key, each.value, each.partition, header(each.headers, CE_ID)) for each in kit.outputs]
    letters = [(each.about.offset, each.about.error_type, each.value) for each in kit.dead_letters]
    return outputs, letters, dict(kit.state.snapshot()), kit.offset


@settings(max_examples=60)
@given(
    given=st.lists(st.tuples(KEYS, st.sampled_from(["", "", "fail", "invalid"]), st.integers(0, 2)), max_size=12),
    named=st.sets(st.integers(0, 11)),
    by_index=st.booleans(),
    batch=st.none() | st.integers(1, 12),
)
def test_a_batch_has_the_outcome_of_its_single_records(
    given: list[tuple[str, str, int]], named: set[int], by_index: bool, batch: int | None
) -> None:
    values: list[Item | bytes] = [
        b"invalid" if order == "invalid" else Item(id=f"{n}", key=key, number=number, order=order)
        for n, (key, order, number) in enumerate(given)
    ]
    of = a_batch(lambda item: int(item.id) in named, by_index)
    assert asyncio.run(outcome(of, values, batch)) == asyncio.run(outcome(single, values))


async def test_all_valid_records_are_in_one_call_and_invalid_ones_in_none() -> None:
    calls: list[list[str]] = []

    @consumer(topic=ITEMS, group="g")
    async def collect(items: list[Item]) -> None:
        calls.append([item.id for item in items])

    kit = ConsumerKit(collect)
    await kit.feed(*items(2), b"invalid", *items(1))
    assert calls == [["0", "1", "0"]]
    assert [letter.about.offset for letter in kit.dead_letters] == [2]
    await kit.feed(b"invalid")
    assert len(calls) == 1, "a batch without valid records is not passed on"


@pytest.mark.parametrize(("limit", "batch", "sizes"), [(None, None, [5]), (2, None, [2, 2, 1]), (2, 4, [4, 1])])
async def test_the_limit_of_a_call_is_that_of_the_decorator_or_of_the_kit(
    limit: int | None, batch: int | None, sizes: list[int]
) -> None:
    calls: list[int] = []

    @consumer(topic=ITEMS, group="g", batch=limit)
    def count(items: list[Item]) -> None:
        calls.append(len(items))

    await ConsumerKit(count).feed(*items(5), batch=batch)
    assert calls == sizes


async def test_a_batch_of_bytes_or_of_whole_records_is_read_as_such() -> None:
    seen: list[Any] = []

    @consumer(topic=ITEMS, group="g")
    async def raw(values: list[bytes]) -> None:
        seen.extend(values)

    @consumer(topic=ITEMS, group="g")
    async def whole(records: list[Record]) -> None:
        seen.extend(record.value for record in records)

    await ConsumerKit(raw).feed(b"a")
    await ConsumerKit(whole).feed(None, b"b")
    assert seen == [b"a", None, b"b"]


async def test_letters_replayed_to_another_group_are_skipped() -> None:
    calls: list[list[bytes]] = []

    @consumer(topic=ITEMS, group="g")
    async def collect(values: list[bytes]) -> None:
        calls.append(values)

    kit = ConsumerKit(collect)
    other, own = ((REPLAY_GROUP, b"other"),), ((REPLAY_GROUP, b"g"),)
    await kit.feed_records(
        [
            kit.record(b"0", offset=0),
            kit.record(b"1", offset=1, headers=other),
            kit.record(b"2", offset=2, headers=own),
        ]
    )
    assert calls == [[b"0", b"2"]]
    assert kit.offset == 3


async def test_each_output_continues_the_trace_of_its_record() -> None:
    traces = [f"{n:032x}" for n in (1, 2)]

    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def both(values: list[bytes], context: BatchContext) -> list[bytes]:
        assert [each.split("-")[1] for each in context.traceparents] == traces
        assert [each.offset for each in context.records] == [0, 1]
        return values

    kit = ConsumerKit(both)
    headers = [((TRACEPARENT, f"00-{trace}-00f067aa0ba902b7-01".encode()),) for trace in traces]
    await kit.feed_records([kit.record(b"x", offset=n, headers=each) for n, each in enumerate(headers)])
    assert [(header(each.headers, TRACEPARENT) or "").split("-")[1] for each in kit.outputs] == traces


async def test_a_transient_error_retries_the_batch_in_order_with_the_state_rolled_back() -> None:
    attempts: list[tuple[int, list[str]]] = []

    @consumer(topic=ITEMS, group="g", output=RELAYED, state=TALLY)
    async def flaky(items: list[Item], context: BatchContext[Tally]) -> list[Item]:
        attempts.append((context.attempt, [item.id for item in items]))
        results = [counted(context, item) for item in items]
        if context.attempt < 3:
            raise TransientError("busy")
        return results

    kit = ConsumerKit(flaky)
    await kit.feed(*items(3))
    assert attempts == [(1, ["0", "1", "2"]), (2, ["0", "1", "2"]), (3, ["0", "1", "2"])]
    assert [each.number for each in kit.values(Item)] == [1, 2, 3]
    assert kit.retries == ["dateline.items[0]@0: TransientError: busy"] * 2


async def test_a_batch_error_may_contain_transient_errors_which_are_tried_again() -> None:
    attempts: list[list[str]] = []

    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def mixed(items: list[Item], context: BatchContext) -> list[Item]:
        attempts.append([item.id for item in items])
        if context.attempt == 1:
            raise BatchError({0: TransientError("busy"), 1: PermanentError("bad")})
        return items

    kit = ConsumerKit(mixed)
    await kit.feed(*items(3))
    assert attempts == [["0", "1", "2"], ["0", "2"]]
    assert [each.about.offset for each in kit.dead_letters] == [1]
    assert len(kit.retries) == 1


async def test_a_result_that_its_topic_cannot_take_makes_a_dead_letter_of_its_record_alone() -> None:
    calls: list[int] = []

    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def swell(items: list[Item]) -> list[bytes]:
        calls.append(len(items))
        return [b"x" * (RELAYED.max_message_bytes if item.number == 1 else 1) for item in items]

    kit = ConsumerKit(swell)
    await kit.feed(*items(4))
    assert [each.about.offset for each in kit.dead_letters] == [1]
    assert calls == [4, 3], "the record is known, so nothing is halved"


async def test_an_entry_of_the_state_that_is_too_large_is_found_by_halving() -> None:
    @consumer(topic=ITEMS, group="g", state=TALLY)
    async def swell(items: list[Item], context: BatchContext[Tally]) -> None:
        for item in items:
            padding = {"padding": "x" * TALLY.max_message_bytes} if item.number == 1 else {}
            context.state.put(item.id.encode(), Tally.model_validate({"count": 1} | padding))

    kit = ConsumerKit(swell)
    await kit.feed(*items(4))
    assert [each.about.offset for each in kit.dead_letters] == [1]
    assert kit.state is not None
    assert sorted(kit.state.keys()) == [b"0", b"2", b"3"]


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ([b"one"], "returned 1 results for 2 records"),
        (b"both", "returned a bytes for 2 records"),
        ([Event(value=b"0", of=0), b"1"], "of which 1 name their record"),
        ([Event(value=b"0", of=2)], "record 2 of 2"),
        ([Event(value=b"0", of=-1)], "record -1 of 2"),
        ([Event(value=b"0", of="0")], "record '0' of 2"),  # type: ignore[arg-type]
        ([Event(value=b"0", of=True)], "record True of 2"),
        ([[Event(value=b"1", of=1)], None], "in the result for one record"),
        (BatchError({"0": ValueError()}), "names record '0' of a batch of 2"),  # type: ignore[dict-item]
        (BatchError({1.0: ValueError()}), "names record 1.0 of a batch of 2"),  # type: ignore[dict-item]
        (BatchError({2: ValueError()}), "names record 2 of a batch of 2"),
        (BatchError({0: StageError("the model is gone")}), "the model is gone"),
        (StageError("the model is gone"), "the model is gone"),
    ],
)
async def test_a_result_that_fits_no_batch_stops_the_stage(result: Any, message: str) -> None:
    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def wrong(values: list[bytes]) -> Any:
        if isinstance(result, Exception):
            raise result
        return result

    with pytest.raises(StageError, match=message):
        await ConsumerKit(wrong).feed(b"a", b"b")


@pytest.mark.parametrize("result", [None, [], [None, None], Event(value=b"1", of=1), [Event(value=b"1", of=1)]])
async def test_a_batch_may_lead_to_nothing_or_to_one_event(result: Any) -> None:
    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def few(values: list[bytes]) -> Any:
        return result

    kit = ConsumerKit(few)
    await kit.feed(b"a", b"b", key="k")
    expected = [] if not result or result == [None, None] else [(b"1", ["0", "1", "0"])]
    assert [(each.value, (header(each.headers, CE_ID) or "").split("/")[-3:]) for each in kit.outputs] == expected


def test_a_batch_is_divided_by_count_and_by_bytes() -> None:
    kit = ConsumerKit(single)
    records = [kit.record(b"x" * size, offset=n, key="k") for n, size in enumerate([9, 9, 99, 9])]
    assert [len(part) for part in limited(records, 3, 1000)] == [3, 1]
    assert [len(part) for part in limited(records, 9, 20)] == [2, 1, 1]
    assert list(limited([], 1, 1)) == []


def test_signatures_that_no_consumer_has_are_refused_at_once() -> None:
    decorate: Any = consumer(topic=ITEMS, group="g", state=Tally)

    def of_one(value: bytes, context: BatchContext) -> None: ...

    def of_many(values: list[bytes], context: Context) -> None: ...

    def of_text(values: list[str]) -> None: ...

    def of_items(value: bytes, context: Context[Item]) -> None: ...

    for function, message in (
        (of_one, "is a Context"),
        (of_many, "is a BatchContext"),
        (of_text, "a list of one of these"),
        (of_items, "the context is one of Item, and the consumer has a state of Tally"),
    ):
        with pytest.raises(DatelineError, match=message):
            decorate(function)
    undecorated: Any = single.function
    with pytest.raises(DatelineError, match="batch=3 needs a function that takes a list"):
        consumer(topic=ITEMS, group="g", state=TALLY, batch=3)(undecorated)
    with pytest.raises(DatelineError, match="the consumer has no state"):
        consumer(topic=ITEMS, group="g")(undecorated)


async def test_an_event_that_names_a_record_is_refused_where_there_is_no_batch() -> None:
    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def wrong(value: bytes) -> Event[bytes]:
        return Event(value=value, of=0)

    with pytest.raises(StageError, match="in the result for one record"):
        await ConsumerKit(wrong).feed(b"x", key="a")


async def test_state_of_a_consumer_without_state_stops_the_stage() -> None:
    @consumer(topic=ITEMS, group="g")
    async def stateless(value: bytes, context: Context) -> None:
        context.state.get(b"k")

    @consumer(topic=ITEMS, group="g")
    async def stateless_batch(values: list[bytes], context: BatchContext) -> None:
        context.state.get(b"k")

    with pytest.raises(StageError, match="has no state"):
        await ConsumerKit(stateless).feed(b"x")
    with pytest.raises(StageError, match="has no state"):
        await ConsumerKit(stateless_batch).feed(b"x")


def test_generic_classes_can_be_called_with_their_types() -> None:
    assert Event[Item](value=None, key="k").value is None
    assert ConsumerKit[Item, list[Event[Item]]](single).offset == 0
    renamed = Consumer[Item, None](function=single.function, topic=ITEMS, group="other")
    assert (type(single.under("other")), renamed.group) == (type(single), "other")
    assert Context[Tally](record=ConsumerKit(single).record(b""), group="g", traceparent="").key == b""
