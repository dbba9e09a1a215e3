"""What robots.txt and tdmrep.json mean for this program, in words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dateline_pages.commands.sites.robots_summary import robots_group, robots_summary, tdm_summary
from dateline_pages.sites.limits import SiteLimits
from dateline_schemas import HostRules
from dateline_web.robots import robots_from
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
LIMITS = SiteLimits(agent="Dateline/1.0")
ORIGIN = "https://news.example"

AGENTS = ("*", "Dateline", "dateline", "Date", "Other", "Dateline/2", "")
LINES = st.one_of(
    st.sampled_from([f"User-agent: {agent}" for agent in AGENTS]),
    st.sampled_from(["Disallow: /", "Disallow:", "Disallow: /a", "Allow: /a", "Crawl-delay: 7", "Sitemap: /s.xml", ""]),
)


def words(robots: str | None, **changes: Any) -> str:
    known = {"origin": ORIGIN, "robots": robots, "robots_status": 200, "robots_until": NOW + timedelta(hours=20)}
    return robots_summary(HostRules(**(known | changes)), LIMITS, NOW)


@pytest.mark.parametrize(
    ("robots", "expected"),
    [
        ("User-agent: *\nDisallow:", "forbids nothing"),
        ("Sitemap: https://news.example/map.xml", "forbids nothing"),
        ("User-agent: *\nDisallow: /", "has rules for all and forbids everything"),
        ("User-agent: Dateline\nDisallow: /\nUser-agent: *\nAllow: /", "names this program and forbids everything"),
        ("User-agent: *\nDisallow: /\nUser-agent: dateline\nDisallow: /print", "names this program and forbids /print"),
        ("User-agent: *\nDisallow: /\nAllow: /news", "has rules for all and forbids /, but allows /news"),
        (
            "User-agent: *\nDisallow: /a\nDisallow: /b\nDisallow: /c\nDisallow: /d\nCrawl-delay: 10",
            "has rules for all and forbids /a, /b, /c and 1 more, and asks for a pause of 10 s",
        ),
    ],
)
def test_a_robots_txt_is_told_in_words(robots: str, expected: str) -> None:
    assert words(robots) == f"{expected}; read again in 20 h"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"robots_until": None}, "not read yet"),
        ({"robots_status": 404}, "none (status 404), so nothing is forbidden; read again in 20 h"),
        (
            {"robots_status": 503, "robots_failures": 1},
            "cannot be read (status 503, once), so nothing is requested; read again in 20 h",
        ),
        (
            {"robots_status": None, "robots_failures": 4},
            "cannot be read (no answer, 4 times), so its articles are published with their feeds' texts; "
            "read again in 20 h",
        ),
        ({"robots_status": 404, "robots_until": NOW}, "none (status 404), so nothing is forbidden; read again first"),
    ],
)
def test_a_robots_txt_that_is_missing_says_what_follows(changes: dict[str, Any], expected: str) -> None:
    assert words(None, **changes) == expected


@given(st.lists(LINES, max_size=12))
def test_the_rules_that_are_told_are_those_that_count(lines: list[str]) -> None:
    text = "\n".join(lines)
    group, policy = robots_group(text, "Dateline/1.0"), robots_from(200, text.encode())
    if not policy.allows(f"{ORIGIN}/", "Dateline"):
        assert "/" in group.disallowed
    elif "/" in group.disallowed:
        assert group.allowed, "the longest rule counts"
    if not group.disallowed:
        assert policy.allows(f"{ORIGIN}/a", "Dateline")


def test_a_reservation_is_told_with_its_paths() -> None:
    tdm = '[{"location": "/news", "tdm-reservation": 1}, {"location": "/free", "tdm-reservation": 0}]'
    rules = HostRules(origin=ORIGIN, tdm=tdm)
    assert tdm_summary(rules, LIMITS) == "reserves text and data mining of /news"
    assert tdm_summary(rules, SiteLimits(obey_reservations=False)) == (
        "reserves text and data mining of /news; it is not obeyed (DATELINE_PAGES__OBEY_RESERVATIONS)"
    )
    assert tdm_summary(HostRules(origin=ORIGIN), LIMITS) is None
    free = HostRules(origin=ORIGIN, tdm='[{"location": "/", "tdm-reservation": 0}]')
    assert tdm_summary(free, LIMITS) == "reserves nothing"
