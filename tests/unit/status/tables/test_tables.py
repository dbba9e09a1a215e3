from datetime import timedelta

import pytest
from dateline.kafka.records import Headers, Record
from dateline_schemas import DeadLetter, GroupOffset
from dateline_status.tables import dead_letters as letters
from dateline_status.tables.dead_letters import LetterTable
from dateline_status.tables.groups import GroupTable
from dateline_status.tables.heartbeats import HeartbeatTable
from support.status_fakes import START, beat


def record(key: bytes | None, value: bytes | None, *, offset: int = 0, headers: Headers = ()) -> Record:
    return Record(topic="t", partition=0, offset=offset, timestamp=0, key=key, value=value, headers=headers)


def letter(offset: int, *, group: str = "enrich", error: str = "ContractError", age: float = 0.0) -> Record:
    known = DeadLetter(
        topic="dateline.articles.parsed",
        partition=1,
        offset=offset,
        group=group,
        stage="parse",
        error_type=error,
        error_message="<b>no JSON</b>",
        failed_at=START - timedelta(seconds=age),
    )
    return record(b"k", b"\x00", offset=offset, headers=tuple(known.to_headers()))


def test_a_live_heartbeat_counts_from_its_arrival_whatever_its_clock() -> None:
    table = HeartbeatTable()
    slow = beat(at=START - timedelta(hours=1))
    table.fold(record(b"enrich/1", slow.to_bytes()), START, live=True)
    assert [each.seen for each in table] == [START]


def test_an_old_heartbeat_counts_from_its_sending_but_never_from_the_future() -> None:
    table = HeartbeatTable()
    table.fold(record(b"a", beat(at=START - timedelta(hours=1)).to_bytes()), START, live=False)
    table.fold(record(b"b", beat(at=START + timedelta(hours=1)).to_bytes()), START, live=False)
    assert [each.seen for each in table] == [START - timedelta(hours=1), START]


def test_a_tombstone_removes_an_instance_and_a_group() -> None:
    heartbeats, groups = HeartbeatTable(), GroupTable()
    heartbeats.fold(record(b"a", beat().to_bytes()), START, live=True)
    heartbeats.fold(record(b"a", None), START, live=True)
    key, value = GroupOffset(group="g", topic="t", partition=0, offset=0, created=START).to_record()
    groups.fold(record(key, value))
    groups.fold(record(key, None))
    assert list(heartbeats) == []
    assert groups.by_group() == {}


def test_invalid_records_are_skipped() -> None:
    heartbeats, groups = HeartbeatTable(), GroupTable()
    for value in (b"", b"\xff\x00", b"[]", b'{"service": 1}'):
        heartbeats.fold(record(None, value), START, live=True)
        groups.fold(record(None, value))
    assert list(heartbeats) == []
    assert groups.by_group() == {}


def test_dead_letters_are_counted_by_group_and_error() -> None:
    table = LetterTable()
    for offset, (group, error, age) in enumerate(
        [("enrich", "ContractError", 10), ("enrich", "ContractError", 5000), ("headlines", "KeyError", 0)]
    ):
        table.fold(letter(offset, group=group, error=error, age=age))
    table.unread = 7
    report = table.report(START, recent_seconds=3600)
    assert (report.open, report.recent, report.replayed, report.unread) == (3, 2, 0, 7)
    assert [(each.group, each.error_type, each.count) for each in report.counts] == [
        ("enrich", "ContractError", 2),
        ("headlines", "KeyError", 1),
    ]
    assert report.counts[0].latest == START - timedelta(seconds=10)
    assert [each.position for each in report.last] == ["0:2", "0:1", "0:0"]
    assert report.last[0].origin == "dateline.articles.parsed[1]@2"


def test_a_dead_letter_that_was_replayed_is_no_longer_open() -> None:
    table = LetterTable()
    table.fold(letter(0))
    table.fold(record(b"k", None, offset=1, headers=(("dl_resolves", b"0:0"),)))
    table.fold(record(b"k", None, offset=2, headers=(("dl_resolves", b"9:9"),)))
    report = table.report(START, recent_seconds=3600)
    assert (report.open, report.recent, report.replayed) == (0, 0, 1)
    assert report.last[0].replayed


def test_records_without_the_headers_of_a_dead_letter_are_shown_as_unknown() -> None:
    table = LetterTable()
    table.fold(record(None, b"noise"))
    report = table.report(START, recent_seconds=3600)
    assert [(each.group, each.count) for each in report.counts] == [("unknown", 1)]


def test_letters_that_retention_deleted_are_removed() -> None:
    table = LetterTable()
    for offset in range(4):
        table.fold(letter(offset))
    table.fold(record(b"k", None, offset=4, headers=(("dl_resolves", b"0:1"),)))
    table.expire({0: 3})
    report = table.report(START, recent_seconds=3600)
    assert (report.open, report.replayed) == (1, 0)


def test_at_most_the_limit_of_letters_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "READ_LIMIT", 3)
    table = LetterTable()
    for offset in range(5):
        table.fold(letter(offset))
    report = table.report(START, recent_seconds=3600)
    assert (report.open, report.unread) == (3, 2)
