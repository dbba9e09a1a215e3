"""A simulated hour of many sites, with restarts: every rule is kept, and every article is published."""

import random

import pytest
from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.visit import Visit

from bench.pages_day import Simulation
from bench.pages_world import HOUR, SiteKind, World


def an_hour(sites: int, articles: int, limits: SiteLimits | None = None) -> Simulation:
    """Return a simulation that has run for an hour and until the last deadline."""
    simulation = Simulation(World.make(sites, articles, 1, HOUR), limits or SiteLimits(), 1, HOUR)
    simulation.run()
    return simulation


@pytest.fixture(scope="module")
def hour() -> Simulation:
    return an_hour(30, 1200)


def test_no_rule_of_politeness_is_broken(hour: Simulation) -> None:
    assert +hour.broken == {}
    assert hour.requests.total() > 1000


def test_each_article_is_published_within_the_longest_deadline(hour: Simulation) -> None:
    came = [story for story in hour.stories.values() if story.asked is not None]
    assert len(came) > 1000
    assert [story.article.number for story in came if story.first is None and not story.is_patient] == []
    longest = max((story.first or 0) - (story.asked or 0) for story in came if not story.is_patient)
    assert longest <= SiteLimits().max_deadline_seconds + 31


def test_hardly_any_article_of_a_site_that_works_is_late(hour: Simulation) -> None:
    stories = [story for story in hour.stories.values() if story.article.site.works and story.asked is not None]
    late = [story for story in stories if (story.reason or "").startswith("the page was not read in time")]
    assert len(late) < 0.02 * len(stories)


def test_no_page_is_read_twice_for_two_feeds(hour: Simulation) -> None:
    assert hour.requests["for another feed"] <= 0.01 * hour.requests.total()


def test_later_looks_break_no_rule_and_take_no_article_its_time() -> None:
    simulation = an_hour(20, 400, SiteLimits(recheck_seconds=(300.0, 1200.0)))
    assert simulation.requests["later looks"] > 300
    assert +simulation.broken == {}
    late = [each for each in simulation.stories.values() if (each.reason or "").startswith("the page was not read in")]
    assert len(late) < 0.05 * len(simulation.stories)


def test_a_seed_gives_the_same_day() -> None:
    first, second = an_hour(10, 200), an_hour(10, 200)
    assert (first.requests, first.records) == (second.requests, second.records)


@pytest.mark.parametrize(
    ("limits", "kind", "rule"),
    [
        (SiteLimits(pause_seconds=4.0), "well", "too_soon"),
        (SiteLimits(max_pause_seconds=5.0), "delay", "too_soon"),
        (SiteLimits(obey_reservations=False), "well", "rules_unknown"),
        (SiteLimits(backoff_max_seconds=20.0), "refusing", "hold"),
        (SiteLimits(backoff_max_seconds=20.0), "away", "retry_after"),
        (SiteLimits(agent="Other"), "forbidden", "forbidden"),
    ],
)
def test_the_servers_notice_a_rule_that_is_broken(limits: SiteLimits, kind: SiteKind, rule: str) -> None:
    def broken_with(limits: SiteLimits) -> int:
        world = World.make(4, 60, 1, HOUR)
        for site in world.sites:
            site.kind, site.delay, site.has_robots, site.is_mute = kind, 20.0 * (kind == "delay"), True, False
            site.troubles = [(0.0, HOUR)] if kind == "away" else []
        simulation = Simulation(world, limits, 1, HOUR)
        simulation.run()
        return simulation.broken[rule]

    assert broken_with(limits) > 0
    assert broken_with(SiteLimits()) == 0


def test_the_servers_notice_two_requests_at_once_and_a_new_owner_that_does_not_wait() -> None:
    simulation = an_hour(1, 1)
    server = simulation.servers["site0.example"]
    visit = Visit(
        site="site0.example", kind="robots", url="https://site0.example/robots.txt", wanted_by=("request", "0")
    )
    for _ in range(2):
        server.begin(visit, server.opened, random.Random(1))
    assert server.broken["at_once"] == 1
    assert server.broken["new_owner"] == 2
