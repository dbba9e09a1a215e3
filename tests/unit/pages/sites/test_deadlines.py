"""An article waits for its page until its deadline; then its feed's text is published, and the page's text follows."""

from dataclasses import replace

import pytest
from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.visit import PageMoved, RulesRead
from dateline_schemas import SiteSettings
from support.site_world import BEGIN, SiteWorld, a_request, failed, long_text

PLAIN = SiteLimits(obey_reservations=False)


def page(number: int) -> str:
    return f"https://news.example/{number}"


def test_after_the_deadline_the_feeds_text_is_published_and_the_page_is_the_next_revision() -> None:
    world = SiteWorld(latency_seconds=200.0).ask(a_request()).run(1000)
    (at, first), (_, second) = world.articles
    # Two pauses stand before the first page of a site: that of robots.txt, and that of tdmrep.json.
    assert at == pytest.approx(BEGIN + 120 + 2 * 5)
    assert (first.text_from, first.text_reason) == ("feed", "the page was not read in time")
    assert (first.body, first.observed) == ("The council met.", a_request().asked)
    assert (second.text_from, second.id) == ("page", first.id)
    assert (world.site().from_feed, world.site().late, world.site().published) == (1, 1, 1)


def test_the_pauses_of_what_stands_before_it_prolong_the_deadline_up_to_an_hour() -> None:
    limits = replace(PLAIN, pause_seconds=40.0)
    world = SiteWorld(limits=limits, latency_seconds=0.001)
    world.ask(*(a_request(page(number)) for number in range(200))).run(10_000)
    late = {article.id: at for at, article in world.articles if article.text_reason is not None}
    assert page(50) not in late, "its turn comes within two minutes and its pauses"
    assert {at - BEGIN for at in late.values()} == {3600.0}
    assert len(late) == 200 - 88
    read = [article.id for _, article in world.articles if article.text_from == "page"]
    assert read == [page(number) for number in range(200)]


def test_a_patient_article_has_no_deadline() -> None:
    world = SiteWorld(latency_seconds=5000.0).ask(a_request(patient=True)).run(20_000)
    assert world.texts() == [("page", None)]


def test_a_deadline_survives_another_owner() -> None:
    world = SiteWorld(latency_seconds=1000.0).ask(a_request()).run(60)
    world.reopen()
    world.run(100)
    assert [at - BEGIN for at, _ in world.articles] == [pytest.approx(130)]
    world.reopen()
    world.run(10_000)
    assert world.texts() == [("feed", "the page was not read in time"), ("page", None)]


def test_a_newer_request_keeps_the_place_and_the_earlier_deadline() -> None:
    world = SiteWorld(latency_seconds=100.0).ask(a_request(page(1)), a_request(page(2))).run(20)
    world.ask(a_request(page(1), "The council met twice."), a_request(page(2), "The mayor spoke.")).run(300)
    feed = [(at - BEGIN, article.body) for at, article in world.articles if article.text_from == "feed"]
    assert feed == [(130.0, "The council met twice."), (135.0, "The mayor spoke.")]
    assert world.paths() == ["robots.txt", "1", "2"]


def test_a_page_that_is_being_read_when_a_newer_request_comes_is_read_again() -> None:
    world = SiteWorld(latency_seconds=10.0).ask(a_request()).run(22)
    assert world.paths() == ["robots.txt", "1"]
    world.ask(a_request(body="The council met twice.")).run(100)
    assert world.paths() == ["robots.txt", "1", "1"]
    assert world.texts() == [("page", None)]
    assert world.articles[0][1].summary == "The council met twice."


def test_after_its_text_was_published_a_newer_request_has_a_deadline_of_its_own() -> None:
    world = SiteWorld(latency_seconds=500.0).ask(a_request()).run(200)
    world.ask(a_request(body="The council met twice.")).run(140)
    assert [(article.text_from, article.body) for _, article in world.articles] == [
        ("feed", "The council met."),
        ("feed", "The council met twice."),
    ]


def test_an_article_whose_page_is_not_needed_is_published_at_once_and_waits_no_more() -> None:
    world = SiteWorld(latency_seconds=30.0).ask(a_request()).run(40)
    world.ask(a_request(body=long_text("all"), needed=False)).run(1000)
    assert world.texts() == [("feed", None)]
    assert world.articles[0][1].body == long_text("all")


def test_a_retraction_of_the_feed_ends_the_wait() -> None:
    gone = a_request(article_retracted=a_request().asked, article_title="", article_body="")
    world = SiteWorld(latency_seconds=30.0).ask(a_request()).run(40)
    world.ask(gone).run(1000)
    assert [(article.retracted is not None, article.text_from) for _, article in world.articles] == [(True, None)]


def test_a_full_queue_publishes_at_once_and_says_so() -> None:
    world = SiteWorld(limits=replace(PLAIN, max_site_requests=3, max_requests=4))
    world.ask(*(a_request(page(number)) for number in range(5))).run(0.1)
    world.ask(a_request("https://two.example/1"), a_request("https://two.example/2")).run(0.1)
    reasons = [article.text_reason for _, article in world.articles]
    assert reasons == ["3 articles wait for pages of the site already"] * 2 + ["4 articles wait for pages already"]
    assert (world.site().overflow, world.site("two.example").overflow) == (2, 1)


def test_bytes_are_bounded_too() -> None:
    world = SiteWorld(limits=replace(PLAIN, max_site_bytes=3000))
    world.ask(*(a_request(page(number), "x" * 1500) for number in range(4))).run(0.1)
    assert [article.text_reason for _, article in world.articles] == [
        "3,000 bytes of articles wait for pages of the site already"
    ] * 2


def test_a_request_that_replaces_another_needs_no_room() -> None:
    world = SiteWorld(limits=replace(PLAIN, max_site_requests=1)).ask(a_request(), a_request(body="Another.")).run(60)
    assert world.texts() == [("page", None)]


def test_blocked_and_denied_sites_are_not_visited() -> None:
    limits = replace(PLAIN, denied=frozenset({"denied.example"}))
    world = SiteWorld(limits=limits).ask(a_request(), a_request("https://denied.example/1")).run(3)
    decision = SiteSettings(site="news.example", blocked=True, reason="they asked us to", changed=a_request().asked)
    world.sites.configure("news.example", decision)
    world.run(10).ask(a_request(page(2))).run(1000)
    assert world.visits == []
    assert [reason for _, reason in world.texts()] == [
        "the site is on the list of denied sites (DATELINE_PAGES__DENY_SITES)",
        "the site is blocked: they asked us to",
        "the site is blocked: they asked us to",
    ]
    world.sites.configure("news.example", None)
    world.ask(a_request(page(3))).run(100)
    assert world.paths() == ["robots.txt", "3"]


def test_only_allowed_sites_are_visited() -> None:
    limits = replace(PLAIN, allowed=frozenset({"news.example"}))
    world = SiteWorld(limits=limits).ask(a_request(), a_request("https://other.example/1")).run(60)
    assert world.paths("other.example") == []
    assert sorted(world.texts(), key=str) == [
        ("feed", "the site is not on the list of allowed sites (DATELINE_PAGES__ALLOW_SITES)"),
        ("page", None),
    ]


def test_an_article_without_any_text_is_dropped_and_counted() -> None:
    stub = a_request(body="", title="", article_via="sitemap", patient=True, feed=None)
    world = SiteWorld().ask(stub)
    world.answers["https://news.example/1"] = failed("gone", 410)
    world.run(100)
    assert world.articles == []
    assert world.site().dropped == 1


def test_a_pause_that_a_site_asks_for_gives_its_first_articles_more_time() -> None:
    world = SiteWorld(limits=SiteLimits())
    world.answers["https://news.example/robots.txt"] = RulesRead(status=200, body=b"User-agent: *\nCrawl-delay: 60")
    pages = [f"https://news.example/{number}" for number in range(5)]
    world.ask(*map(a_request, pages)).run(1000)
    assert world.texts() == [("page", None)] * 5


def test_a_site_whose_links_redirect_gives_its_articles_more_time() -> None:
    world = SiteWorld()
    pages = [f"https://news.example/{number}" for number in range(60)]
    for page in pages:
        world.answers[page] = PageMoved(target=page.replace("news", "www.news"), status=301)
    world.ask(*map(a_request, pages[:10])).run(300)
    world.ask(*map(a_request, pages[10:])).run(2000)
    assert world.texts() == [("page", None)] * 60


def test_a_site_whose_answers_are_slow_gives_its_articles_more_time() -> None:
    world = SiteWorld(latency_seconds=8.0)
    pages = [f"https://news.example/{number}" for number in range(60)]
    world.ask(*map(a_request, pages[:5])).run(300)
    world.ask(*map(a_request, pages[5:])).run(2000)
    assert world.texts() == [("page", None)] * 60
    assert world.sites.schedule.slow == {"news.example": pytest.approx(8.0)}
    world.latency_seconds = 0.1
    world.ask(*(a_request(url + "x") for url in pages[:10])).run(300)
    assert world.sites.schedule.slow == {}
