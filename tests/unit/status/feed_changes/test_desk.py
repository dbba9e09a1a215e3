from collections.abc import Mapping
from datetime import timedelta

import pytest
from aiokafka import TopicPartition
from aiokafka.partitioner import DefaultPartitioner
from dateline.errors import DatelineError, TransientError
from dateline.feeds.address import InvalidFeedAddressError, feed_record_key
from dateline.settings import KafkaSettings
from dateline_schemas import TOPICS, Feed
from dateline_status.feed_changes.desk import FeedDesk, UnknownFeedError
from dateline_status.observer import Observer
from support.status_fakes import START, Clock, FakeKafka, observer_of

FEEDS = "dateline.feeds"
ADDRESS = "https://news.example/feed"
KEY = feed_record_key(ADDRESS)


class Table:
    """The table of feeds in a fake Kafka, and a desk before it."""

    def __init__(self) -> None:
        self.kafka = FakeKafka()
        self.clock = Clock()
        self.observer: Observer = observer_of(self.kafka, self.clock)
        self.desk = FeedDesk(
            kafka=KafkaSettings(),
            directory=lambda: self.observer.feeds,
            connect=self.kafka.connect,
            write=self.write,
            now=self.clock.now,
        )
        self.written: list[Feed] = []

    async def write(self, kafka: KafkaSettings, feeds: Mapping[bytes, Feed | None]) -> None:
        for key, feed in feeds.items():
            assert feed is not None
            self.put(feed, key)
            self.written.append(feed)

    def put(self, feed: Feed | None, key: bytes = KEY) -> None:
        self.kafka.write(FEEDS, key, None if feed is None else feed.to_bytes(), partition=self.partition(key))

    def partition(self, key: bytes) -> int:
        numbers = list(range(TOPICS["feeds"].partitions))
        return int(DefaultPartitioner()(key, numbers, numbers))


@pytest.fixture
async def table() -> Table:
    table = Table()
    table.put(Feed(url=ADDRESS, added=START, interval_seconds=900.0, folders=[["World"]]))
    await table.observer.observe()
    return table


async def test_a_feed_is_paused_resumed_and_polled_with_all_its_other_values(table: Table) -> None:
    key = KEY.decode()
    assert await table.desk.pause(key) == f"{ADDRESS}: paused."
    assert await table.desk.pause(key) == f"{ADDRESS}: was paused already."
    with pytest.raises(DatelineError, match="is paused and is not polled; resume it"):
        await table.desk.poll(key)
    assert await table.desk.resume(key) == f"{ADDRESS}: resumed."
    table.clock.sleep(5)
    assert await table.desk.poll(key) == f"{ADDRESS}: asked for a poll."
    assert [(each.paused, each.poll_asked) for each in table.written] == [
        (True, None),
        (False, None),
        (False, START + timedelta(seconds=5)),
    ]
    assert all((each.interval_seconds, each.folders) == (900.0, [["World"]]) for each in table.written)


async def test_a_change_that_the_directory_has_not_seen_yet_is_kept(table: Table) -> None:
    table.put(Feed(url=ADDRESS, added=START, name="renamed elsewhere", paused=True))
    await table.desk.resume(KEY.decode())
    assert (table.written[-1].name, table.written[-1].paused) == ("renamed elsewhere", False)
    table.put(None)
    with pytest.raises(UnknownFeedError, match="perhaps it was removed"):
        await table.desk.pause(KEY.decode())


async def test_a_feed_is_added_without_a_look_and_with_the_checks_of_the_verb(table: Table) -> None:
    done = await table.desk.add("user:secret@other.example/rss#top", name="  Other  news ", full_text=None)
    assert done == "https://other.example/rss: added."
    assert (table.written[-1].url, table.written[-1].name) == ("https://user:secret@other.example/rss", "Other news")
    assert table.written[-1].full_text == "auto"
    assert await table.desk.add(ADDRESS, name=None, full_text=None) == f"{ADDRESS}: already there."
    assert await table.desk.add(ADDRESS, name=None, full_text="always") == f"{ADDRESS}: changed."
    assert (table.written[-1].full_text, table.written[-1].interval_seconds) == ("always", 900.0)
    with pytest.raises(InvalidFeedAddressError):
        await table.desk.add("ftp://a.example/", name=None, full_text=None)
    assert len(table.written) == 2


async def test_nothing_is_written_while_kafka_or_the_record_is_not_there(table: Table) -> None:
    partition = TopicPartition(FEEDS, table.partition(KEY))
    table.kafka.logs[partition] = [None]
    with pytest.raises(TransientError, match="try again"):
        await table.desk.pause(KEY.decode())
    table.kafka.down = "no leader"
    with pytest.raises(TransientError, match="no leader"):
        await table.desk.pause(KEY.decode())
    early = Table()
    with pytest.raises(TransientError, match="has not been read yet"):
        await early.desk.pause(KEY.decode())
    assert table.written == []


async def test_without_the_topic_of_the_feeds_the_reason_says_what_creates_it(table: Table) -> None:
    table.kafka.missing = {"feeds"}
    with pytest.raises(DatelineError, match="dateline topics create"):
        await table.desk.add(ADDRESS, name=None, full_text=None)
