from aiokafka import TopicPartition
from dateline_status.verdicts.lag import LagMeter, RecordLag
from hypothesis import given
from hypothesis import strategies as st
from support.status_fakes import FakeKafka

TOPIC = "dateline.articles.parsed"
PARTITION = TopicPartition(TOPIC, 0)


def log_of(pattern: str) -> FakeKafka:
    kafka = FakeKafka()
    extend(kafka, pattern)
    return kafka


def extend(kafka: FakeKafka, pattern: str) -> None:
    for character in pattern:
        if character == "r":
            kafka.write(TOPIC, b"k", b"v")
        else:
            kafka.mark(TOPIC)


async def measure(meter: LagMeter, kafka: FakeKafka, offset: int) -> RecordLag:
    end = len(kafka.logs[PARTITION])
    return (await meter.measure(kafka, [(PARTITION, offset, end)]))[PARTITION, offset]


async def test_a_transaction_marker_is_not_lag() -> None:
    kafka = log_of("rrr-")
    assert await measure(LagMeter(1000), kafka, 3) == RecordLag(0, exact=True)


async def test_records_between_markers_are_counted() -> None:
    kafka = log_of("rr-r-rr-")
    assert await measure(LagMeter(1000), kafka, 1) == RecordLag(4, exact=True)


async def test_beyond_the_limit_the_distance_is_an_upper_bound_and_nothing_is_read() -> None:
    kafka = log_of("r-" * 10)
    assert await measure(LagMeter(5), kafka, 0) == RecordLag(20, exact=False)
    assert kafka.counted == []


async def test_an_offset_at_or_beyond_the_end_has_no_lag() -> None:
    kafka = log_of("rr")
    meter = LagMeter(10)
    assert await measure(meter, kafka, 2) == RecordLag(0, exact=True)
    assert await measure(meter, kafka, 5) == RecordLag(0, exact=True)


async def test_no_record_is_read_twice() -> None:
    kafka = log_of("rr-rr-")
    meter = LagMeter(1000)
    await measure(meter, kafka, 1)
    extend(kafka, "r-")
    await measure(meter, kafka, 1)
    await measure(meter, kafka, 4)
    assert kafka.counted == [{PARTITION: (1, 6)}, {PARTITION: (6, 8)}]


async def test_groups_at_several_offsets_share_one_read() -> None:
    kafka = log_of("rr-rr-")
    lags = await LagMeter(1000).measure(kafka, [(PARTITION, 0, 6), (PARTITION, 4, 6), (PARTITION, 6, 6)])
    assert {offset: lag.records for (_, offset), lag in lags.items()} == {0: 4, 4: 1, 6: 0}
    assert kafka.counted == [{PARTITION: (0, 6)}]


async def test_a_group_that_was_moved_back_is_measured_again() -> None:
    kafka = log_of("rr-rr-")
    meter = LagMeter(1000)
    await measure(meter, kafka, 4)
    assert await measure(meter, kafka, 0) == RecordLag(4, exact=True)


@given(st.lists(st.tuples(st.text(alphabet="r-", min_size=1, max_size=8), st.integers(0, 60)), max_size=8))
async def test_the_count_always_matches_the_log(steps: list[tuple[str, int]]) -> None:
    kafka = log_of("r")
    meter = LagMeter(20)
    for pattern, offset in steps:
        extend(kafka, pattern)
        log = kafka.logs[PARTITION]
        lag = await measure(meter, kafka, offset)
        if len(log) - offset > 20:
            assert lag == RecordLag(len(log) - offset, exact=False)
        else:
            assert lag == RecordLag(sum(record is not None for record in log[offset:]), exact=True)
