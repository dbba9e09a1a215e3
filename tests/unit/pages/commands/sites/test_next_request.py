"""The next request to a site: when, to which address, and what it waits for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dateline_pages.commands.sites.known_site import KnownSite
from dateline_pages.commands.sites.next_request import NextRequest, next_request, pause_of
from dateline_pages.sites.limits import SiteLimits
from dateline_schemas import HostRules, PageLook, SiteSettings, SiteState, WaitingPage
from dateline_schemas.records.sitemap_job import SitemapJob, SitemapPlace
from support.site_world import a_request

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
SITE = "https://news.example"
LIMITS = SiteLimits(pause_seconds=5.0)
DAY = timedelta(days=1)


def a_page(number: int = 1, **changes: Any) -> WaitingPage:
    own = {name: changes.pop(name) for name in list(changes) if name.startswith("article_")}
    request = a_request(f"{SITE}/{number}", **own)
    return WaitingPage(**({"request": request, "number": number, "received": NOW} | changes))


def a_look(number: int, due: datetime) -> PageLook:
    article = a_request(f"{SITE}/{number}").article
    assert article is not None
    return PageLook(
        article=article, url=article.url, content_hash=article.content_hash, first=NOW, due=due, number=number
    )


def a_site(*waiting: WaitingPage, state: dict[str, Any] | None = None, **changes: Any) -> KnownSite:
    rules = [HostRules(origin=SITE, robots_until=NOW + DAY, robots_status=404, tdm_until=NOW + DAY)]
    known = SiteState.model_validate({"site": "news.example", **(state or {})})
    made: dict[str, Any] = {"name": "news.example", "state": known, "waiting": [*waiting], "rules": rules}
    return KnownSite(**(made | changes))


def upcoming(site: KnownSite, limits: SiteLimits = LIMITS) -> NextRequest:
    return next_request(site, limits, NOW)


def test_the_first_article_of_the_queue_is_requested_now() -> None:
    found = upcoming(a_site(a_page(7), a_page(2), state={"last_visit": NOW - timedelta(minutes=1)}))
    assert found == NextRequest(url=f"{SITE}/2", what="page", at=None, why="")


def test_articles_of_feeds_come_before_later_looks_and_these_before_backfills() -> None:
    backfill, look = a_page(1, article_via="sitemap"), a_look(2, NOW - DAY)
    assert upcoming(a_site(backfill, a_page(3), looks=[look])).url == f"{SITE}/3"
    assert upcoming(a_site(backfill, looks=[look])).what == "later look"
    assert upcoming(a_site(backfill)).url == f"{SITE}/1"


def test_what_is_not_due_does_not_hold_up_what_is() -> None:
    assert upcoming(a_site(a_page(1, due=NOW + DAY), a_page(2))).url == f"{SITE}/2"


def test_the_pause_is_why_the_next_request_waits() -> None:
    found = upcoming(a_site(a_page(), state={"last_visit": NOW - timedelta(seconds=2)}))
    assert found.at == NOW + timedelta(seconds=3)
    assert found.why == "the pause between two requests is 5 s"


def test_a_hold_is_why_the_next_request_waits() -> None:
    held = {"held_until": NOW + DAY, "held_reason": "the server is busy (429)", "last_visit": NOW}
    found = upcoming(a_site(a_page(), state=held))
    assert (found.at, found.why) == (NOW + DAY, "the site is left alone: the server is busy (429)")


def test_a_page_that_failed_says_why_it_waits() -> None:
    found = upcoming(a_site(a_page(due=NOW + timedelta(minutes=2), attempts=1, reason="the server answered 500")))
    assert (found.at, found.why) == (
        NOW + timedelta(minutes=2),
        "its last request gave nothing: the server answered 500",
    )


def test_robots_txt_and_tdmrep_come_before_the_first_page() -> None:
    page = a_page(url=f"{SITE}:8080/1")
    assert upcoming(a_site(page, rules=[])).url == f"{SITE}:8080/robots.txt"
    read = HostRules(origin=f"{SITE}:8080", robots_until=NOW + DAY, robots_status=404)
    assert upcoming(a_site(page, rules=[read])).url == f"{SITE}:8080/.well-known/tdmrep.json"
    assert upcoming(a_site(page, rules=[read]), SiteLimits(obey_reservations=False)).url == f"{SITE}:8080/1"


def test_a_robots_txt_that_cannot_be_read_is_why_the_next_request_waits() -> None:
    until = NOW + timedelta(minutes=30)
    rules = [HostRules(origin=SITE, robots_until=until, robots_status=503, robots_failures=1)]
    found = upcoming(a_site(a_page(), rules=rules))
    assert (found.at, found.why) == (until, f"the robots.txt of {SITE} cannot be read")


def test_the_sitemap_of_a_backfill_is_requested_until_it_has_ended() -> None:
    job = SitemapJob(url=f"{SITE}/map.xml", asked=NOW, waiting=[SitemapPlace(url=f"{SITE}/map-2.xml")])
    assert upcoming(a_site(jobs=[job])).url == f"{SITE}/map-2.xml"
    assert upcoming(a_site(jobs=[job.model_copy(update={"ended": NOW})])).url is None


@pytest.mark.parametrize(
    ("decision", "limits", "why"),
    [
        (SiteSettings(site="news.example", blocked=True, reason="a reason", changed=NOW), LIMITS, "blocked: a reason"),
        (SiteSettings(site="news.example", blocked=True, changed=NOW), LIMITS, "blocked"),
        (
            None,
            SiteLimits(denied=frozenset({"news.example"})),
            "the site is on the list of denied sites (DATELINE_PAGES__DENY_SITES)",
        ),
    ],
)
def test_nothing_is_requested_of_a_site_that_somebody_excludes(
    decision: SiteSettings | None, limits: SiteLimits, why: str
) -> None:
    assert upcoming(a_site(a_page(), decision=decision), limits) == NextRequest(why=why)


def test_nothing_is_requested_if_nothing_waits() -> None:
    assert upcoming(a_site()) == NextRequest(why="nothing waits for it")


@pytest.mark.parametrize(
    ("delays", "decided", "seconds", "origin"),
    [
        ({}, None, 5.0, "DATELINE_PAGES__PAUSE_SECONDS"),
        ({SITE: 3.0}, None, 5.0, "DATELINE_PAGES__PAUSE_SECONDS"),
        ({SITE: 30.0, "https://m.news.example": 10.0}, None, 30.0, f"Crawl-delay in the robots.txt of {SITE}"),
        ({SITE: 9999.0}, None, 600.0, f"Crawl-delay in the robots.txt of {SITE}"),
        ({SITE: 30.0}, 60.0, 60.0, "set by an operator"),
        ({SITE: 30.0}, 1.0, 30.0, f"Crawl-delay in the robots.txt of {SITE}"),
    ],
)
def test_the_pause_says_where_it_comes_from(
    delays: dict[str, float], decided: float | None, seconds: float, origin: str
) -> None:
    state = SiteState(site="news.example", delays=delays)
    decision = None if decided is None else SiteSettings(site="news.example", pause_seconds=decided, changed=NOW)
    pause = pause_of(state, decision, LIMITS)
    assert (pause.seconds, pause.origin) == (seconds, origin)
