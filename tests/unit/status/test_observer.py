import asyncio
from dataclasses import dataclass

from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError
from dateline.errors import TransientError
from dateline.kafka.topics import TopicReport
from dateline_schemas import DeadLetter, Feed
from dateline_status.report import GroupReport, PipelineReport
from dateline_status.tables.dead_letters import READ_LIMIT
from dateline_status.verdicts.groups import QUESTIONS
from support.status_fakes import PARSED, START, Clock, FakeKafka, beat, observer_of


@dataclass
class ManyGroups(FakeKafka):
    """A Kafka that counts how many groups it is asked about at a time."""

    refused: str | None = None
    asking: int = 0
    most: int = 0

    async def members(self, group: str) -> dict[str, frozenset[TopicPartition]]:
        self.asking += 1
        self.most = max(self.most, self.asking)
        try:
            await asyncio.sleep(0)
            if group == self.refused:
                raise TransientError("no coordinator")
            await asyncio.sleep(0)
            return await super().members(group)
        finally:
            self.asking -= 1


async def seen(kafka: FakeKafka, clock: Clock | None = None) -> PipelineReport:
    observer = observer_of(kafka, clock or Clock())
    await observer.observe()
    pipeline = observer.report().pipeline
    assert pipeline is not None
    return pipeline


async def group_of(kafka: FakeKafka) -> GroupReport:
    return (await seen(kafka)).groups[0]


async def test_a_running_pipeline_passes() -> None:
    kafka = FakeKafka()
    kafka.write_heartbeat(beat())
    where = kafka.create_group("enrich")
    kafka.write(PARSED, b"k", b"v")
    kafka.mark(PARSED)
    kafka.offsets["enrich", where] = 1
    observer = observer_of(kafka, Clock())
    await observer.observe()
    report = observer.report()
    assert (report.status, report.problems) == ("pass", [])
    assert report.pipeline is not None
    group = report.pipeline.groups[0]
    assert (group.group, group.verdict, group.lag, group.exact, group.members) == ("enrich", "OK", 0, True, 1)
    (partition,) = group.partitions
    assert (partition.offset, partition.end, partition.lag, partition.owner) == (1, 2, 0, "enrich-1")
    parsed = report.pipeline.topics[0]
    assert (parsed.name, parsed.records, parsed.exact, parsed.ends) == (PARSED, 1, True, [2, 0, 0, 0])


async def test_records_read_for_a_topic_are_reused_for_its_groups() -> None:
    kafka = FakeKafka()
    kafka.create_group("enrich")
    kafka.create_group("headlines")
    kafka.write(PARSED, b"k", b"v")
    observer = observer_of(kafka, Clock())
    await observer.observe()
    await observer.observe()
    assert kafka.counted == [{TopicPartition(PARSED, 0): (0, 1)}]


async def test_a_group_that_does_not_move_stalls_after_the_window() -> None:
    kafka, clock = FakeKafka(), Clock()
    kafka.create_group("enrich")
    kafka.write(PARSED, b"k", b"v")
    observer = observer_of(kafka, clock)
    verdicts = []
    for _ in range(4):
        await observer.observe()
        report = observer.report()
        assert report.pipeline is not None
        verdicts.append((report.pipeline.groups[0].verdict, report.status))
        clock.sleep(20)
    assert verdicts == [("OK", "warn"), ("OK", "warn"), ("OK", "warn"), ("STALL", "fail")]
    assert "group enrich: dateline.articles.parsed[0]: 1 record to process and no progress for 60 s" in report.problems


async def test_a_group_without_members_has_stopped() -> None:
    kafka = FakeKafka()
    kafka.create_group("enrich")
    kafka.write(PARSED, b"k", b"v")
    kafka.joined.clear()
    group = await group_of(kafka)
    assert (group.verdict, group.members, group.partitions[0].owner) == ("STOP", 0, None)


async def test_a_group_reports_on_how_many_partitions_it_has_the_same_problem() -> None:
    kafka = FakeKafka()
    for partition in range(3):
        kafka.create_group("enrich", partition=partition)
        kafka.write(PARSED, b"k", b"v", partition=partition)
    kafka.joined.clear()
    group = await group_of(kafka)
    assert group.lag == 3
    assert group.reason == (
        "dateline.articles.parsed[0]: 1 record to process and no members in the group (and 2 more like it)"
    )


async def test_the_name_of_an_error_is_not_repeated() -> None:
    kafka = FakeKafka(bug=KafkaConnectionError("no broker"))
    observer = observer_of(kafka, Clock())
    await observer.observe()
    assert observer.report().kafka.error == "KafkaConnectionError: no broker"


async def test_a_group_whose_offset_is_lost_is_not_taken_for_a_new_one() -> None:
    kafka = FakeKafka()
    kafka.create_group("enrich", offset=3)
    kafka.offsets.clear()
    group = await group_of(kafka)
    assert (group.verdict, group.exact) == ("STOP", False)
    assert (
        group.reason == "dateline.articles.parsed[0]: the group started at offset 3, and its committed offset is lost"
    )
    assert (group.partitions[0].offset, group.partitions[0].lag) == (None, None)


async def test_records_that_retention_deleted_unread_are_named() -> None:
    kafka = FakeKafka()
    where = kafka.create_group("enrich", offset=1)
    for _ in range(6):
        kafka.write(PARSED, b"k", b"v")
    kafka.deleted[where] = 4
    group = await group_of(kafka)
    assert (group.verdict, group.lag) == ("STOP", 2)
    assert group.reason is not None
    assert "retention deleted the offsets 1 to 3 before they were read" in group.reason


async def test_a_marker_that_retention_deleted_is_not_a_loss() -> None:
    kafka, clock = FakeKafka(), Clock()
    where = kafka.create_group("enrich", offset=1)
    kafka.write(PARSED, b"k", b"v")
    for _ in range(3):
        kafka.mark(PARSED)
    observer = observer_of(kafka, clock)
    await observer.observe()
    kafka.deleted[where] = 4
    await observer.observe()
    pipeline = observer.report().pipeline
    assert pipeline is not None
    assert pipeline.groups[0].verdict == "OK"


async def test_groups_on_foreign_topics_are_watched_while_the_topics_exist() -> None:
    kafka = FakeKafka()
    kafka.create_group("mine", topic="other.topic")
    kafka.create_group("mine", topic="gone.topic")
    kafka.write("other.topic", b"k", b"v")
    group = await group_of(kafka)
    assert [(each.topic, each.lag) for each in group.partitions] == [("other.topic", 1)]


async def test_missing_topics_are_a_warning_and_different_partitions_a_failure() -> None:
    kafka = FakeKafka(missing={"seen", "feeds"})
    kafka.write_heartbeat(beat())
    observer = observer_of(kafka, Clock())
    await observer.observe()
    assert observer.report().status == "warn"
    assert observer.report().problems == [
        "topics: dateline.seen, dateline.feeds missing; `dateline topics` creates them"
    ]
    kafka = FakeKafka(differences={"seen": (("partitions", "4", "1"),), "feeds": (("retention.ms", "-1", "5"),)})
    kafka.write_heartbeat(beat())
    observer = observer_of(kafka, Clock())
    await observer.observe()
    assert observer.report().status == "fail"
    assert observer.report().problems == [
        "dateline.seen: partitions is 1 and should be 4",
        "dateline.feeds: retention.ms is 5 and should be -1",
    ]


async def test_new_topics_are_followed_from_the_next_read_on() -> None:
    kafka = FakeKafka(missing={"heartbeats", "groups"})
    observer = observer_of(kafka, Clock())
    await observer.observe()
    kafka.missing.clear()
    kafka.write_heartbeat(beat())
    await observer.observe()
    pipeline = observer.report().pipeline
    assert pipeline is not None
    assert [each.service for each in pipeline.services] == ["enrich"]


async def test_each_record_is_counted_once() -> None:
    kafka, clock = FakeKafka(), Clock()
    letter = DeadLetter(
        topic=PARSED,
        partition=0,
        offset=0,
        group="enrich",
        stage="parse",
        error_type="ContractError",
        error_message="no JSON",
        failed_at=START,
    )
    observer = observer_of(kafka, clock)
    for expected in (1, 2, 3):
        kafka.write("dateline.dead-letters", b"k", b"\x00", tuple(letter.to_headers()))
        kafka.mark("dateline.dead-letters")
        await observer.observe()
        await observer.observe()
        report = observer.report()
        assert report.pipeline is not None
        assert report.pipeline.dead_letters.open == expected
    assert "dead letters: 3 new; `dateline dead-letters list` shows them" in report.problems


async def test_only_the_newest_of_many_dead_letters_are_read() -> None:
    kafka = FakeKafka()
    for _ in range(READ_LIMIT + 10):
        kafka.mark("dateline.dead-letters")
    assert (await seen(kafka)).dead_letters.unread == 10


async def test_feeds_are_reported() -> None:
    kafka = FakeKafka()
    kafka.write("dateline.feeds", b"a", Feed(url="https://a.example/", added=START).to_bytes())
    kafka.write("dateline.feed-state", b"a", b'{"url": "https://a.example/", "verdict": "GONE", "reason": "410"}')
    observer = observer_of(kafka, Clock())
    await observer.observe()
    assert "feeds: 1 GONE: https://a.example/: 410" in observer.report().problems


async def test_the_report_fails_before_kafka_was_read() -> None:
    observer = observer_of(FakeKafka(), Clock())
    report = observer.report()
    assert (report.status, report.pipeline, report.kafka.reachable) == ("fail", None, False)
    assert not observer.ready().ok
    assert observer.live().ok


async def test_while_kafka_is_down_the_last_snapshot_stays_with_start_and_cause_of_the_outage() -> None:
    kafka, clock = FakeKafka(), Clock()
    kafka.write_heartbeat(beat())
    observer = observer_of(kafka, clock)
    await observer.observe()
    clock.sleep(10)
    kafka.down = "no broker answers"
    for _ in range(3):
        await observer.observe()
        clock.sleep(10)
    report = observer.report()
    assert report.status == "fail"
    assert report.kafka.error == "TransientError: no broker answers"
    assert (report.kafka.since - START).total_seconds() == 10
    assert report.problems[0].startswith("kafka: not reachable at 127.0.0.1:9092 since 2024-06-12 10:00:10 UTC")
    assert report.pipeline is not None
    assert report.pipeline.services[0].verdict == "alive"
    assert observer.live().ok
    assert observer.ready().reason == "Kafka does not answer: TransientError: no broker answers"


async def test_after_an_outage_services_and_groups_get_more_time() -> None:
    kafka, clock = FakeKafka(), Clock()
    kafka.write_heartbeat(beat())
    kafka.create_group("enrich")
    kafka.write(PARSED, b"k", b"v")
    observer = observer_of(kafka, clock)
    await observer.observe()
    kafka.down = "gone"
    clock.sleep(300)
    await observer.observe()
    kafka.down = None
    kafka.joined.clear()
    await observer.observe()
    report = observer.report()
    assert report.kafka.reachable
    assert report.kafka.since == report.generated
    assert report.pipeline is not None
    assert report.pipeline.services[0].verdict == "alive"
    assert report.pipeline.groups[0].verdict == "OK"
    assert (kafka.connections, kafka.closed) == (2, 1)
    for _ in range(2):
        clock.sleep(16)
        await observer.observe()
    pipeline = observer.report().pipeline
    assert pipeline is not None
    assert pipeline.services[0].verdict == "late"
    assert pipeline.groups[0].verdict == "STOP"


async def test_a_bug_does_not_stop_the_observer() -> None:
    kafka = FakeKafka(bug=ZeroDivisionError("a bug"))
    observer = observer_of(kafka, Clock())
    await observer.observe()
    assert observer.report().kafka.error == "ZeroDivisionError: a bug"


async def test_a_stuck_observer_is_neither_live_nor_ready() -> None:
    kafka, clock = FakeKafka(), Clock()
    observer = observer_of(kafka, clock)
    await observer.observe()
    assert observer.ready().ok
    clock.sleep(31)
    assert observer.live().reason == "the observer has made no progress for 31 s"
    assert observer.ready().reason == "Kafka was last read 31 s ago"
    report = observer.report()
    assert (report.status, report.kafka.since) == ("fail", START)


async def test_the_loop_retries_after_a_failure_and_closes_at_the_end() -> None:
    stop = asyncio.Event()
    reports = []

    class Recovering(FakeKafka):
        async def connect(self) -> FakeKafka:
            reports.append(observer.report())
            self.down = None if len(reports) > 1 else "not yet"
            return await super().connect()

        async def topics(self) -> list[TopicReport]:
            stop.set()
            return await super().topics()

    kafka = Recovering()
    observer = observer_of(kafka, Clock())
    await observer.run(stop)
    assert reports[1].kafka.error == "TransientError: not yet"
    assert kafka.closed == kafka.connections == 1


async def test_groups_are_asked_about_side_by_side_but_not_all_at_once() -> None:
    kafka = ManyGroups()
    for number in range(40):
        kafka.create_group(f"group-{number:02}")
    report = await seen(kafka)
    assert [each.group for each in report.groups] == [f"group-{number:02}" for number in range(40)]
    assert 1 < kafka.most <= QUESTIONS


async def test_when_one_question_about_a_group_fails_the_others_end_with_it() -> None:
    kafka = ManyGroups(refused="group-03")
    for number in range(40):
        kafka.create_group(f"group-{number:02}")
    observer = observer_of(kafka, Clock())
    await observer.observe()
    assert observer.ready().reason == "Kafka does not answer: TransientError: no coordinator"
    assert (kafka.asking, kafka.closed) == (0, 1)
