"""What hosts allow, as it is kept in the state."""

import pytest
from dateline.runtime.state import State
from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.memory.site_table import SiteTable
from dateline_pages.sites.politeness.rules import Rules, origin_of
from dateline_schemas import SiteState

NOW = 1_700_000_000.0
PAGE = "https://www.news.example/1"


@pytest.fixture
def rules() -> Rules:
    return Rules(table=SiteTable(State(SiteState)), limits=SiteLimits())


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://News.example/1", "https://news.example"),
        ("http://user:word@news.example:8080/1?a@b", "http://news.example:8080"),
        ("https://[::1]:8/x", "https://[::1]:8"),
    ],
)
def test_the_origin_of_an_address(address: str, origin: str) -> None:
    assert origin_of(address) == origin


def test_rules_are_asked_for_one_after_the_other(rules: Rules) -> None:
    assert rules.verdict("news.example", PAGE, NOW).ask == ("robots", "https://www.news.example/robots.txt")
    assert rules.robots_read("news.example", PAGE, 200, b"User-agent: *\nCrawl-delay: 7", NOW) == 7.0
    tdm = "https://www.news.example/.well-known/tdmrep.json"
    assert rules.verdict("news.example", PAGE, NOW).ask == ("tdmrep", tdm)
    rules.tdm_read("news.example", PAGE, 404, b"", NOW)
    verdict = rules.verdict("news.example", PAGE, NOW)
    assert (verdict.ask, verdict.after, verdict.forbidden) == (None, None, None)


def test_only_what_matters_of_a_robots_txt_is_kept(rules: Rules) -> None:
    body = b"\xef\xbb\xbf# hello\nUser-agent: *  # all\n\nDisallow: /x\n"
    rules.robots_read("news.example", PAGE, 200, body, NOW)
    kept = rules.table.rules("news.example", "https://www.news.example")
    assert kept is not None
    assert kept.robots == "User-agent: *\nDisallow: /x"


def test_a_robots_txt_that_names_the_agent_counts(rules: Rules) -> None:
    rules.robots_read("news.example", PAGE, 200, b"User-agent: dateline\nDisallow: /", NOW)
    assert rules.verdict("news.example", PAGE, NOW).forbidden == "robots.txt forbids it"


def test_failures_forbid_for_a_while_and_then_give_up(rules: Rules) -> None:
    rules.robots_failed("news.example", PAGE, 500, NOW + 60)
    assert rules.verdict("news.example", PAGE, NOW).after == NOW + 60
    for _ in range(3):
        rules.robots_failed("news.example", PAGE, None, NOW + 60)
    forbidden = rules.verdict("news.example", PAGE, NOW).forbidden
    assert forbidden == "robots.txt of https://www.news.example cannot be read (no answer), which forbids all"
    assert rules.verdict("news.example", PAGE, NOW + 61).ask is not None
    rules.retry("news.example", "https://www.news.example")
    assert rules.verdict("news.example", PAGE, NOW).ask is not None


def test_redirects_of_rules_are_followed_a_few_times(rules: Rules) -> None:
    target = "https://news.example/robots.txt"
    assert all(rules.moved("news.example", PAGE, "robots", target, 5) for _ in range(5))
    assert rules.verdict("news.example", PAGE, NOW).ask == ("robots", target)
    assert not rules.moved("news.example", PAGE, "robots", target, 5)


def test_a_tdmrep_without_rules_is_not_kept(rules: Rules) -> None:
    rules.tdm_read("news.example", PAGE, 200, b"<html>", NOW)
    kept = rules.table.rules("news.example", "https://www.news.example")
    assert kept is not None
    assert kept.tdm is None
