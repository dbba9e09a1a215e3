"""Visits start when sites, slots, the network and the group allow it."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest
from dateline.errors import TransientError
from dateline_pages.fetching.visit_maker import CutOff, VisitMaker
from dateline_pages.fetching.visit_slots import VisitSlots
from dateline_pages.fetching.visits import Visits
from dateline_pages.sites.visit import RulesRead, Visit, VisitResult
from dateline_web.connectivity.outcome import Outcome
from support.site_world import BEGIN, SiteWorld, a_request, failed, long_text, read


@dataclass(slots=True)
class FakeNetwork:
    """The network as the test says it is."""

    is_open: bool = True
    wait: float = 0.0
    blamed: Any = None

    def wait_seconds(self, host: str) -> float:
        return self.wait

    def start(self, host: str) -> None:
        return None

    def blame(self, failure: Outcome) -> Any:
        return self.blamed


@dataclass(slots=True)
class FakeMaker:
    """Makes visits that end when the test says so."""

    client: Any = field(default_factory=lambda: SimpleNamespace(connectivity=FakeNetwork()))
    made: list[Visit] = field(default_factory=list)
    results: dict[str, "asyncio.Future[VisitResult | CutOff]"] = field(default_factory=dict)

    async def make(self, visit: Visit) -> VisitResult | CutOff:
        self.made.append(visit)
        future = self.results.setdefault(visit.url, asyncio.get_running_loop().create_future())
        return await future


@dataclass(slots=True)
class Stage:
    """A partition's sites and visits under a clock."""

    world: SiteWorld = field(default_factory=SiteWorld)
    maker: FakeMaker = field(default_factory=FakeMaker)
    is_silent: bool = False
    slots: VisitSlots = field(default_factory=lambda: VisitSlots(2, users=1))
    visits: Visits = field(init=False)

    def __post_init__(self) -> None:
        self.visits = Visits(
            sites=self.world.sites,
            maker=cast(VisitMaker, self.maker),
            slots=self.slots,
            now=lambda: self.world.now,
            is_silent=lambda: self.is_silent,
        )

    def receive(self, *urls: str) -> None:
        for number, url in enumerate(urls):
            request = a_request(url)
            site = url.split("/")[2]
            self.world.sites.receive(site, request, number=number, now=self.world.now)

    async def at(self, seconds: float) -> list[str]:
        """Move the clock, start what may start, and return the addresses that are asked for by then."""
        self.world.now = BEGIN + seconds
        self.visits.start()
        await asyncio.sleep(0)
        return [visit.url for visit in self.maker.made]

    async def answer(self, url: str, result: VisitResult | CutOff | Exception) -> None:
        future = self.maker.results.pop(url)
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
        for _ in range(3):
            await asyncio.sleep(0)


ROBOTS = "https://a.example/robots.txt"
PAGE = "https://a.example/1"


@pytest.fixture
async def stage() -> Any:
    made = Stage()
    yield made
    await made.visits.close()


async def test_nothing_is_sent_before_the_first_pause_and_while_the_group_is_silent(stage: Stage) -> None:
    stage.receive(PAGE)
    assert await stage.at(4) == []
    stage.is_silent = True
    assert await stage.at(5) == []
    stage.is_silent = False
    assert await stage.at(5.2) == [], "the site is looked at again a moment later"
    assert await stage.at(6) == [ROBOTS]


async def test_a_result_is_applied_and_the_next_visit_keeps_the_pause(stage: Stage) -> None:
    stage.receive(PAGE)
    await stage.at(5)
    await stage.answer(ROBOTS, RulesRead(status=404))
    assert stage.visits.changed.is_set()
    assert stage.visits.apply() == 1
    assert not stage.visits.changed.is_set()
    assert await stage.at(9.9) == [ROBOTS]
    assert await stage.at(10) == [ROBOTS, PAGE]
    await stage.answer(PAGE, read(long_text("x"), PAGE))
    stage.visits.apply()
    assert len(stage.world.sites.take().articles) == 1


async def test_no_more_visits_run_than_there_are_slots(stage: Stage) -> None:
    stage.receive(*(f"https://{name}.example/1" for name in "abcd"))
    assert len(await stage.at(5)) == 2
    await stage.answer(ROBOTS, RulesRead(status=404))
    assert len(await stage.at(5)) == 3


async def test_while_the_network_is_away_only_probes_are_sent(stage: Stage) -> None:
    network = stage.maker.client.connectivity
    stage.receive(PAGE)
    network.is_open = False
    assert await stage.at(5) == []
    network.is_open, network.wait = True, 3.0
    assert await stage.at(5) == []
    network.wait = 0.0
    assert await stage.at(7) == []
    assert await stage.at(8) == [ROBOTS]


async def test_a_visit_that_was_cut_off_counts_when_it_is_the_sites_fault(stage: Stage) -> None:
    network = stage.maker.client.connectivity
    cut = CutOff(failed("unreachable"), Outcome(host="a.example", began=0, ended=1, cut="connection"))
    stage.receive(PAGE)
    await stage.at(5)
    await stage.answer(ROBOTS, cut)
    stage.visits.settle()
    assert stage.visits.apply() == 0
    network.blamed = "theirs"
    stage.visits.settle()
    assert stage.visits.apply() == 1
    assert stage.world.sites.table.site("a.example").failures == 1


async def test_a_visit_that_was_cut_off_by_this_machine_is_repeated(stage: Stage) -> None:
    stage.maker.client.connectivity.blamed = "ours"
    cut = CutOff(failed("unreachable"), Outcome(host="a.example", began=0, ended=1, cut="connection"))
    stage.receive(PAGE)
    await stage.at(5)
    await stage.answer(ROBOTS, cut)
    stage.visits.settle()
    assert await stage.at(14.9) == [ROBOTS]
    assert await stage.at(15) == [ROBOTS, ROBOTS]
    assert stage.world.sites.table.site("a.example").failures == 0


async def test_a_page_that_makes_the_reader_fail_is_given_up_and_a_lack_of_processes_is_not(stage: Stage) -> None:
    stage.receive(PAGE)
    await stage.at(5)
    await stage.answer(ROBOTS, RulesRead(status=404))
    stage.visits.apply()
    await stage.at(10)
    await stage.answer(PAGE, TransientError("no process can be started"))
    assert stage.visits.apply() == 0
    await stage.at(20)
    await stage.answer(PAGE, ValueError("a defect"))
    stage.visits.apply()
    (publication,) = stage.world.sites.take().articles
    assert publication.article.text_reason == "reading the page failed: ValueError"


async def test_closing_cancels_the_visits_and_gives_their_slots_back(stage: Stage) -> None:
    stage.receive(PAGE)
    await stage.at(5)
    await stage.visits.close()
    assert stage.visits.running == 0
    assert stage.slots.take(0)
    assert stage.slots.take(1)
    assert await stage.at(1000) == [ROBOTS], "nothing starts any more"
