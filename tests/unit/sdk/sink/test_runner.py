"""The runner of sinks: positions, batches, conditions, dead letters, and what stops a sink."""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dateline.errors import (
    DeadLetterLimitError,
    FencedError,
    RecordsDeletedError,
    StageError,
    TargetEndedError,
    TransientError,
)
from dateline.figures.meter import Meter
from dateline.settings import RuntimeSettings
from dateline.sink.batch import BatchLimits, SinkBatch, revised_at
from dateline.sink.figures import SinkFigures
from dateline.sink.kit import SinkKit, a_place, a_record
from dateline.sink.suite import an_enriched
from dateline.sink.totals import SinkTotals
from dateline.sink.where import Condition, Where
from dateline_schemas.headers import CE_TIME, REPLAY_GROUP, event_headers
from dateline_schemas.topics import ARTICLES_ENRICHED
from support.memory_sink import MemorySink, MemoryTarget


def kit_of(target: MemoryTarget, **options: Any) -> SinkKit:
    return SinkKit(lambda: MemorySink(target), **options)


def failing(error: Exception) -> Callable[[SinkBatch], Coroutine[Any, Any, None]]:
    async def fail(_batch: SinkBatch) -> None:
        raise error

    return fail


def articles(*names: str) -> list[Any]:
    return [an_enriched(name) for name in names]


async def test_a_new_target_begins_where_it_is_told_and_states_that_first() -> None:
    target = MemoryTarget()
    kit = kit_of(target, start=2)
    await kit.feed(*articles("a", "b", "c", "d"))
    assert target.ids == ["c", "d"]
    first = target.batches[0]
    assert (list(first.records), first.first_offset, first.next_offset) == ([], 2, 2)


async def test_the_targets_position_counts_and_not_that_of_kafka() -> None:
    target = MemoryTarget()
    kit = kit_of(target)
    await kit.feed(*articles("a", "b", "c"))
    for place in target.places.values():
        place.position = 1
    await kit.run()
    assert target.ids == ["a", "b", "c", "b", "c"]


async def test_kafka_follows_to_the_end_and_past_control_records() -> None:
    target = MemoryTarget()
    kit = kit_of(target)
    kit.append(*articles("a"))
    kit.append_control()
    await kit.run()
    assert kit.position == 2
    assert [place.position for place in target.places.values()] == [2]


async def test_batches_are_limited_by_records_and_by_bytes() -> None:
    target = MemoryTarget()
    kit = kit_of(target, limits=BatchLimits(records=2, wait=timedelta(hours=1)))
    await kit.feed(*articles("a", "b", "c", "d", "e"))
    assert [len(batch.records) for batch in target.batches] == [0, 2, 2, 1]
    size = len(an_enriched("f").to_bytes())
    kit = kit_of(target, limits=BatchLimits(bytes=2 * size, wait=timedelta(hours=1)), place=a_place(group="other"))
    await kit.feed(*articles("f", "g", "h"))
    assert [len(batch.records) for batch in target.batches[4:]] == [0, 2, 1]


async def test_a_sink_that_waits_gets_records_that_are_not_kept_decoded() -> None:
    target = MemoryTarget()
    await kit_of(target).feed(*articles("a"))
    await kit_of(target, limits=BatchLimits(wait=timedelta(hours=1)), place=a_place(partition=1)).feed(*articles("b"))
    kept = [record.decoded is not None for batch in target.batches for record in batch.records]
    assert kept == [True, False]
    assert target.ids == ["a", "b"]


async def test_a_large_batch_keeps_only_its_first_articles_decoded() -> None:
    target = MemoryTarget()
    await kit_of(target).feed(*articles(*(f"article-{n:03}" for n in range(80))))
    kept = [record.decoded is not None for batch in target.batches for record in batch.records]
    assert (len(kept), sum(kept)) == (80, 50)


async def test_conditions_leave_articles_out_and_the_position_moves_over_them() -> None:
    target = MemoryTarget()
    kit = kit_of(target, where=Where((Condition("feed", "another"),)))
    await kit.feed(*articles("a", "b"))
    assert (target.ids, kit.position, kit.totals.filtered) == ([], 2, 2)


async def test_a_replayed_record_is_for_the_group_that_it_names() -> None:
    target = MemoryTarget()
    kit = kit_of(target)
    common = event_headers(ARTICLES_ENRICHED, id="1", source="/test", time=an_enriched("a").article.fetched)
    await kit.feed(*articles("mine"), headers=(*common, (REPLAY_GROUP, b"kit")))
    await kit.feed(*articles("other"), headers=(*common, (REPLAY_GROUP, b"another")))
    assert (target.ids, kit.position, kit.dead_letters) == (["mine"], 2, [])


def test_a_replayed_record_of_contract_1_0_keeps_the_time_of_its_event() -> None:
    """Its timestamp is that of the replay, by which it would replace the revisions that came after it."""
    written = datetime(2026, 5, 1, 12, 0, 0, 123456, tzinfo=UTC)
    headers = tuple(event_headers(ARTICLES_ENRICHED, id="1", source="/test", time=written))
    article = an_enriched("1").model_copy(update={"revised_at": None})
    record = a_record(article, 7, headers=headers)
    timestamp = datetime.fromtimestamp(record.timestamp / 1000, UTC)
    assert revised_at(article, record) == timestamp
    replayed = (*headers, (REPLAY_GROUP, b"kit"))
    assert revised_at(article, record._replace(headers=replayed)) == written.replace(microsecond=123000)
    for without_time in (replayed[-1:], ((CE_TIME, b"yesterday"), *replayed[-1:])):
        assert revised_at(article, record._replace(headers=without_time)) == timestamp


async def test_what_is_not_an_article_becomes_a_dead_letter() -> None:
    target = MemoryTarget()
    kit = kit_of(target)
    await kit.feed(*articles("a"), b"{}", None, *articles("b"))
    assert target.ids == ["a", "b"]
    assert [(value, about.offset, about.group) for value, about in kit.dead_letters] == [
        (b"{}", 1, "kit"),
        (None, 2, "kit"),
    ]


@pytest.mark.parametrize("names_refused", [True, False])
async def test_refused_records_become_dead_letters_and_the_others_are_written_in_order(names_refused: bool) -> None:
    target = MemoryTarget(refuses=lambda each: each in "bfg", names_refused=names_refused)
    kit = kit_of(target)
    await kit.feed(*articles(*"abcdefgh"))
    assert target.ids == list("acdeh")
    assert [about.offset for _, about in kit.dead_letters] == [1, 5, 6]
    assert {about.error_type for _, about in kit.dead_letters} == {"ValueError" if names_refused else "PermanentError"}
    assert kit.position == 8


async def test_a_dead_letter_is_written_before_the_position_moves_and_not_again() -> None:
    target = MemoryTarget(refuses=lambda each: each == "b")
    kit = kit_of(target)
    # The write that moves the position over the refused record fails.
    target.before = [_nothing, _nothing, _nothing, _nothing, failing(TransientError("gone"))]
    with pytest.raises(TransientError):
        await kit.feed(*articles("a", "b"))
    assert (len(kit.dead_letters), [place.position for place in target.places.values()]) == (1, [1])
    await kit.run()
    assert len(kit.dead_letters) == 1
    assert (target.ids, kit.position) == (["a"], 2)


async def test_an_outage_of_the_target_neither_repeats_nor_counts_the_dead_letters_of_its_batch_again() -> None:
    target = MemoryTarget(refuses=lambda each: each == "c")
    kit = kit_of(target, runtime=RuntimeSettings(dead_letter_minimum=3, dead_letter_window=10))
    kit.append(*articles("a"), b"no article", *articles("b", "c", "d"))
    target.before = [_nothing, *(failing(TransientError("full")) for _ in range(5))]
    for _ in range(5):
        with pytest.raises(TransientError):
            await kit.run()
    await kit.run()
    assert [about.offset for _, about in kit.dead_letters] == [1, 3]
    assert (target.ids, kit.position) == (["a", "b", "d"], 5)


async def test_too_many_dead_letters_stop_the_sink_before_their_batch() -> None:
    target = MemoryTarget(refuses=lambda each: True)
    kit = kit_of(target, runtime=RuntimeSettings(dead_letter_minimum=3, dead_letter_window=10))
    with pytest.raises(DeadLetterLimitError, match="3 of the last 3"):
        await kit.feed(*articles(*"abcdef"))
    assert len(kit.dead_letters) == 2
    # The count is kept with Kafka's offset, so that a restart does not discard as many again.
    with pytest.raises(DeadLetterLimitError):
        await kit.run()
    assert len(kit.dead_letters) == 2


@pytest.mark.parametrize("error", [TransientError("away"), ConnectionError("reset"), FencedError("another owner")])
async def test_a_target_that_does_not_answer_is_opened_again_and_nothing_is_lost(error: Exception) -> None:
    target = MemoryTarget(before=[_nothing, failing(error)])
    kit = kit_of(target)
    with pytest.raises(type(error)):
        await kit.feed(*articles("a", "b"))
    assert target.ids == []
    await kit.run()
    assert (target.ids, kit.dead_letters) == (["a", "b"], [])


async def test_a_batch_that_was_written_before_the_connection_broke_is_not_written_again() -> None:
    target = MemoryTarget(after=[_nothing, failing(TransientError("broke"))])
    kit = kit_of(target)
    with pytest.raises(TransientError):
        await kit.feed(*articles("a", "b"))
    await kit.run()
    assert target.ids == ["a", "b"]


async def test_an_error_of_a_record_that_was_written_all_the_same_is_no_dead_letter() -> None:
    target = MemoryTarget(after=[_nothing, failing(KeyError("title"))])
    kit = kit_of(target)
    await kit.feed(*articles("a", "b"))
    assert (target.ids, kit.dead_letters) == (["a", "b"], [])


async def test_a_target_that_takes_no_more_ends_the_sink_where_it_is() -> None:
    target = MemoryTarget()
    kit = kit_of(target)
    await kit.feed(*articles("a"))
    target.before = [failing(TargetEndedError("410 Gone"))]
    with pytest.raises(TargetEndedError):
        await kit.feed(*articles("b"))
    assert [place.position for place in target.places.values()] == [1]


async def test_a_position_of_another_cluster_stops_the_sink_and_says_what_to_do() -> None:
    target = MemoryTarget()
    await kit_of(target).feed(*articles("a"))
    with pytest.raises(StageError, match=r"cluster-1.*cluster-2.*another group"):
        await kit_of(target, place=a_place(cluster_id="cluster-2")).run()


async def test_deleted_records_stop_the_sink_unless_it_is_told_to_skip_them() -> None:
    target = MemoryTarget()
    kit = kit_of(target)
    await kit.feed(*articles("a", "b"))
    kit.append(*articles("c", "d"))
    kit.log.begin = 3
    kit.log.records = kit.log.records[3:]
    with pytest.raises(RecordsDeletedError):
        await kit.run()
    kit.skip_deleted = True
    await kit.run()
    assert (target.ids, kit.position) == (["a", "b", "d"], 4)


async def test_an_empty_batch_that_is_refused_stops_the_sink() -> None:
    target = MemoryTarget()
    kit = kit_of(target)
    await kit.feed(*articles("a"))
    kit.append_control()
    target.before = [failing(ValueError("no"))]
    with pytest.raises(StageError, match="refuses an empty batch"):
        await kit.run()


async def test_without_a_position_in_the_target_kafka_keeps_it_and_no_empty_batch_is_written() -> None:
    target = MemoryTarget(refuses=lambda each: each == "b", names_refused=True)
    kit = kit_of(target, keeps_position=False, where=Where((Condition("feed", "suite"),)))
    kit.append(*articles("a"))
    kit.append_control()
    await kit.run()
    assert [len(batch.records) for batch in target.batches] == [1]
    assert kit.position == 2
    for place in target.places.values():
        place.position = None
    await kit.feed(*articles("b"))
    assert ([about.offset for _, about in kit.dead_letters], kit.position) == ([2], 3)


async def test_the_totals_say_what_was_written_and_what_went_wrong() -> None:
    target = MemoryTarget(refuses=lambda each: each == "b")
    kit = kit_of(target)
    await kit.feed(*articles("a", "b", "c"))
    details = kit.totals.details()
    assert (details["records_written"], details["dead_letters"], details["target"]) == (2, 1, "kit")
    assert details["write_seconds"] >= 0
    assert datetime.fromisoformat(details["last_write"]).tzinfo is not None
    kit.totals.ended = "410 Gone"
    assert kit.totals.details()["halted"] == "410 Gone"


async def _nothing(_batch: SinkBatch) -> None:
    return


async def test_a_sink_counts_its_rows_writes_and_failures() -> None:
    meter, target = Meter(), MemoryTarget()
    totals = SinkTotals(name="memory", target="memory", figures=SinkFigures.of(meter, "g", "memory"))
    kit = kit_of(target, totals=totals, limits=BatchLimits(records=2))
    await kit.feed(*articles("a", "b", "c"), b"no article")
    target.before = [failing(TransientError("away"))]
    with pytest.raises(TransientError):
        await kit.feed(*articles("d"))
    target.before = [failing(FencedError("another owner"))]
    with pytest.raises(FencedError):
        await kit.run()
    values = meter.values()
    assert values.counters == {
        'dateline_records_total{group="g",outcome="processed"}': 3,
        'dateline_records_total{group="g",outcome="dead_letter"}': 1,
        'dateline_sink_rows_total{group="g",kind="memory"}': 3,
        'dateline_sink_retries_total{group="g",kind="memory"}': 1,
    }
    assert sum(values.histograms['dateline_sink_write_seconds{group="g",kind="memory"}'].counts) == 2
