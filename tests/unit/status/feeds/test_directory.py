from datetime import timedelta

from dateline.kafka.records import Record
from dateline_schemas import Feed, FeedSeen, FeedState
from dateline_status.feeds.directory import FeedDirectory
from support.status_fakes import START


def record(key: bytes | None, value: bytes | None, *, partition: int = 0, offset: int = 0) -> Record:
    return Record(topic="t", partition=partition, offset=offset, timestamp=0, key=key, value=value)


def feed(url: str, **fields: object) -> bytes:
    return Feed.model_validate({"url": url, "added": START} | fields).to_bytes()


def state(url: str, **fields: object) -> bytes:
    return FeedState.model_validate({"url": url} | fields).to_bytes()


def several() -> FeedDirectory:
    directory = FeedDirectory()
    states = {"a": "OK", "b": "QUIET", "c": "FAILING", "d": "GONE"}
    for name in [*states, "new", "paused"]:
        directory.fold_feed(record(name.encode(), feed(f"https://{name}.example/rss", paused=name == "paused")))
    for name, verdict in [*states.items(), ("paused", "GONE"), ("removed", "GONE")]:
        value = state(f"https://{name}.example/rss", verdict=verdict, reason="why")
        directory.fold_state(record(name.encode(), value))
    return directory


def test_feeds_are_counted_by_verdict_and_the_worst_are_named_first() -> None:
    directory = several()
    report = directory.report()
    assert (report.total, report.paused) == (6, 1)
    assert report.verdicts == {"FAILING": 1, "GONE": 2, "NEW": 1, "OK": 1, "QUIET": 1}
    assert [each.verdict for each in report.problems] == ["GONE", "FAILING", "QUIET"]
    assert +directory.shown == {"FAILING": 1, "GONE": 1, "NEW": 1, "OK": 1, "QUIET": 1, "paused": 1}


def test_counts_follow_every_change() -> None:
    directory = several()
    directory.fold_state(record(b"d", state("https://d.example/rss", verdict="OK")))
    directory.fold_feed(record(b"c", feed("https://c.example/rss", paused=True)))
    directory.fold_feed(record(b"paused", feed("https://paused.example/rss")))
    directory.fold_feed(record(b"b", None))
    directory.fold_state(record(b"a", None))
    report = directory.report()
    assert (report.total, report.paused) == (5, 1)
    assert report.verdicts == {"FAILING": 1, "GONE": 1, "NEW": 2, "OK": 1}
    assert [each.url for each in report.problems] == ["https://paused.example/rss"]
    assert +directory.shown == {"GONE": 1, "NEW": 2, "OK": 1, "paused": 1}


def test_at_most_twenty_feeds_are_named_by_verdict_and_address() -> None:
    directory = FeedDirectory()
    for number in range(30):
        key, url = b"%d" % number, f"https://{number:02}.example/rss"
        directory.fold_feed(record(key, feed(url)))
        directory.fold_state(record(key, state(url, verdict="GONE" if number >= 25 else "FAILING")))
    named = [each.url for each in directory.report().problems]
    assert named == [f"https://{number:02}.example/rss" for number in [*range(25, 30), *range(15)]]


def test_credentials_of_a_feed_are_not_reported() -> None:
    directory = FeedDirectory()
    directory.fold_feed(record(b"a", feed("https://ann:sesame@a.example/rss")))
    directory.fold_state(record(b"a", state("https://a.example/rss", verdict="FAILING", reason="no //bob:open@b")))
    directory.fold_state(record(b"a/seen/0", FeedSeen(items="").to_bytes()))
    [problem] = directory.report().problems
    assert (problem.url, problem.reason) == ("https://a.example/rss", "no //b")


def test_a_state_may_come_before_its_feed() -> None:
    directory = FeedDirectory()
    directory.fold_state(record(b"a", state("https://a.example/", verdict="OK", title="Its title")))
    assert directory.report().total == 0
    assert directory.get(b"a") is None
    directory.fold_feed(record(b"a", feed("https://a.example/")))
    assert directory.report().verdicts == {"OK": 1}
    entry = directory.get(b"a")
    assert entry is not None
    assert entry.name == "Its title"


def test_a_removed_feed_is_not_counted() -> None:
    directory = FeedDirectory()
    directory.fold_feed(record(b"a", feed("https://a.example/")))
    directory.fold_state(record(b"a", state("https://a.example/")))
    directory.fold_feed(record(b"a", None))
    directory.fold_state(record(b"a", None))
    assert directory.report().verdicts == {}
    assert directory.snapshot() == []


def test_an_entry_knows_where_the_newest_records_are() -> None:
    directory = FeedDirectory()
    directory.fold_feed(record(b"a", feed("https://A.example:8443/rss", name="Ours"), partition=3, offset=7))
    late = START + timedelta(hours=1)
    value = state("https://a.example/", title="Theirs", last_poll=START, next_poll=late, failures=2)
    directory.fold_state(record(b"a", value, partition=3, offset=9))
    directory.fold_state(record(b"a", b"no JSON", partition=3, offset=10))
    entry = directory.get(b"a")
    assert entry is not None
    assert (entry.feed_partition, entry.feed_offset, entry.state_partition, entry.state_offset) == (3, 7, 3, 9)
    assert (entry.host, entry.name, entry.failures) == ("a.example", "Ours", 2)
    assert (entry.last_poll, entry.next_poll) == (START.timestamp(), late.timestamp())


def test_invalid_records_and_tombstones_of_unknown_feeds_are_skipped() -> None:
    directory = FeedDirectory()
    for value in (b"", b"\xff\x00", b"[]", b'{"url": 1}', None):
        directory.fold_feed(record(None, value))
        directory.fold_state(record(b"x", value))
    assert directory.report().total == 0
    assert directory.snapshot() == []


def test_text_of_strangers_is_one_short_line() -> None:
    directory = FeedDirectory()
    directory.fold_feed(record(b"a", feed("https://a.example/", name="x\n\u202ey" + "z" * 10_000)))
    entry = directory.get(b"a")
    assert entry is not None
    assert entry.name is not None
    assert entry.name.startswith("x \ufffdyzz")
    assert len(entry.name) == 300
