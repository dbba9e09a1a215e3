"""Sites as text."""

from datetime import UTC, datetime, timedelta

import pytest
from dateline.errors import DatelineError
from dateline_pages.commands.site_registry import KnownSite, named_site
from dateline_pages.commands.site_view import is_troubled, site_lines, site_rows
from dateline_schemas import HostRules, SiteSettings, SiteState, SiteVisit, WaitingPage
from support.site_world import a_request

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


def shown(site: KnownSite) -> str:
    return "\n".join(site_lines(site, NOW, 5.0, 600.0))


def a_site(**changes: object) -> KnownSite:
    state = SiteState.model_validate({"site": "news.example", "last_visit": NOW, **changes})
    return KnownSite("news.example", state=state)


def test_a_site_is_described_in_words() -> None:
    site = a_site(
        requests=12,
        outcomes={"read": 9, "failed": 3},
        published=9,
        from_feed=2,
        late=1,
        overflow=1,
        delays={"https://news.example": 10.0},
        visits=[SiteVisit(at=NOW, url="https://news.example/1", outcome="failed", status=500, reason="it failed")],
        failed=["a"],
    )
    site.rules = [HostRules(origin="https://news.example", robots_status=404, robots_until=NOW)]
    request = a_request()
    page = WaitingPage(
        request=request, number=1, received=NOW, deadline=NOW + timedelta(seconds=90), attempts=1, reason="slow"
    )
    site.waiting, site.counts["request"] = [page] * 21, 21
    assert shown(site).splitlines()[:8] == [
        "news.example",
        "  condition  answers",
        "  pause      10 s (Crawl-delay of robots.txt)",
        "  requests   12: 9 read, 3 failed",
        "  published  9 with the text of their page, 2 with that of their feed; "
        "1 of these because their page was late; 1 because the queue was full",
        "  rules      https://news.example: no robots.txt (status 404), so everything is allowed, "
        "until 2024-06-01 12:00",
        "  waiting    21 articles, 0 later looks",
        "    https://news.example/1; deadline in 1 min 30 s; 1 attempts, the last: slow",
    ]
    assert "    … and 1 more" in shown(site)
    assert "    2024-06-01 12:00:00  failed 500  https://news.example/1: it failed" in shown(site)
    assert "`dateline pages retry news.example` tries them again" in shown(site)


@pytest.mark.parametrize(
    ("changes", "condition"),
    [
        ({}, "answers"),
        ({"last_visit": None}, "not visited yet"),
        ({"failures": 2, "refusals": 1}, "2 failures and 1 refusals in a row"),
        ({"held_until": NOW + timedelta(hours=1), "held_reason": "429"}, "left alone for 1 h: 429"),
        ({"held_until": NOW - timedelta(hours=1), "held_reason": "429"}, "answers"),
    ],
)
def test_the_condition_of_a_site(changes: dict[str, object], condition: str) -> None:
    site = a_site(**changes)
    ((_, _, _, _, found),) = site_rows([site], NOW)
    assert found == condition
    assert is_troubled(site, NOW) == (condition not in ("answers", "not visited yet"))


def test_a_blocked_site_says_why_even_if_it_was_never_visited() -> None:
    decision = SiteSettings(site="news.example", blocked=True, reason="they asked us to", changed=NOW)
    site = KnownSite("news.example", decision=decision)
    assert "  condition  blocked: they asked us to" in shown(site)
    assert is_troubled(site, NOW)


@pytest.mark.parametrize("text", ["example.org", "www.Example.org", "https://news.example.org/1?x"])
def test_a_site_can_be_named_by_a_host_or_an_address(text: str) -> None:
    assert named_site(text) == "example.org"


def test_what_is_not_a_site_is_an_error() -> None:
    with pytest.raises(DatelineError, match="not a site"):
        named_site("ftp://example.org")
