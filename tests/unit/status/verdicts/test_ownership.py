from datetime import timedelta

from dateline_schemas import GroupOffset
from dateline_status.report import PipelineReport
from dateline_status.tables.heartbeats import Beat
from dateline_status.verdicts.ownership import own_groups, started_by
from support.status_fakes import PARSED, START, Clock, FakeKafka, beat, observer_of


def marker(group: str, **fields: object) -> GroupOffset:
    values = {"group": group, "topic": PARSED, "partition": 0, "offset": 0, "created": START}
    return GroupOffset.model_validate(values | fields)


async def health_when_left_alone(group: str, **fields: object) -> tuple[str, PipelineReport]:
    kafka, clock = FakeKafka(), Clock()
    where = kafka.create_group(group)
    kafka.write("dateline.groups", *marker(group, **fields).to_record())
    kafka.write_heartbeat(beat())
    kafka.write(PARSED, b"k", b"v")
    kafka.joined[group] = {}
    observer = observer_of(kafka, clock, stopped_seconds=10)
    await observer.observe()
    clock.sleep(30)
    kafka.write_heartbeat(beat(at=clock.now()))
    await observer.observe()
    report = observer.report()
    assert kafka.offsets[group, where] == 0
    assert report.pipeline is not None
    return report.status, report.pipeline


async def test_group_of_the_pipeline_that_nobody_works_for_fails() -> None:
    status, pipeline = await health_when_left_alone("sent-on", role="pipeline")

    assert (status, pipeline.groups[0].verdict, pipeline.groups[0].own) == ("fail", "STOP", True)


async def test_consumer_that_was_tried_once_warns_and_says_who_started_it_and_what_to_do() -> None:
    status, pipeline = await health_when_left_alone(
        "headlines", role="consumer", host="desk-7", user="ana", program="dateline run examples.headlines:headlines"
    )

    group = pipeline.groups[0]
    assert (status, group.verdict, group.status, group.own) == ("warn", "STOP", "warn", False)
    assert group.reason is not None
    assert "started by ana on desk-7 at 2024-06-12 10:00 UTC, with `dateline run " in group.reason
    assert "`dateline groups forget headlines`" in group.reason


async def test_marker_of_an_earlier_version_is_judged_by_its_name() -> None:
    assert (await health_when_left_alone("enrich"))[0] == "fail"
    assert (await health_when_left_alone("headlines"))[0] == "warn"


def test_process_that_runs_a_group_for_the_pipeline_makes_it_the_pipelines_own() -> None:
    beats = [
        Beat(beat("enrich", group="news"), START),
        Beat(beat("archive", group="archive", details={"role": "pipeline"}), START),
        Beat(beat("headlines", group="headlines"), START),
    ]
    groups = {name: [marker(name)] for name in ("news", "archive", "headlines")}

    assert own_groups(groups, beats) == {"news", "archive"}


def test_consumer_that_calls_its_group_like_a_service_is_still_a_consumer() -> None:
    assert own_groups({"enrich": [marker("enrich", role="consumer")]}, []) == frozenset()


def test_a_group_was_started_by_the_first_of_its_markers() -> None:
    later = marker("g", host="b", program="p", created=START + timedelta(days=1))

    assert started_by([later, marker("g", host="a", user="ana")]) == "started by ana on a at 2024-06-12 10:00 UTC"
    assert started_by([marker("g")]) is None


async def test_consumer_that_failed_does_not_fail_the_pipeline() -> None:
    kafka = FakeKafka()
    kafka.write_heartbeat(beat())
    kafka.write_heartbeat(beat("headlines", "headlines-1", state="failed", reason="out of cheese", group="headlines"))
    observer = observer_of(kafka, Clock())
    await observer.observe()

    report = observer.report()
    assert report.status == "warn"
    assert any("out of cheese" in problem for problem in report.problems)
