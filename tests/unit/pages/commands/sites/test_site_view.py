"""Sites shown in a terminal and as JSON."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dateline_pages.commands.sites.known_site import KnownSite
from dateline_pages.commands.sites.site_row import SiteRow, condition_of
from dateline_pages.commands.sites.site_table import site_list_lines, site_table
from dateline_pages.commands.sites.site_view import site_json, site_view
from dateline_pages.sites.limits import SiteLimits
from dateline_schemas import FeedPages, HostRules, PageLook, SiteSettings, SiteState, SiteVisit, WaitingPage
from dateline_schemas.records.sitemap_job import SitemapCounts, SitemapJob, SitemapPlace
from rich.console import Console, RenderableType
from support.site_world import a_request

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
SITE = "https://news.example"
LIMITS = SiteLimits(pause_seconds=5.0)
EVIL = "evil \x1b[2J\nline"


def lines_of(shown: RenderableType) -> list[str]:
    file = io.StringIO()
    Console(file=file, width=200).print(shown)
    return [" ".join(line.split()) for line in file.getvalue().splitlines()]


def shown(site: KnownSite, **feeds: str) -> list[str]:
    return lines_of(site_view(site, LIMITS, NOW, feeds))


def a_state(**changes: Any) -> SiteState:
    return SiteState.model_validate({"site": "news.example", "last_visit": NOW - timedelta(seconds=2), **changes})


def a_page(number: int = 1, **changes: Any) -> WaitingPage:
    own = {name: changes.pop(name) for name in list(changes) if name.startswith("article_")}
    known = {"request": a_request(f"{SITE}/{number}", **own), "number": number, "received": NOW - timedelta(minutes=3)}
    return WaitingPage(**(known | changes))


def a_full_site() -> KnownSite:
    article = a_request().article
    assert article is not None
    visit = SiteVisit(at=NOW - timedelta(seconds=2), url=f"{SITE}/1", outcome="failed", status=500, reason="it failed")
    counts = SitemapCounts(added=120, sitemaps=2, failed=1, too_old=7)
    return KnownSite(
        name="news.example",
        state=a_state(
            requests=12,
            outcomes={"failed": 3, "read": 9},
            published=9,
            from_feed=2,
            late=1,
            overflow=4,
            dropped=5,
            retracted=6,
            delays={SITE: 10.0},
            failures=1,
            visits=[visit],
        ),
        waiting=[
            a_page(1, deadline=NOW + timedelta(seconds=90), due=NOW + timedelta(seconds=30), attempts=1, reason="slow"),
            a_page(2, published=True),
            a_page(3, article_via="sitemap"),
        ],
        failed=[a_page(4, reason="robots.txt forbids it")],
        looks=[
            PageLook(
                article=article,
                url=article.url,
                content_hash=article.content_hash,
                first=NOW,
                due=NOW + timedelta(hours=1),
                number=1,
            )
        ],
        rules=[
            HostRules(
                origin=SITE,
                robots="User-agent: *\nDisallow: /print\nCrawl-delay: 10",
                robots_until=NOW + timedelta(hours=20),
                tdm='[{"location": "/x", "tdm-reservation": 1}]',
                tdm_until=NOW + timedelta(hours=20),
            )
        ],
        feeds={"f1": FeedPages(site="news.example", at=NOW - timedelta(hours=2), pages=20, read=19, more=12)},
        jobs=[
            SitemapJob(
                url=f"{SITE}/map.xml",
                asked=NOW,
                waiting=[SitemapPlace(url=f"{SITE}/map-3.xml")],
                counts=counts,
                problem="map-1.xml: not XML",
            )
        ],
        has_lessons=True,
        members=2,
    )


def test_a_site_is_described_in_words() -> None:
    assert shown(a_full_site(), f1="https://news.example/rss") == [
        "news.example",
        "failing: 1 failure, the last: it failed",
        "next request at 12:00:08, in 8 s, for https://news.example/2 (page), because the pause between two requests "
        "is 10 s",
        "waiting 3 articles (1 of backfills), the oldest for 3 min; 1 published with the feed's text already; "
        "the next deadline in 1 min 30 s",
        "later looks 1, the next in 1 h",
        "pause 10 s: Crawl-delay in the robots.txt of https://news.example",
        "failures 1 in a row",
        "robots.txt https://news.example: has rules for all and forbids /print, and asks for a pause of 10 s; "
        "read again in 20 h",
        "tdmrep.json https://news.example: reserves text and data mining of /x",
        "requests 12: 9 read, 3 failed",
        "articles 9 with the text of their page, 2 with that of their feed; 1 of these because the page was late; "
        "4 because the queue was full; 5 without any text dropped; 6 retracted",
        "given up 1 that can be requested again, the last one because robots.txt forbids it: "
        "dateline pages retry news.example",
        "boilerplate learned from its pages",
        "feed https://news.example/rss: 12 of 20 pages held more text than the feed, 1 gave no text, last 2 h ago",
        "sitemap https://news.example/map.xml: 120 pages requested, 2 sitemaps read, 1 not read, 7 too old; "
        "1 sitemap left; the last problem: map-1.xml: not XML",
        "",
        "waiting deadline next try address reason",
        "3 min in 1 min 30 s in 30 s https://news.example/1 1 try, the last: slow",
        "3 min published https://news.example/2",
        "3 min none https://news.example/3 backfill",
        "",
        "given up address reason",
        "came 3 min ago https://news.example/4 robots.txt forbids it",
        "",
        "last visits status outcome address reason",
        "11:59:58 2 s ago 500 failed https://news.example/1 it failed",
    ]


def test_a_site_is_told_for_programs_without_the_text_of_articles() -> None:
    site = a_full_site()
    found = json.loads(json.dumps(site_json(site, LIMITS, NOW, {"f1": f"{SITE}/rss"})))
    assert found["next_request"] == {
        "url": f"{SITE}/2",
        "for": "page",
        "at": "2024-06-01T12:00:08+00:00",
        "reason": "the pause between two requests is 10 s",
    }
    assert [page["url"] for page in found["waiting"]] == [f"{SITE}/1", f"{SITE}/2", f"{SITE}/3"]
    assert found["waiting"][0]["title"] == "Council"
    assert found["feeds"][0]["url"] == f"{SITE}/rss"
    assert (found["condition"], found["processes"], found["not_taken"]) == ("failing", 2, 0)
    assert "The council met." not in json.dumps(found), "the text of an article is not shown"


def test_long_queues_are_shown_in_part() -> None:
    site = KnownSite(name="news.example", waiting=[a_page(number) for number in range(1000)])
    assert "and 980 more" in shown(site)
    assert len([line for line in shown(site) if f"{SITE}/" in line]) < 30


def test_requests_that_nobody_takes_say_what_to_do() -> None:
    site = KnownSite(name="news.example", pending=3, members=0)
    assert "not taken yet 3 requests: no process reads pages, `dateline up` starts the service" in shown(site)
    site.members, site.pending_more = 1, True
    assert "not taken yet at least 3 requests in page-requests" in shown(site)
    site.members, site.pending = 0, 0
    assert "service no process reads pages: `dateline up` starts the service" in shown(site)


def test_a_site_that_an_operator_has_decided_about_says_so() -> None:
    decision = SiteSettings(site="news.example", blocked=True, reason="they asked us to", changed=NOW)
    lines = shown(KnownSite(name="news.example", decision=decision))
    assert lines[1:3] == ["blocked: they asked us to", "no next request: blocked: they asked us to"]
    assert "blocked 12:00:00, now: they asked us to" in lines
    slow = SiteSettings(site="news.example", pause_seconds=60, changed=NOW - timedelta(days=2))
    lines = shown(KnownSite(name="news.example", decision=slow))
    assert "pause 1 min: set by an operator" in lines
    assert "decided 2024-05-30 12:00:00, 2 d ago" in lines


def test_what_sites_and_feeds_say_cannot_change_the_terminal() -> None:
    visit = SiteVisit(at=NOW, url=f"{SITE}/{EVIL}", outcome=EVIL, reason=EVIL)
    state = a_state(held_until=NOW + timedelta(hours=1), held_reason=EVIL, visits=[visit], outcomes={EVIL: 1})
    site = KnownSite(
        name="news.example",
        state=state,
        waiting=[a_page(reason=EVIL, url=f"{SITE}/{EVIL}")],
        failed=[a_page(reason=EVIL)],
        decision=SiteSettings(site="news.example", blocked=True, reason=EVIL, changed=NOW),
        rules=[HostRules(origin=SITE, robots="User-agent: *\nDisallow: /\x1b[2J", robots_until=NOW)],
        feeds={"f1": FeedPages(site="news.example", at=NOW, pages=1, reason=EVIL)},
    )
    for text in (*shown(site, f1=EVIL), *lines_of(site_table([SiteRow(name=EVIL, state=state)], LIMITS, NOW))):
        assert text.isprintable()
    assert all(line.isprintable() for line in site_list_lines([SiteRow(name=EVIL, state=state)], LIMITS, NOW))


@pytest.mark.parametrize(
    ("changes", "word", "reason"),
    [
        ({}, "answers", ""),
        ({"last_visit": None}, "new", "not visited yet"),
        ({"failures": 2}, "failing", "2 failures in a row"),
        ({"refusals": 1}, "refusing", "1 refusal"),
        ({"held_until": NOW + timedelta(hours=1), "held_reason": "429"}, "held", "for 1 h: 429"),
        ({"held_until": NOW - timedelta(hours=1), "held_reason": "429"}, "answers", ""),
    ],
)
def test_the_condition_of_a_site(changes: dict[str, Any], word: str, reason: str) -> None:
    condition = condition_of("news.example", a_state(**changes), None, LIMITS, NOW)
    assert (condition.word, condition.reason) == (word, reason)
    assert condition.is_trouble == (word not in ("answers", "new"))


def test_a_site_that_the_settings_exclude_is_left_out() -> None:
    condition = condition_of("news.example", a_state(), None, SiteLimits(allowed=frozenset({"other.example"})), NOW)
    assert condition.word == "left out"
    assert "DATELINE_PAGES__ALLOW_SITES" in condition.reason


def test_the_problem_that_ended_a_backfill_is_told_once() -> None:
    problem = "map.xml: the server answered 404"
    job = SitemapJob(
        url=f"{SITE}/map.xml", asked=NOW, ended=NOW, reason=f"no sitemap could be read: {problem}", problem=problem
    )
    told = [line for line in shown(KnownSite(name="news.example", state=a_state(), jobs=[job])) if "map.xml" in line]
    assert [line.count("404") for line in told] == [1]


def some_rows() -> list[SiteRow]:
    oldest = NOW - timedelta(minutes=26)
    return [
        SiteRow(name="a.example", state=a_state(published=1234), waiting=12, oldest=oldest, looks=2, sitemaps=1),
        SiteRow(name="b.example"),
    ]


def test_the_list_shows_how_each_site_does_and_what_waits() -> None:
    assert lines_of(site_table(some_rows(), LIMITS, NOW)) == [
        "site condition waiting oldest pages last visit reason",
        "a.example answers 12 26 min ago 1,234 2 s ago 2 later looks, 1 sitemap",
        "b.example new 0 not visited yet",
    ]


def test_many_sites_are_listed_line_by_line() -> None:
    lines = [" ".join(line.split()) for line in site_list_lines(some_rows(), LIMITS, NOW)]
    assert lines == lines_of(site_table(some_rows(), LIMITS, NOW))


def test_the_list_is_told_for_programs() -> None:
    row = some_rows()[0].as_json(LIMITS, NOW)
    assert json.loads(json.dumps(row)) == {
        "site": "a.example",
        "condition": "answers",
        "reason": None,
        "waiting": 12,
        "oldest": "2024-06-01T11:34:00+00:00",
        "looks": 2,
        "sitemaps": 1,
        "requests": 0,
        "published": 1234,
        "from_feed": 0,
        "last_visit": "2024-06-01T11:59:58+00:00",
        "held_until": None,
    }
