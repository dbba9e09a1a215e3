"""A page is not read again because another feed carries its article, and is when there is something new."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from dateline_pages.judging.problem import PageProblem
from dateline_pages.reading.page import PageReading
from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.visit import PageMoved, PageRead
from support.site_world import SiteWorld, a_request, failed

PAGE = "https://news.example/1"
LATER = datetime.fromisoformat("2024-06-01T06:00:00+00:00")


def paths(world: SiteWorld) -> list[str]:
    return [path for path in world.paths() if path != "robots.txt"]


def test_another_feed_of_an_article_makes_no_further_request_and_no_record() -> None:
    world = SiteWorld().ask(a_request(feed="first")).run(60)
    world.ask(a_request(feed="second")).run(60)
    assert paths(world) == ["1"]
    assert len(world.articles) == 1
    assert len(world.sites.schedule) == 0


@pytest.mark.parametrize("news", [{"body": "They met again."}, {"article_updated": LATER}])
def test_new_content_is_a_reason_to_read_the_page_again(news: dict[str, Any]) -> None:
    world = SiteWorld().ask(a_request(feed="first")).run(60).ask(a_request(feed="second", **news)).run(60)
    assert paths(world) == ["1", "1"]


def test_a_page_is_read_again_for_another_feed_after_hours_and_by_a_new_owner() -> None:
    world = SiteWorld().ask(a_request(feed="first")).run(60)
    world.run(7 * 3600).ask(a_request(feed="second")).run(60)
    assert paths(world) == ["1", "1"]
    world.reopen()
    world.ask(a_request(feed="third")).run(60)
    assert paths(world) == ["1", "1", "1"]


def test_an_article_that_was_withdrawn_and_comes_back_is_published() -> None:
    world = SiteWorld().ask(a_request()).run(60)
    at = a_request().asked + timedelta(hours=1)
    withdrawn: dict[str, Any] = {"article_title": "", "article_body": "", "article_retracted": at, "needed": False}
    world.ask(a_request(**withdrawn)).run(60).ask(a_request()).run(60)
    assert [article.retracted is None for _, article in world.articles] == [True, False, True]


def test_what_failed_is_asked_for_again_and_what_is_gone_is_not() -> None:
    world = SiteWorld()
    world.answers[PAGE] = failed("gone", 410)
    world.answers["https://news.example/2"] = failed("missing", 404)
    both = [PAGE, "https://news.example/2"]
    for feed in ("first", "second"):
        world.ask(*(a_request(url, feed=feed) for url in both)).run(1000)
    assert paths(world) == ["1", "2", "2", "2", "2"]


def test_another_feed_does_not_shorten_the_wait_for_a_page_that_failed() -> None:
    world = SiteWorld()
    world.answers[PAGE] = failed("origin", 500)
    for feed in range(10):
        world.ask(a_request(feed=f"feed{feed}"), after_seconds=10.0 * feed)
    world.run(2000)
    assert paths(world) == ["1"] * 4


def test_another_feed_does_not_begin_again_with_the_redirects_of_a_page() -> None:
    world = SiteWorld()
    world.answers[PAGE] = PageMoved(target="https://news.example/there", status=301)
    world.ask(a_request(feed="first")).ask(a_request(feed="second"), after_seconds=8.0).run(60)
    assert paths(world) == ["1", "there"]
    assert len(world.articles) == 1


def test_the_feeds_of_a_page_that_is_looked_at_later_are_known() -> None:
    world = SiteWorld(limits=SiteLimits(obey_reservations=False, recheck_seconds=(3600.0,)))
    world.ask(a_request(feed="first")).run(60).ask(a_request(feed="second")).run(60)
    world.ask(a_request(feed="third", body="They met again.")).run(60)
    look = world.sites.table.look("news.example", PAGE)
    assert look is not None
    assert look.feeds == ["first", "second", "third"]
    world.answers[PAGE] = failed("gone", 410)
    world.run(8000)
    assert all(article.retracted is None for _, article in world.articles)


def test_a_page_without_an_article_is_not_read_again_for_another_feed() -> None:
    world = SiteWorld()
    world.answers[PAGE] = PageRead(reading=PageReading(problem=PageProblem("login", "a form")), url=PAGE)
    world.ask(a_request(feed="first")).run(60).ask(a_request(feed="second")).run(60)
    assert paths(world) == ["1"]
    assert world.texts() == [("feed", "login: a form")]
