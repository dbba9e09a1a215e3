"""How one partition of `feeds` is read when it is opened."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka import TopicPartition
from dateline.errors import TransientError
from dateline.figures.meter import Meter
from dateline.kafka.records import Output, Record
from dateline.runtime.group_figures import GroupFigures
from dateline.runtime.state import State
from dateline.runtime.task import Task, TaskProgress
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_ingest.archives.walk import ArchiveDocument, ArchiveResult
from dateline_ingest.figures import IngestFigures
from dateline_ingest.partition import FeedPartition
from dateline_ingest.polling.progress import FeedProgress
from dateline_ingest.polling.results import Failed, FeedDocument, FeedResponse, PollResult, Read, Unchanged
from dateline_ingest.polling.slots import Slots
from dateline_ingest.settings import IngestSettings
from dateline_schemas import ArchivesRequest, Article, Feed, FeedArchives, FeedState
from dateline_schemas.topics import ARTICLES_PARSED
from dateline_web.connectivity.monitor import Connectivity
from support.feed_history import NOW, a_feed, an_item

BATCH = 2
"""Records that the fake task gives at a time."""


@dataclass
class FakeTask:
    """A task on a table of feeds that remembers what was committed."""

    records: list[Record] = field(default_factory=list)
    next_offset: int = 0
    state: State[Any] = field(default_factory=lambda: State(FeedState))
    kafka: KafkaSettings = field(default_factory=KafkaSettings)
    partition: TopicPartition = field(default_factory=lambda: TopicPartition("dateline.feeds", 0))
    plan: Any = field(default_factory=lambda: SimpleNamespace(group="ingest"))
    progress: TaskProgress = field(default_factory=TaskProgress)
    figures: GroupFigures = field(default_factory=lambda: GroupFigures.of(Meter(), "ingest"))
    name: str = "ingest-dateline.feeds-0"
    outputs: list[Output] = field(default_factory=list)
    changes: list[tuple[bytes, bytes | None]] = field(default_factory=list)
    given: list[int] = field(default_factory=list)
    """Offsets of the records that were read."""
    released: asyncio.Event = field(default_factory=asyncio.Event)
    fails: bool = False
    """Whether commits of articles fail."""

    def write(self, key: str, feed: Feed | bytes | None) -> None:
        value = feed.to_bytes() if isinstance(feed, Feed) else feed
        self.records.append(Record("dateline.feeds", 0, len(self.records), 0, key.encode(), value))

    async def take_all(self, most: int) -> AsyncIterator[Sequence[Record]]:
        for start in range(0, len(self.records), BATCH):
            batch = self.records[start : start + min(most, BATCH)]
            self.given += [record.offset for record in batch]
            yield batch

    async def take(self, most: int, seconds: float = 0.0) -> Sequence[Record]:
        """Come to the end of the table: the test is over."""
        self.released.set()
        return []

    async def commit(
        self, outputs: Sequence[Output], *, next_offset: int | None = None, also: Mapping[Any, int] | None = None
    ) -> None:
        if self.fails and outputs:
            raise TransientError("the transaction failed")
        self.outputs += outputs
        self.changes += self.state.seal()
        self.state.keep()
        if next_offset is not None:
            self.next_offset = next_offset


class NoPolls:
    """Hosts that allow no request, and remember which hosts polls wanted to reach."""

    def __init__(self) -> None:
        self.wanted: set[str] = set()

    def enter(self, names: Sequence[str], now: float, *, waited: bool = False) -> float:
        self.wanted |= set(names)
        return now + 3600


async def opened(
    task: FakeTask, *archives: ArchiveResult, polls: Sequence[PollResult] = (), meter: Meter | None = None
) -> set[str]:
    """Open a partition on a task, up to the first turn of its loop; return the hosts that polls wanted to reach.

    Args:
        task: the task.
        archives: results of requests for archives, which wait when the loop begins.
        polls: results of polls, which wait as well.
        meter: counts what is committed.
    """
    hosts, settings = NoPolls(), IngestSettings()
    task.released.clear()
    partition = FeedPartition(
        task=cast(Task, task),
        client=cast(Any, SimpleNamespace(connectivity=Connectivity())),
        hosts=cast(Any, hosts),
        settings=settings,
        runtime=RuntimeSettings(),
        progress=FeedProgress(settings=settings),
        slots=Slots(8),
        now=lambda: NOW,
        figures=IngestFigures.of(meter),
    )
    partition._polls._results.extend(polls)
    partition._archives._results.extend(archives)
    await partition.run(task.released)
    await partition.close()
    return hosts.wanted


def feed(name: str, **changes: Any) -> Feed:
    return a_feed(f"https://{name}.example/", **changes)


@pytest.fixture
def task() -> FakeTask:
    return FakeTask()


async def test_the_table_is_read_once_and_its_offset_is_committed(task: FakeTask) -> None:
    for name in "abc":
        task.write(name, feed(name))
    assert await opened(task) == {"a.example", "b.example", "c.example"}
    assert (task.given, task.next_offset) == ([0, 1, 2], 3)


async def test_a_feed_that_was_removed_or_paused_later_is_not_polled(task: FakeTask) -> None:
    for name in "abc":
        task.write(name, feed(name))
    task.write("a", None)
    task.write("b", feed("b", paused=True))
    assert await opened(task) == {"c.example"}
    assert await opened(task) == {"c.example"}


async def test_a_removed_feed_is_forgotten_with_its_items_even_if_its_tombstone_is_gone(task: FakeTask) -> None:
    for key in ("removed", "removed/seen/0", "compacted", "compacted/seen/3", "kept"):
        task.state.put(key.encode(), FeedState(url="u", seen_next=1))
    task.state.commit()
    task.write("kept", feed("kept"))
    task.write("removed", None)
    await opened(task)
    assert list(task.state.keys()) == [b"kept"]


async def test_a_change_revives_a_feed_once_over_all_openings(task: FakeTask) -> None:
    task.state.put(b"a", FeedState(url="https://a.example/", failures=3, verdict="GONE", last_poll=NOW))
    task.state.commit()
    task.write("a", feed("a"))
    task.next_offset = 1
    assert await opened(task) == set(), "the record had its effect before"
    task.write("a", feed("a"))
    assert await opened(task) == {"a.example"}
    assert [key for key, _ in task.changes] == [b"a"]
    assert await opened(task) == {"a.example"}
    assert [key for key, _ in task.changes] == [b"a"]


async def test_a_poll_that_was_asked_for_makes_the_feed_due_once_over_all_openings(task: FakeTask) -> None:
    later = NOW + timedelta(hours=1)
    for name in "ab":
        known = FeedState(url=f"https://{name}.example/", last_poll=NOW, next_poll=later)
        task.state.put(name.encode(), known.model_copy(update={"failures": 2, "verdict": "FAILING"}))
        task.write(name, feed(name))
    task.state.commit()
    task.next_offset = 2
    task.write("a", feed("a", poll_asked=NOW))
    assert await opened(task) == {"a.example"}
    ((key, value),) = task.changes
    asked = FeedState.from_bytes(value or b"")
    assert (key, asked.next_poll, asked.next_poll_reason) == (b"a", NOW, "it was asked for")
    assert (asked.failures, asked.verdict) == (2, "FAILING")
    task.state.put(b"a", asked.model_copy(update={"next_poll": later, "next_poll_reason": None}))
    assert await opened(task) == set(), "the poll was made"


async def test_an_invalid_record_becomes_one_dead_letter_and_is_never_polled(task: FakeTask) -> None:
    task.write("a", feed("a"))
    task.write("a", b"no JSON")
    task.write("b", a_feed("ftp://b.example/"))
    for _ in range(2):
        assert await opened(task) == {"a.example"}, "the feed's last valid record counts"
    assert [output.value for output in task.outputs] == [b"no JSON", a_feed("ftp://b.example/").to_bytes()]
    assert (task.figures.processed.value, task.figures.dead_letters.value) == (1, 2)
    assert task.next_offset == 3


def with_archives(task: FakeTask, name: str) -> None:
    """Let a feed whose archives are asked for be known, polled, and in the middle of its archives."""
    walk = FeedArchives(asked=NOW, next="https://archive.example/2")
    later = NOW + timedelta(hours=1)
    state = FeedState(url=f"https://{name}.example/", last_poll=NOW, next_poll=later, last_full=NOW, archives=walk)
    task.state.put(name.encode(), state)
    task.state.commit()
    task.write(name, feed(name, archives=ArchivesRequest(asked=NOW)))
    task.next_offset = 1


async def test_archives_that_were_asked_for_are_read_further_after_a_restart(task: FakeTask) -> None:
    with_archives(task, "a")
    assert await opened(task) == {"archive.example"}


async def test_articles_of_an_archive_and_the_place_of_the_walk_are_committed_together(task: FakeTask) -> None:
    with_archives(task, "a")
    document = ArchiveDocument(
        key=b"a", at=NOW, url="https://archive.example/2", items=[an_item("old")], prev="https://archive.example/1"
    )
    await opened(task, document)
    [article] = [Article.from_bytes(output.value or b"") for output in task.outputs]
    assert (article.title, article.via) == ("old", "archive")
    [(key, value)] = task.changes
    state = FeedState.from_bytes(value or b"")
    assert (key, state.archives and state.archives.next) == (b"a", "https://archive.example/1")


async def test_the_result_of_a_feed_that_was_removed_is_dropped(task: FakeTask) -> None:
    with_archives(task, "a")
    task.write("a", None)
    await opened(task, ArchiveDocument(key=b"a", at=NOW, url="https://archive.example/2", items=[an_item("old")]))
    assert task.outputs == []


async def test_polls_items_and_articles_count_by_outcome_when_they_are_committed(task: FakeTask) -> None:
    for name in "abcdef":
        task.write(name, feed(name))
    task.next_offset = 6
    response = FeedResponse(status=200)
    too_large = an_item("huge", "x" * ARTICLES_PARSED.max_message_bytes)
    polls: list[PollResult] = [
        Read(key=b"a", at=NOW, response=response, document=FeedDocument(items=[an_item("one"), an_item("two")])),
        Read(key=b"a", at=NOW, response=response, document=FeedDocument(items=[an_item("one"), an_item("two", "!")])),
        Read(key=b"b", at=NOW, response=response, document=FeedDocument(items=[too_large])),
        Unchanged(key=b"c", at=NOW, response=FeedResponse(status=304)),
        Unchanged(key=b"c", at=NOW, response=response),
        Failed(key=b"d", at=NOW, error="it fails", trouble="origin"),
        Failed(key=b"e", at=NOW, error="it is gone", trouble="gone"),
        Failed(key=b"f", at=NOW, error="its host rests", trouble="held"),
    ]
    meter = Meter()
    task.fails = True
    with pytest.raises(TransientError):
        await opened(task, polls=polls, meter=meter)
    assert meter.values().counters == {}, "a transaction that fails counts nothing"

    task.fails, task.state = False, State(FeedState)
    await opened(task, polls=polls, meter=meter)
    counted = dict.fromkeys(("new", "nothing_new", "not_modified", "failed", "gone", "held"), 1)
    counted |= {"new": 3}
    figures = IngestFigures.of(meter)
    assert {outcome: counter.value for outcome, counter in figures.polls.items()} == counted
    items = {outcome: counter.value for outcome, counter in figures.items.items()}
    assert items == {"new": 3, "changed": 1, "known": 1, "retracted": 0, "unusable": 1}
    assert (figures.from_feeds.value, len(task.outputs)) == (3, 3)
