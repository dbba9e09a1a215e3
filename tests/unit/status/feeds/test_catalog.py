import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from aiokafka import TopicPartition
from dateline.settings import KafkaSettings
from dateline_schemas import Feed, FeedPages, FeedPoll, FeedState
from dateline_schemas.identity import feed_key
from dateline_status.feeds.catalog import FeedCatalog
from dateline_status.feeds.entry import FeedEntry
from dateline_status.feeds.models import FeedDetails
from dateline_status.feeds.query import FeedQuery
from dateline_status.feeds.reader import FeedReader
from dateline_status.feeds.selection import select
from dateline_status.observer import Observer
from support.status_fakes import START, Clock, FakeKafka, observer_of

FEEDS, STATES, PAGES = "dateline.feeds", "dateline.feed-state", "dateline.feed-pages"


@dataclass
class Lab:
    """A fake Kafka, an observer of it, and the feeds that it has read."""

    kafka: FakeKafka = field(default_factory=FakeKafka)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.observer: Observer = observer_of(self.kafka, self.clock)
        reader = FeedReader(
            self.kafka.connect,
            KafkaSettings(),
            search_records=100,
            outage=lambda: self.observer.ready().reason,
            monotonic=self.clock.monotonic,
        )
        self.feeds = FeedCatalog(
            lambda: self.observer.feeds, reader, now=self.clock.now, monotonic=self.clock.monotonic
        )

    def add(self, url: str, *, partition: int = 0, **fields: object) -> None:
        value = Feed.model_validate({"url": url, "added": START} | fields).to_bytes()
        self.kafka.write(FEEDS, feed_key(url).encode(), value, partition=partition)

    def poll(self, url: str, *, partition: int = 0, **fields: object) -> None:
        value = FeedState.model_validate({"url": url} | fields).to_bytes()
        self.kafka.write(STATES, feed_key(url).encode(), value, partition=partition)

    async def addresses(self, **query: object) -> list[str]:
        values: dict[str, object] = {"verdicts": [], "host": "", "text": "", "sort": "address", "page": 1, "size": 50}
        found = await self.feeds.listed(FeedQuery.of(**(values | query)))  # type: ignore[arg-type]
        return [each.address.removeprefix("https://").removesuffix(".example/") for each in found.feeds]


async def several() -> Lab:
    lab = Lab()
    polled = {"ok": (3, 9, 0), "quiet": (1, 7, 0), "failing": (2, None, 4), "gone": (4, 8, 1)}
    for name, (minutes, item, failures) in polled.items():
        lab.add(f"https://{name}.example/", name=f"The {name} ÄÖ")
        lab.poll(
            f"https://{name}.example/",
            verdict=name.upper(),
            last_poll=START + timedelta(minutes=minutes),
            next_poll=None if name == "gone" else START + timedelta(hours=minutes),
            last_item=None if item is None else START - timedelta(hours=item),
            failures=failures,
        )
    lab.add("https://new.example/")
    lab.add("https://paused.example/", paused=True)
    await lab.observer.observe()
    return lab


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("address", ["failing", "gone", "new", "ok", "paused", "quiet"]),
        ("-address", ["quiet", "paused", "ok", "new", "gone", "failing"]),
        ("verdict", ["gone", "failing", "quiet", "new", "ok", "paused"]),
        ("-verdict", ["paused", "ok", "new", "quiet", "failing", "gone"]),
        ("last_poll", ["gone", "ok", "failing", "quiet", "new", "paused"]),
        ("-last_poll", ["quiet", "failing", "ok", "gone", "new", "paused"]),
        ("next_poll", ["quiet", "failing", "ok", "gone", "new", "paused"]),
        ("last_item", ["quiet", "gone", "ok", "failing", "new", "paused"]),
        ("failures", ["failing", "gone", "new", "ok", "paused", "quiet"]),
    ],
)
async def test_the_list_can_be_sorted_and_feeds_without_a_value_come_last(sort: str, names: list[str]) -> None:
    lab = await several()
    assert await lab.addresses(sort=sort) == names


async def test_filters_leave_what_they_name() -> None:
    lab = await several()
    assert await lab.addresses(verdicts=["gone", "PAUSED"]) == ["gone", "paused"]
    assert await lab.addresses(host="quiet.example") == ["quiet"]
    assert await lab.addresses(host="iet.example") == []
    assert len(await lab.addresses(host="example")) == 6
    assert await lab.addresses(text="THE OK äö") == ["ok"]
    assert await lab.addresses(text="://new.") == ["new"]
    assert await lab.addresses(text="e", host="example", verdicts=["QUIET", "OK"]) == ["ok", "quiet"]


async def test_pages_are_cut_from_the_whole_list() -> None:
    lab = await several()
    assert await lab.addresses(size=4) == ["failing", "gone", "new", "ok"]
    assert await lab.addresses(size=4, page=2) == ["paused", "quiet"]
    assert await lab.addresses(size=4, page=3) == []
    found = await lab.feeds.listed(FeedQuery(verdicts=("OK", "NEW"), size=1))
    assert (found.total, found.matching, found.pages, found.complete) == (6, 2, 2, True)
    assert found.verdicts == {"GONE": 1, "FAILING": 1, "QUIET": 1, "NEW": 1, "OK": 1, "paused": 1}


async def test_the_list_is_sorted_once_for_all_readers_and_again_after_a_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lab = await several()
    calls: list[FeedQuery] = []

    def counted(entries: Sequence[FeedEntry], query: FeedQuery) -> list[FeedEntry]:
        calls.append(query)
        return select(entries, query)

    monkeypatch.setattr("dateline_status.feeds.catalog.select", counted)
    await asyncio.gather(*(lab.addresses(page=page, size=2) for page in (1, 2, 3)))
    await lab.addresses()
    assert len(calls) == 1
    lab.add("https://aaa.example/")
    await lab.observer.observe()
    lab.clock.sleep(0.5)
    assert (await lab.addresses())[0] == "failing"
    lab.clock.sleep(0.6)
    assert (await lab.addresses())[0] == "aaa"
    assert len(calls) == 2


async def test_before_the_first_read_the_list_is_not_complete() -> None:
    lab = Lab()
    assert (await lab.feeds.listed(FeedQuery())).complete is False
    assert lab.feeds.find("https://a.example/") is None


async def test_the_last_list_stays_while_kafka_is_down_and_until_it_was_read_again() -> None:
    lab = await several()
    lab.kafka.down = "no broker"
    await lab.observer.observe()
    assert len(await lab.addresses()) == 6
    lab.kafka.down = None
    lab.add("https://zzz.example/")
    await lab.observer.observe()
    lab.clock.sleep(2)
    assert (await lab.addresses())[-1] == "zzz"


@pytest.mark.parametrize("fields", [{"verdicts": ["BAD"]}, {"sort": "name"}, {"sort": "--address"}])
def test_unknown_verdicts_and_orders_are_refused(fields: dict[str, object]) -> None:
    values: dict[str, object] = {"verdicts": [], "host": "", "text": "", "sort": "address", "page": 1, "size": 50}
    with pytest.raises(ValueError, match="OK" if "verdicts" in fields else "last_poll"):
        FeedQuery.of(**(values | fields))  # type: ignore[arg-type]


def test_the_address_of_a_list_has_what_is_not_the_default() -> None:
    query = FeedQuery(verdicts=("GONE", "OK"), text="a&b", page=3)
    assert query.address() == "/feeds?verdict=GONE&verdict=OK&text=a%26b&page=3"
    assert query.sorted_by("failures") == "/feeds?verdict=GONE&verdict=OK&text=a%26b&sort=failures"
    assert FeedQuery(sort="failures", page=3).sorted_by("failures") == "/feeds?sort=-failures"
    assert FeedQuery().address() == "/feeds"


URL = "https://ann:sesame@news.example/rss"


async def one(**fields: object) -> Lab:
    lab = Lab()
    lab.add(URL, partition=2, home_page="https://bob:open@news.example/", full_text="auto", **fields)
    lab.poll(
        "https://news.example/rss",
        partition=2,
        verdict="FAILING",
        reason="timed out",
        last_poll=START,
        next_poll=START + timedelta(minutes=5),
        next_poll_reason="the last poll failed",
        last_error="no answer from https://eve:door@news.example/rss",
        polls=[
            FeedPoll(at=START - timedelta(minutes=5), status=200, items=9, new=2, outcome="read"),
            FeedPoll(at=START, reason="timed out", outcome="failed"),
        ],
    )
    await lab.observer.observe()
    return lab


async def details(lab: Lab, name: str = URL) -> FeedDetails:
    entry = lab.feeds.find(name)
    assert entry is not None
    return await lab.feeds.details(entry)


async def test_a_feed_is_found_by_its_key_and_by_its_address() -> None:
    lab = await one()
    key = feed_key(URL)
    for name in (key, URL, "HTTPS://News.Example:443/rss"):
        entry = lab.feeds.find(name)
        assert entry is not None, name
        assert entry.id == key
    assert lab.feeds.find("https://other.example/") is None
    assert lab.feeds.find("\udcff€") is None


async def test_a_feed_is_shown_with_its_records_and_in_words() -> None:
    shown = await details(await one())
    facts = {each.name: each.text for each in shown.facts}
    assert shown.problem is None
    assert (shown.next_poll.name, shown.next_poll.text) == ("next poll at", "because the last poll failed")
    assert facts["last error"] == "no answer from https://news.example/rss"
    assert facts["full text"].startswith("reads the pages of the items that lack text")
    assert [(each.kind, each.outcome) for each in shown.polls] == [("failed", "failed"), ("new", "read")]
    assert shown.records["feed-state"]["position"] == f"{STATES}[2]@0"
    assert shown.records["feeds"]["value"]["home_page"] == "https://news.example/"


async def test_no_answer_has_credentials() -> None:
    text = (await details(await one())).model_dump_json()
    assert not any(secret in text for secret in ("sesame", "bob", "door"))


async def test_what_pages_gave_is_read_with_the_feed() -> None:
    lab = await one()
    for site, number in [("a.example", 1), ("b.example", 5), ("a.example", 2)]:
        value = FeedPages(site=site, at=START, pages=number, read=number, more=1).to_bytes()
        lab.kafka.write(PAGES, f"{feed_key(URL)}/{site}".encode(), value, partition=2)
    lab.kafka.write(PAGES, b"other/c.example", FeedPages(site="c.example", at=START).to_bytes(), partition=2)
    facts = {each.name: each.text for each in (await details(lab)).facts}
    assert [name for name in facts if name.startswith("pages of")] == ["pages of b.example", "pages of a.example"]
    assert facts["pages of a.example"].startswith("1 of 2 held more text than the feed")


async def test_an_open_page_reads_kafka_again_only_after_a_change() -> None:
    lab = await one()
    before = lab.kafka.connections
    for _ in range(3):
        await details(lab)
    assert lab.kafka.connections == before + 1
    lab.add(URL, partition=2, paused=True)
    await lab.observer.observe()
    assert (await details(lab)).next_poll.name == "no next poll"
    assert lab.kafka.connections == before + 2


async def test_while_kafka_is_down_the_page_says_so_and_keeps_what_it_knows() -> None:
    lab = await one()
    await details(lab)
    lab.kafka.down = "no broker"
    await lab.observer.observe()
    assert (await details(lab)).records.keys() == {"feeds", "feed-state"}
    lab.clock.sleep(100)
    shown = await details(lab)
    assert shown.problem is not None
    assert shown.problem.endswith("as it was before")
    assert shown.summary.verdict == "FAILING"

    other = await one()
    other.kafka.down = "no broker"
    shown = await details(other)
    assert shown.problem == "Kafka does not answer: no broker"
    assert (shown.polls, shown.records, shown.next_poll.at) == ([], {}, START + timedelta(minutes=5))
    other.kafka.down = None
    assert (await details(other)).problem is not None, "it is asked again only after some seconds"
    other.clock.sleep(6)
    assert (await details(other)).problem is None


async def test_a_record_that_compaction_has_removed_is_missing_until_the_newer_one_was_read() -> None:
    lab = await one()
    where = TopicPartition(STATES, 2)
    lab.kafka.logs[where][0] = None
    lab.poll("https://news.example/rss", partition=2, verdict="OK", last_poll=START)
    shown = await details(lab)
    assert shown.problem == (
        "its newest record in feed-state was replaced a moment ago; the page shows it with the next update"
    )
    assert shown.summary.verdict == "FAILING"
    await lab.observer.observe()
    shown = await details(lab)
    assert (shown.problem, shown.summary.verdict) == (None, "OK")


async def test_a_huge_or_invalid_record_is_not_shown_as_it_is() -> None:
    lab = Lab()
    lab.add("https://a.example/", name="x" * 100_000)
    await lab.observer.observe()
    value = (await details(lab, "https://a.example/")).records["feeds"]["value"]
    assert value.endswith("bytes, too many to show")
