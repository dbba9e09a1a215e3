"""One request at a time to a site, and a pause between two, whatever happens."""

from dataclasses import replace
from itertools import pairwise

import pytest
from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.visit import PageMoved, RulesRead
from dateline_schemas import SiteSettings
from hypothesis import given, settings
from hypothesis import strategies as st
from support.site_world import BEGIN, SiteWorld, a_request, failed

PLAIN = SiteLimits(obey_reservations=False)


def numbered(count: int, site: str = "news.example") -> list[str]:
    return [f"https://{site}/{number}" for number in range(1, count + 1)]


def test_robots_and_reservations_are_asked_for_first_and_keep_the_pause() -> None:
    world = SiteWorld(limits=SiteLimits()).ask(*map(a_request, numbered(2))).run(60)
    assert world.paths() == ["robots.txt", ".well-known/tdmrep.json", "1", "2"]
    assert world.pauses("news.example") == [5.0, 5.0, 5.0]
    assert world.texts() == [("page", None)] * 2


def test_rules_are_read_again_after_a_day() -> None:
    world = SiteWorld().ask(a_request()).run(60)
    world.run(80_000).ask(a_request("https://news.example/2")).run(10_000)
    assert world.paths() == ["robots.txt", "1", "2"]
    world.ask(a_request("https://news.example/3")).run(80_000)
    assert world.paths() == ["robots.txt", "1", "2", "robots.txt", "3"]


def test_a_crawl_delay_lengthens_the_pause_up_to_a_limit() -> None:
    world = SiteWorld()
    world.answers["https://news.example/robots.txt"] = RulesRead(status=200, body=b"User-agent: *\nCrawl-delay: 20")
    world.answers["https://slow.example/robots.txt"] = RulesRead(status=200, body=b"User-agent: *\nCrawl-delay: 90000")
    world.ask(*map(a_request, numbered(3)), *map(a_request, numbered(2, "slow.example"))).run(2000)
    assert world.pauses("news.example") == [20.0] * 3
    assert world.pauses("slow.example") == [600.0] * 2


def test_an_operator_sets_the_pause_of_a_site() -> None:
    world = SiteWorld()
    decision = SiteSettings(site="news.example", pause_seconds=1.0, changed=a_request().asked)
    world.sites.configure("news.example", decision)
    world.ask(*map(a_request, numbered(3))).run(60)
    assert world.pauses("news.example") == [1.0] * 3


def test_a_new_owner_waits_one_whole_pause_and_the_known_hold() -> None:
    world = SiteWorld().ask(*map(a_request, numbered(6)), a_request("https://held.example/1"))
    world.answers["https://held.example/robots.txt"] = lambda visit, now: (
        failed("busy", 429, retry_after_seconds=500.0) if now < BEGIN + 100 else RulesRead(status=404)
    )
    world.run(12.2)
    world.reopen()
    opened = world.now
    before = len(world.visits)
    world.run(1000)
    first = world.visits[before]
    assert first[0] == pytest.approx(opened + 5.0)
    again = next(at for at, visit in world.visits[before:] if visit.site == "held.example")
    assert again == pytest.approx(opened - 12.2 + 5.0 + 0.5 + 500.0)
    assert sorted(article.url or "" for _, article in world.articles if article.text_from == "page") == sorted(
        [*numbered(6), "https://held.example/1"]
    )


def test_sites_do_not_wait_for_each_other() -> None:
    sites = [f"site{number}.example" for number in range(50)]
    world = SiteWorld().ask(*(a_request(f"https://{site}/1") for site in sites)).run(12)
    assert len(world.articles) == 50


def test_a_clock_that_is_set_changes_no_pause() -> None:
    world = SiteWorld().ask(*map(a_request, numbered(10))).run(20)
    for step in (-1800.0, 3600.0):
        world.sites.shift(step)
        world.now += step
        world._running = [(at + step, order, visit) for at, order, visit in world._running]
        world.ends = [(at + step, site) for at, site in world.ends]
        world.visits = [(at + step, visit) for at, visit in world.visits]
        world.run(15)
    world.run(60)
    assert world.pauses("news.example") == pytest.approx([5.0] * 10)
    assert world.texts() == [("page", None)] * 10


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.integers(0, 12),
            st.floats(0, 300),
            st.sampled_from(
                ["", "", "", "busy", "origin", "unreachable", "missing", "gone", "refused", "moved", "away"]
            ),
        ),
        min_size=1,
        max_size=40,
    ),
    st.lists(st.floats(1, 400), max_size=3),
)
def test_the_pause_is_kept_and_each_article_is_published_whatever_sites_answer(
    asked: list[tuple[int, int, float, str]], restarts: list[float]
) -> None:
    world = SiteWorld(limits=replace(PLAIN, obey_reservations=True), latency_seconds=0.7)
    urls = set()
    for site, page, after, answer in asked:
        url = f"https://site{site}.example/{page}"
        if answer == "moved":
            world.answers[url] = PageMoved(target=f"https://www.site{site}.example/{page}", status=301)
        elif answer == "away":
            world.answers[url] = PageMoved(target=f"https://other.example/{page}", status=301)
        elif answer:
            world.answers[url] = failed(answer, {"busy": 429, "origin": 500}.get(answer))
        urls.add(url)
        world.ask(a_request(url), after_seconds=after)
    for seconds in restarts:
        world.run(seconds)
        world.reopen()
    world.run(200_000)
    for site in range(3):
        times = [at for at, visit in world.visits if visit.site == f"site{site}.example"]
        assert all(after - before >= 5.0 for before, after in pairwise(times))
    out = {article.id for _, article in world.articles} | {
        request.article.id for _, request in world.handed_over if request.article
    }
    assert out == urls
    assert world.is_steady
    assert len(world.sites.schedule) == 0
    assert (world.sites.schedule.requests, world.sites.schedule.bytes) == (0, 0)
