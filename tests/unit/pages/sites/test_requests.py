"""What a request changes that comes from another source, whose page has moved, or that cannot be served."""

from datetime import UTC, datetime
from typing import Any

import pytest
from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.memory.handed_over import HandedOver
from dateline_pages.sites.request_problem import request_problem
from dateline_pages.sites.visit import PageMoved
from dateline_schemas import PageRequest, retraction_of
from hypothesis import given
from hypothesis import strategies as st
from support.site_world import BEGIN, SiteWorld, a_request, failed

PLAIN = SiteLimits(obey_reservations=False)
PAGE = "https://news.example/1"
MOVED = "https://other.example/1"
SITEMAP: dict[str, Any] = {"title": "", "body": "", "article_via": "sitemap", "feed": None, "patient": True}


def retraction(url: str | None, **changes: Any) -> PageRequest:
    """Return the request that a feed's deletion of an article of `PAGE` makes."""
    request = a_request(PAGE, needed=False, **changes)
    assert request.article is not None
    article = retraction_of(request.article, datetime.fromtimestamp(BEGIN + 1, UTC))
    return request.model_copy(update={"url": url or "https://news.example/", "article": article})


def test_a_request_whose_link_has_moved_to_another_site_is_passed_on_to_it() -> None:
    world = SiteWorld().ask(a_request(MOVED, article_id=PAGE), site="news.example").run(100)
    ((site, request),) = world.handed_over
    assert (site, request.url, request.hops, request.published) == ("other.example", MOVED, 1, False)
    assert request.deadline is not None
    assert (world.visits, world.articles) == ([], [])
    other = SiteWorld().ask(request).run(100)
    assert other.texts() == [("page", None)]


def test_an_article_that_waits_does_not_stay_behind_when_its_link_moves() -> None:
    world = SiteWorld().ask(a_request(PAGE)).run(2)
    world.ask(a_request(MOVED, article_id=PAGE, body="The council met again."), site="news.example").run(1000)
    ((_, request),) = world.handed_over
    assert request.article is not None
    assert request.article.body == "The council met again."
    assert (world.paths(), world.articles) == ([], [])


def test_the_article_of_a_link_that_has_moved_belongs_to_its_new_site() -> None:
    world = SiteWorld().ask(a_request(MOVED, article_id=PAGE), site="news.example").run(100)
    ((_, request),) = world.handed_over
    other = SiteWorld(latency_seconds=100.0)
    other.answers[MOVED] = failed("gone", 410)
    other.ask(request).run(1000)
    assert [article.retracted is not None for _, article in other.articles] == [False, True]
    assert [visit.trusted for _, visit in other.visits if visit.kind == "page"] == [True]


def test_a_request_that_went_from_site_to_site_is_published_at_last() -> None:
    world = SiteWorld().ask(a_request(MOVED, article_id=PAGE, hops=5), site="news.example").run(100)
    assert world.handed_over == []
    assert world.texts() == [("feed", "its request went from site to site")]


@pytest.mark.parametrize("url", [None, PAGE, MOVED])
def test_a_retraction_ends_the_wait_wherever_its_link_leads(url: str | None) -> None:
    world = SiteWorld().ask(a_request(PAGE)).run(2)
    world.ask(retraction(url), site="news.example").run(1000)
    assert [article.retracted is not None for _, article in world.articles] == [True]
    assert (world.paths(), world.handed_over) == ([], [])


@pytest.mark.parametrize("needed", [True, False])
def test_an_entry_of_a_sitemap_does_not_take_the_feeds_text_away(needed: bool) -> None:
    world = SiteWorld()
    world.answers[PAGE] = failed("refused", 403)
    world.ask(a_request(PAGE)).run(2)
    world.ask(a_request(PAGE, needed=needed, **SITEMAP)).run(1000)
    ((_, article),) = world.articles
    assert (article.body, article.text_reason) == ("The council met.", "refused (403)")


@pytest.mark.parametrize(
    "changes",
    [
        {"article_via": "archive", "article_observed": datetime(2020, 1, 1, tzinfo=UTC)},
        {"article_via": "sitemap", "feed": None, "patient": True},
        {"article_observed": datetime(2024, 5, 31, tzinfo=UTC), "feed": "another"},
    ],
)
@pytest.mark.parametrize("needed", [True, False])
def test_what_is_older_does_not_replace_what_waits(changes: dict[str, Any], *, needed: bool) -> None:
    world = SiteWorld()
    world.answers[PAGE] = failed("refused", 403)
    world.ask(a_request(PAGE)).run(2)
    world.ask(a_request(PAGE, body="An older text.", needed=needed, **changes)).run(1000)
    assert [article.body for _, article in world.articles] == ["The council met."]


def test_a_headline_of_another_feed_does_not_replace_a_teaser_but_the_other_feed_is_known() -> None:
    world = SiteWorld(latency_seconds=100.0)
    world.answers[PAGE] = failed("gone", 410)
    world.ask(a_request(PAGE)).run(2)
    world.ask(a_request(PAGE, feed="another", body="")).run(1000)
    assert [(article.body, article.retracted) for _, article in world.articles] == [("The council met.", None)]


def test_a_feeds_article_does_not_keep_the_place_of_a_backfill() -> None:
    world = SiteWorld()
    backfill = a_request("https://news.example/2", **SITEMAP)
    world.sites.receive("news.example", backfill, number=int(BEGIN * 1000), now=world.now)
    for number in (2, 3, 4):
        world.ask(a_request(f"https://news.example/{number}"))
    world.run(100)
    assert world.paths() == ["robots.txt", "2", "3", "4"]


def test_what_has_neither_title_nor_text_is_no_article_although_its_page_is_not_needed() -> None:
    world = SiteWorld().ask(a_request(PAGE, title="", body="", needed=False)).run(100)
    assert world.articles == []
    assert world.site().dropped == 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8080", "127.0.0.1", "localhost:443", "localhost:80", "[::1]:9000", "a.example"]
)
def test_hosts_with_ports_are_sites(host: str) -> None:
    assert request_problem(host, retraction(f"https://{host}/")) is None


@pytest.mark.parametrize(
    ("key", "request_"),
    [
        ("", a_request()),
        ("news.example/request/1", a_request()),
        ("NEWS.example", a_request()),
        ("www.news.example", a_request()),
        ("user@news.example", a_request()),
        ("news.example\n", a_request()),
        ("news.ex\ufffdmple", a_request()),
        ("x" * 5000, a_request()),
        ("news.example", a_request("ftp://news.example/1")),
        ("news.example", PageRequest(url=PAGE, asked=a_request().asked)),
        ("news.example", PageRequest(kind="sitemap", url=MOVED, asked=a_request().asked)),
    ],
)
def test_a_request_that_cannot_be_served_says_why_in_few_words(key: str, request_: PageRequest) -> None:
    problem = request_problem(key, request_)
    assert problem is not None
    assert len(problem) < 600
    assert problem.isprintable()


@given(st.text())
def test_no_key_makes_the_check_fail(key: str) -> None:
    request_problem(key, a_request())


@given(st.text(min_size=1, max_size=255))
def test_any_id_of_an_article_waits_survives_another_owner_and_is_published_once(article: str) -> None:
    world = SiteWorld().ask(a_request(PAGE, article_id=article)).run(2)
    world.reopen()
    world.run(100)
    assert [each.id for _, each in world.articles] == [article]
    assert sorted(part for _, part, _ in world.sites.table.parts()) == ["", "feed", "rules"]


@pytest.mark.parametrize("is_redirected", [True, False])
def test_what_ends_the_wait_follows_an_article_that_was_handed_over(*, is_redirected: bool) -> None:
    world = SiteWorld()
    world.answers[PAGE] = PageMoved(target=MOVED, status=301)
    asked = a_request(PAGE if is_redirected else MOVED, article_id=PAGE)
    world.ask(asked, site="news.example").run(100)
    world.reopen()
    world.ask(retraction(None)).run(100)
    assert world.articles == []
    assert [site for site, _ in world.handed_over] == ["other.example"] * 2
    other = SiteWorld().ask(world.handed_over[0][1]).run(2)
    other.ask(world.handed_over[1][1], site="other.example").run(1000)
    assert [article.retracted is not None for _, article in other.articles] == [True]
    assert other.visits == []


def test_articles_that_were_handed_over_are_forgotten_when_there_are_many() -> None:
    handed = HandedOver()
    for number in range(500):
        handed = handed.with_article(str(number % 300), "other.example")
    assert [*handed.sites] == [str(number % 300) for number in range(300, 500)]
