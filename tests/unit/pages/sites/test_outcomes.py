"""What the answers of a site mean for an article, and for the site."""

from dataclasses import replace
from typing import Any

import pytest
from dateline_pages.judging.problem import PageProblem
from dateline_pages.reading.page import PageReading
from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.visit import PageMoved, PageRead, PageUnchanged, RulesRead
from dateline_schemas import PageRequest, content_hash
from support.site_world import BEGIN, SiteWorld, a_request, failed, long_text, read

PLAIN = SiteLimits(obey_reservations=False)
PAGE = "https://news.example/1"


def answering(answer: Any, limits: SiteLimits = PLAIN, **changes: Any) -> SiteWorld:
    world = SiteWorld(limits=limits)
    world.answers[PAGE] = answer
    return world.ask(a_request(PAGE, **changes))


def times(world: SiteWorld, url: str = PAGE) -> list[float]:
    return [at for at, visit in world.visits if visit.url == url]


@pytest.mark.parametrize("status", [403, 401, 451])
def test_a_page_that_is_refused_is_given_up_at_once(status: int) -> None:
    world = answering(failed("refused", status)).run(10_000)
    assert len(times(world)) == 1
    assert world.texts() == [("feed", f"refused ({status})")]


def test_a_missing_page_is_asked_for_once_more_after_a_while() -> None:
    world = answering(failed("missing", 404), patient=True).run(10_000)
    first, second = times(world)
    assert second - first == pytest.approx(90.5)
    assert world.texts() == [("feed", "missing (404)")]


def test_a_page_that_fails_is_asked_for_again_with_growing_pauses_and_then_given_up() -> None:
    world = answering(failed("origin", 500), patient=True).run(100_000)
    assert len(times(world)) == 4
    pauses = [after - before for before, after in zip(times(world), times(world)[1:], strict=False)]
    assert pauses == sorted(pauses)
    assert world.texts() == [("feed", "origin (500)")]


def test_a_page_that_works_again_is_read() -> None:
    world = answering(lambda visit, now: failed("origin", 502) if now < BEGIN + 20 else read(long_text("x"))).run(1000)
    assert world.texts() == [("page", None)]
    assert world.site().failures == 0


@pytest.mark.parametrize(("status", "asked"), [(429, 90.0), (503, 90.0), (429, None)])
def test_a_busy_site_is_held_as_long_as_it_asks(status: int, asked: float | None) -> None:
    answer = failed("busy" if asked else "origin", status, retry_after_seconds=asked)
    if status == 429:
        answer = failed("busy", status, retry_after_seconds=asked)
    world = answering(lambda visit, now: answer if now < BEGIN + 20 else read(long_text("x")))
    world.ask(a_request("https://news.example/2")).run(1000)
    first, second = times(world)
    assert second - first == pytest.approx(0.5 + (asked or 60.0))
    assert world.paths() == ["robots.txt", "1", "1", "2"], "the page that was refused comes first again"
    assert world.texts() == [("page", None)] * 2


def test_a_hold_is_never_longer_than_the_limit() -> None:
    world = answering(failed("busy", 429, retry_after_seconds=10.0**9), replace(PLAIN, backoff_max_seconds=1000))
    world.run(50)
    held = world.site().held_until
    assert held is not None
    assert held.timestamp() <= BEGIN + 1020


def test_a_site_that_fails_again_and_again_is_left_alone_and_its_articles_go_on() -> None:
    world = SiteWorld()
    pages = [f"https://news.example/{number}" for number in range(30)]
    world.answers |= {page: failed("unreachable") for page in pages}
    world.ask(*(a_request(page, patient=True) for page in pages)).run(4000)
    assert len(world.articles) == 30
    reasons = {reason for _, reason in world.texts()}
    assert any("the site is left alone: 6 failures in a row" in (reason or "") for reason in reasons)
    assert len(world.visits) <= 8
    state = world.site()
    assert state.held_reason is not None
    assert "6 failures in a row" in state.held_reason


def test_articles_that_come_while_a_site_is_left_alone_do_not_wait_and_a_later_one_tries_it_again() -> None:
    world = SiteWorld()
    world.answers["https://news.example/robots.txt"] = lambda visit, now: (
        failed("refused", 403) if now < BEGIN else RulesRead(status=404)
    )
    pages = [f"https://news.example/{number}" for number in range(6)]
    world.answers |= {page: failed("refused", 403) for page in pages}
    world.ask(*map(a_request, pages)).run(100)
    assert len(times(world, pages[5])) == 0, "five refusals are enough"
    world.ask(a_request("https://news.example/7")).run(5)
    assert (world.texts()[-1][1] or "").startswith("the site is left alone: 5 refusals in a row")
    world.run(6000)
    world.ask(a_request("https://news.example/8")).run(60)
    assert world.texts()[-1] == ("page", None)
    assert world.site().refusals == 0


def test_pages_of_other_kinds_are_named_and_never_published() -> None:
    problem = PageProblem("consent", "the title is 'Before you continue'")
    world = answering(PageRead(reading=PageReading(problem=problem), url=PAGE)).run(1000)
    assert world.texts() == [("feed", "consent: the title is 'Before you continue'")]
    assert world.site().visits[-1].reason == "consent: the title is 'Before you continue'"


def test_robots_txt_can_forbid_a_page() -> None:
    world = answering(read(long_text("x")))
    world.answers["https://news.example/robots.txt"] = RulesRead(status=200, body=b"User-agent: *\nDisallow: /1")
    world.ask(a_request("https://news.example/2")).run(100)
    assert world.paths() == ["robots.txt", "2"]
    assert world.texts() == [("feed", "robots.txt forbids it"), ("page", None)]


def test_a_reservation_of_the_site_is_obeyed_if_that_is_set() -> None:
    body = b'[{"location": "/1", "tdm-reservation": 1}]'
    for obeys in (True, False):
        world = answering(read(long_text("x")), SiteLimits(obey_reservations=obeys))
        world.answers["https://news.example/.well-known/tdmrep.json"] = RulesRead(status=200, body=body)
        world.run(100)
        reason = "the site reserves text and data mining (tdmrep.json)"
        assert world.texts() == [("feed", reason) if obeys else ("page", None)]


def test_an_unreadable_robots_txt_forbids_all_until_it_can_be_read() -> None:
    world = SiteWorld()
    world.answers["https://news.example/robots.txt"] = lambda visit, now: (
        failed("origin", 500) if now < BEGIN + 1000 else RulesRead(status=404)
    )
    world.ask(a_request(patient=True)).run(20_000)
    assert world.paths()[-1] == "1"
    assert set(world.paths()[:-1]) == {"robots.txt"}
    assert world.texts() == [("page", None)]


def test_redirects_within_a_site_are_requests_of_their_own() -> None:
    world = answering(PageMoved(target="https://www.news.example/1", status=301))
    world.answers["https://www.news.example/1"] = PageMoved(target="https://www.news.example/one", status=302)
    world.run(100)
    assert [visit.url for _, visit in world.visits] == [
        "https://news.example/robots.txt",
        "https://news.example/1",
        "https://www.news.example/robots.txt",
        "https://www.news.example/1",
        "https://www.news.example/one",
    ]
    assert world.pauses("news.example") == [5.0] * 4
    ((_, article),) = world.articles
    assert (article.url, article.text_from) == (PAGE, "page")


def test_robots_txt_that_moves_to_another_host_governs_both() -> None:
    world = answering(PageMoved(target="https://www.news.example/1", status=301))
    world.answers["https://news.example/robots.txt"] = PageMoved(
        target="https://www.news.example/robots.txt", status=301
    )
    world.answers["https://www.news.example/robots.txt"] = RulesRead(status=200, body=b"User-agent: *\nDisallow: /2")
    world.ask(a_request("https://www.news.example/2")).run(100)
    assert [visit.url.partition("//")[2] for _, visit in world.visits] == [
        "news.example/robots.txt",
        "www.news.example/robots.txt",
        "news.example/1",
        "www.news.example/1",
    ]


@pytest.mark.parametrize("length", [2, 20])
def test_redirects_that_loop_or_are_too_many_are_given_up(length: int) -> None:
    world = SiteWorld()
    for number in range(length):
        target = f"https://news.example/{(number + 1) % length}"
        world.answers[f"https://news.example/{number}"] = PageMoved(target=target, status=302)
    world.ask(a_request("https://news.example/0")).run(100)
    assert world.texts() == [("feed", "the redirects loop, or are too many")]
    assert len(world.visits) <= 7


def test_a_redirect_to_another_site_hands_the_request_over_with_the_articles_id() -> None:
    world = answering(PageMoved(target="https://other.example/a", status=301)).run(100)
    ((site, request),) = world.handed_over
    assert (site, request.url, request.hops) == ("other.example", "https://other.example/a", 1)
    assert request.article is not None
    assert request.article.id == PAGE
    assert world.articles == []
    other = SiteWorld().ask(request).run(100)
    ((_, article),) = other.articles
    assert (article.id, article.url, article.text_from) == (PAGE, PAGE, "page")


def test_a_handed_over_request_keeps_its_deadline_and_what_was_published() -> None:
    world = answering(PageMoved(target="https://other.example/a", status=301))
    world.latency_seconds = 70.0
    world.run(200)
    assert world.texts() == [("feed", "the page was not read in time")]
    ((_, request),) = world.handed_over
    assert (request.published, request.deadline) == (True, None)
    other = SiteWorld()
    other.answers["https://other.example/a"] = failed("gone", 410)
    other.ask(request).run(5000)
    assert other.articles == [], "the feed's text was published, and another site cannot retract the article"


def test_a_request_is_handed_over_five_times_at_most() -> None:
    request: PageRequest = a_request(PAGE, hops=5)
    world = SiteWorld()
    world.answers[PAGE] = PageMoved(target="https://other.example/a", status=301)
    world.ask(request).run(100)
    assert world.handed_over == []
    assert world.texts() == [("feed", "redirects lead from site to site")]


def test_a_page_that_is_gone_after_the_feeds_text_was_published_is_a_retraction() -> None:
    world = answering(failed("gone", 410))
    world.latency_seconds = 100.0
    world.run(1000)
    (_, first), (_, second) = world.articles
    assert first.text_from == "feed"
    assert second.retracted is not None
    assert (second.id, second.content_hash, second.body) == (PAGE, content_hash("", ""), "")


def test_a_page_that_another_feed_carries_is_not_retracted() -> None:
    world = answering(failed("gone", 410)).ask(a_request(PAGE, feed="another"))
    world.latency_seconds = 100.0
    world.run(1000)
    assert [article.retracted for _, article in world.articles] == [None]


def test_retry_asks_again_for_what_was_given_up_and_ends_the_hold() -> None:
    pages = [f"https://news.example/{number}" for number in range(5)]
    world = SiteWorld()
    for page in pages:
        world.answers[page] = lambda visit, now: (
            failed("refused", 403) if now < BEGIN + 60 else read(long_text("x"), visit.url)
        )
    world.ask(*map(a_request, pages)).run(100)
    assert world.site().held_until is not None
    retry = PageRequest(kind="retry", url="https://news.example/", asked=a_request().asked)
    world.ask(retry).run(100)
    assert [text for text, _ in world.texts()] == ["feed"] * 5 + ["page"] * 5
    assert (world.site().held_until, world.site().failed) == (None, [])


def test_later_looks_are_conditional_and_publish_changed_text() -> None:
    limits = replace(PLAIN, recheck_seconds=(3600.0, 21_600.0, 86_400.0))

    def answer(visit: object, now: float) -> object:
        hours = (now - BEGIN) / 3600
        if hours < 1:
            return replace(read(long_text("x"), PAGE))
        return PageUnchanged() if hours < 5 else read(long_text("changed"), PAGE)

    world = answering(answer, limits).run(200_000)
    assert [round((at - BEGIN) / 3600) for at in times(world)] == [0, 1, 6, 24]
    assert [article.body for _, article in world.articles] == [long_text("x"), long_text("changed")]
    assert world.sites.schedule.looks == 0
    assert [key for _, part, key in world.sites.table.parts() if part == "look"] == []


def test_a_later_look_at_a_page_that_is_gone_retracts_the_article() -> None:
    limits = replace(PLAIN, recheck_seconds=(3600.0, 7200.0))
    world = answering(
        lambda visit, now: read(long_text("x"), PAGE) if now < BEGIN + 1000 else failed("gone", 410), limits
    ).run(100_000)
    assert [article.retracted is not None for _, article in world.articles] == [False, True]
    assert len(times(world)) == 2


def test_looks_at_a_site_that_is_gone_end() -> None:
    limits = replace(PLAIN, recheck_seconds=(3600.0, 21_600.0))
    world = answering(
        lambda visit, now: read(long_text("x"), PAGE) if now < BEGIN + 1000 else failed("unreachable"), limits
    ).run(300_000)
    assert world.sites.schedule.looks == 0
    assert len(times(world)) < 30
    assert len(world.articles) == 1


def test_feeds_requests_come_before_looks_and_looks_before_backfill() -> None:
    world = SiteWorld(limits=replace(PLAIN, recheck_seconds=(100.0,)))
    world.ask(a_request(PAGE)).run(60)
    old = [
        a_request(f"https://news.example/old/{number}", article_via="sitemap", patient=True, feed=None)
        for number in range(20)
    ]
    world.ask(*old).run(30)
    world.ask(a_request("https://news.example/new")).run(400)
    order = world.paths()
    assert order.index("new") < order.index("old/19")
    assert order.count("1") == 2
    assert [index for index, path in enumerate(order) if path == "1"][1] < order.index("old/19")


def test_what_pages_give_is_counted_by_feed() -> None:
    pages = [f"https://news.example/{number}" for number in range(1, 6)]
    world = SiteWorld()
    world.answers[pages[0]] = failed("refused", 403)
    world.answers[pages[1]] = read("The council met. And.")
    world.ask(*map(a_request, pages)).run(100)
    counts = world.feed_pages["feed/news.example"]
    assert (counts.pages, counts.read, counts.more, counts.reason) == (5, 4, 3, None)


def test_failures_of_this_machine_count_against_nobody() -> None:
    world = SiteWorld().ask(a_request())
    world.run(5)
    visit = world.visits[-1][1]
    world._running.clear()
    world.sites.interrupted(visit, world.now)
    world.run(100)
    assert world.site().failures == 0
    assert world.texts() == [("page", None)]


@pytest.mark.parametrize("newer", [{}, {"needed": False}])
def test_a_site_that_asks_for_a_pause_gets_it_although_the_article_has_changed_meanwhile(newer: Any) -> None:
    world = answering(failed("busy", 429, retry_after_seconds=900.0), patient=True)
    world.latency_seconds = 2.0
    world.run(8)
    assert world.paths() == ["robots.txt"]
    world.ask(a_request(PAGE, body="The council met again.", patient=True, **newer), after_seconds=5.5)
    world.ask(a_request("https://news.example/2", patient=True)).run(800)
    assert world.paths() == ["robots.txt", "1"]
    assert world.site().failures == 1


def test_a_clock_that_was_ahead_does_not_put_the_next_try_off_for_the_next_owner() -> None:
    ahead = 30 * 86_400.0
    world = SiteWorld(answers={PAGE: failed("origin", 500)}, now=BEGIN + ahead)
    world.ask(a_request(PAGE, patient=True)).run(20)
    assert world.paths() == ["robots.txt", "1"]
    world.now -= ahead
    world.reopen()
    del world.answers[PAGE]
    world.run(4000)
    assert world.texts() == [("page", None)]
