"""One partition of `page-requests`: what is committed together, and when nothing is sent."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka import TopicPartition
from dateline.errors import TransientError
from dateline.figures.meter import Meter
from dateline.kafka.records import Output, Record
from dateline.pipeline.events import page_request_output
from dateline.runtime.group_figures import GroupFigures
from dateline.runtime.state import State
from dateline.runtime.task import Task, TaskProgress
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_pages.fetching.visit_maker import VisitMaker
from dateline_pages.fetching.visit_slots import VisitSlots
from dateline_pages.figures import PageFigures
from dateline_pages.metadata.merging import merged_article
from dateline_pages.partition import SitePartition
from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.visit import RulesRead, Visit, VisitResult
from dateline_pages.steady_clock import SteadyClock
from dateline_schemas import Article, PageRequest, SiteSettings, SiteState, site_key
from dateline_web.connectivity.monitor import Connectivity
from support.site_world import BEGIN, a_request, long_text, read

Commit = tuple[list[Output], dict[bytes, bytes | None], int | None]


@dataclass(slots=True)
class FakeTask:
    """A task that gives requests and remembers its transactions; its clock moves with each look for requests."""

    step_seconds: float = 1.0
    turns: int = 60
    now: float = BEGIN
    records: list[Record] = field(default_factory=list)
    state: State[SiteState] = field(default_factory=lambda: State(SiteState))
    commits: list[Commit] = field(default_factory=list)
    kafka: KafkaSettings = field(default_factory=KafkaSettings)
    partition: TopicPartition = field(default_factory=lambda: TopicPartition("dateline.page-requests", 0))
    plan: Any = field(default_factory=lambda: SimpleNamespace(group="pages"))
    progress: TaskProgress = field(default_factory=TaskProgress)
    figures: GroupFigures = field(default_factory=lambda: GroupFigures.of(Meter(), "pages"))
    name: str = "pages-dateline.page-requests-0"
    silence: float = 0.0
    fails: bool = False
    released: asyncio.Event = field(default_factory=asyncio.Event)
    releases_in_commit: bool = False
    given: list[Record] = field(default_factory=list)

    def ask(self, *requests: PageRequest) -> None:
        for request in requests:
            output = page_request_output(request, site_key(request.url) or "", "dateline.", source="/test")
            offset = len(self.records) + len(self.given)
            self.records.append(Record(output.topic, 0, offset, 0, output.key, output.value, output.headers))

    async def take(self, most: int, seconds: float = 0.0) -> Sequence[Record]:
        self.now += self.step_seconds
        self.turns -= 1
        if self.turns <= 0 and not self.releases_in_commit:
            self.released.set()
        for _ in range(5):
            await asyncio.sleep(0)
        taken, self.records = self.records[:most], self.records[most:]
        self.given += taken
        return taken

    def give_back(self, records: Sequence[Record]) -> None:
        self.records = [*records, *self.records]

    def heard_seconds(self) -> float:
        return self.silence

    async def commit(
        self, outputs: Sequence[Output], *, next_offset: int | None = None, also: Mapping[Any, int] | None = None
    ) -> None:
        changes = dict(self.state.seal())
        await asyncio.sleep(0)
        if self.fails and outputs:
            raise TransientError("the transaction failed")
        self.state.keep()
        if self.turns <= 0:
            self.released.set()
            for _ in range(5):
                await asyncio.sleep(0)
        if outputs or changes or next_offset is not None:
            self.commits.append((list(outputs), changes, next_offset))

    async def commit_position(self) -> None:
        return None


@dataclass(slots=True)
class FakeDecisions:
    decided: list[tuple[str, SiteSettings | None]] = field(default_factory=list)

    async def present(self) -> AsyncIterator[tuple[str, SiteSettings | None]]:
        for decision in self.decided:
            yield decision

    async def take(self) -> list[tuple[str, SiteSettings | None]]:
        return []

    async def close(self) -> None:
        return None


@dataclass(slots=True)
class FakeMaker:
    """Answers at once: there are no rules, and each page has a text."""

    client: Any = field(default_factory=lambda: SimpleNamespace(connectivity=Connectivity()))
    made: list[Visit] = field(default_factory=list)
    pages_wait_for: asyncio.Event | None = None
    robots: RulesRead = field(default_factory=lambda: RulesRead(status=404))

    async def make(self, visit: Visit) -> VisitResult:
        self.made.append(visit)
        if visit.kind == "page" and self.pages_wait_for is not None:
            await self.pages_wait_for.wait()
        return self.robots if visit.kind == "robots" else read(long_text(visit.url), visit.url)


async def run(
    task: FakeTask,
    decisions: FakeDecisions | None = None,
    pages_wait_for: asyncio.Event | None = None,
    figures: PageFigures | None = None,
    **changes: Any,
) -> FakeMaker:
    """Run a partition until the task's turns are over; return what it asked for."""
    maker, found = FakeMaker(pages_wait_for=pages_wait_for, **changes), decisions or FakeDecisions()

    async def open_decisions(_: Task) -> Any:
        return found

    partition = SitePartition(
        task=cast(Task, task),
        maker=cast(VisitMaker, maker),
        limits=SiteLimits(obey_reservations=False),
        merge=merged_article,
        runtime=RuntimeSettings(),
        slots=VisitSlots(8),
        feed_partitions=4,
        clock=SteadyClock(wall=lambda: task.now, steady=lambda: task.now),
        open_decisions=open_decisions,
        figures=figures or PageFigures.of(),
    )
    try:
        await partition.run(task.released)
    finally:
        await partition.close()
    return maker


def articles(commit: Commit) -> list[str]:
    outputs, _, _ = commit
    return [Article.from_bytes(each.value or b"").id for each in outputs if each.topic == "dateline.articles.parsed"]


@pytest.fixture
def task() -> FakeTask:
    return FakeTask()


async def test_an_article_and_its_removal_from_the_queue_are_one_transaction(task: FakeTask) -> None:
    task.ask(a_request())
    await run(task)
    key = b"news.example/request/https://news.example/1"
    (taken,) = [commit for commit in task.commits if commit[2] is not None]
    assert taken[2] == 1
    assert taken[1][key] is not None, "the request is in the state when its offset is committed"
    (published,) = [commit for commit in task.commits if articles(commit)]
    assert published[1][key] is None
    assert published[1][b"news.example"] is not None
    assert {output.topic for output in published[0]} == {"dateline.articles.parsed", "dateline.feed-pages"}


async def test_the_next_task_goes_on_where_a_failed_transaction_left_the_queue(task: FakeTask) -> None:
    task.ask(a_request())
    task.fails = True
    with pytest.raises(TransientError):
        await run(task)
    kept = task.state.hand_over()
    again = FakeTask(state=kept, now=task.now)
    await run(again)
    assert [articles(commit) for commit in again.commits if articles(commit)] == [["https://news.example/1"]]


async def test_a_page_that_was_read_before_the_release_is_published(task: FakeTask) -> None:
    task.ask(a_request())
    task.releases_in_commit = True
    maker = await run(task, pages_wait_for=task.released)
    assert [visit.kind for visit in maker.made] == ["robots", "page"]
    assert articles(task.commits[-1]) == ["https://news.example/1"]


async def test_pages_and_articles_count_when_they_are_committed(task: FakeTask) -> None:
    meter = Meter()
    figures = PageFigures.of(meter)
    old = a_request("https://news.example/2")
    assert old.article is not None
    task.ask(a_request(), old.model_copy(update={"article": old.article.model_copy(update={"via": "sitemap"})}))
    task.fails = True
    with pytest.raises(TransientError):
        await run(task, figures=figures)
    assert meter.values().counters == {}, "a transaction that fails counts nothing"
    await run(FakeTask(state=task.state.hand_over(), now=task.now), figures=figures)
    assert meter.values().counters == {
        'dateline_pages_total{outcome="read"}': 2,
        'dateline_articles_total{origin="page"}': 1,
        'dateline_articles_total{origin="backfill"}': 1,
    }
    assert (task.figures.processed.value, task.figures.dead_letters.value) == (2, 0)


async def test_pages_that_an_operator_or_the_site_forbids_count_as_forbidden(task: FakeTask) -> None:
    figures = PageFigures.of()
    task.ask(a_request())
    blocked = SiteSettings(site="news.example", blocked=True, changed=a_request().asked)
    await run(task, FakeDecisions([("news.example", blocked)]), figures=figures)
    assert {outcome: counter.value for outcome, counter in figures.pages.items() if counter.value} == {"forbidden": 1}
    other = FakeTask()
    other.ask(a_request())
    rules = RulesRead(status=200, body=b"User-agent: *\nDisallow: /")
    await run(other, figures=figures, robots=rules)
    assert {outcome: counter.value for outcome, counter in figures.pages.items() if counter.value} == {"forbidden": 2}


async def test_nothing_is_sent_while_the_group_is_silent(task: FakeTask) -> None:
    task.silence = task.kafka.session_timeout_seconds / 2 + 0.1
    task.ask(a_request())
    assert (await run(task)).made == []


async def test_decisions_are_known_before_the_first_request(task: FakeTask) -> None:
    task.ask(a_request())
    blocked = SiteSettings(site="news.example", blocked=True, changed=a_request().asked)
    assert (await run(task, FakeDecisions([("news.example", blocked)]))).made == []
    assert [articles(commit) for commit in task.commits if articles(commit)] == [["https://news.example/1"]]


@pytest.mark.parametrize("key", [b"", b"\xff\xfe", b"news.example/request/1", b"news.example\n", b"x" * 70_000])
async def test_a_request_whose_key_is_not_a_site_is_a_dead_letter(task: FakeTask, key: bytes) -> None:
    task.ask(a_request())
    task.records = [task.records[0]._replace(key=key)]
    assert (await run(task)).made == []
    ((outputs, changes, offset),) = task.commits
    assert ([output.topic for output in outputs], changes, offset) == (["dateline.dead-letters"], {}, 1)
    assert task.progress.dead_letters == 1
    assert (task.figures.processed.value, task.figures.dead_letters.value) == (0, 1)


async def test_a_request_under_the_key_of_another_site_is_handed_over_with_its_offset(task: FakeTask) -> None:
    task.ask(a_request())
    task.records = [task.records[0]._replace(key=b"other.example")]
    assert (await run(task)).made == []
    ((outputs, changes, offset),) = task.commits
    assert [(output.topic, output.key) for output in outputs] == [("dateline.page-requests", b"news.example")]
    assert [key for key, value in changes.items() if value is not None] == [b"other.example/handed/all"]
    assert offset == 1


async def test_large_batches_are_committed_in_parts(task: FakeTask) -> None:
    task.ask(*(a_request(f"https://news.example/{number}", body="x" * 900_000) for number in range(12)))
    await run(task)
    offsets = [offset for _, _, offset in task.commits if offset is not None]
    assert len(offsets) > 1
    assert offsets[-1] == 12
