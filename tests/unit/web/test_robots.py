"""robots.txt as RFC 9309 has it."""

from collections.abc import AsyncIterator

import pytest
from dateline_web.client import WebClient
from dateline_web.robots import MAX_ROBOTS_BYTES, RobotsPolicy, fetch_robots, robots_address, robots_from
from support.hostile_server import hostile_server, local_options
from support.news_site import NewsSite, news_site

SITE = "https://news.example"
RULES = b"""
user-agent: *
disallow: /private
allow: /private/open
disallow: /*.pdf$
crawl-delay: 2.5

User-Agent: Dateline
User-Agent: Other
Disallow: /drafts/%C3%A9

Sitemap: https://news.example/sitemap.xml
"""


def allowed(policy: RobotsPolicy, agent: str, *paths: str) -> list[bool]:
    return [policy.allows(SITE + path, agent) for path in paths]


def test_the_longest_matching_rule_of_the_general_group_decides() -> None:
    policy = robots_from(200, RULES)
    paths = ("/", "/private/x", "/private/open/x", "/a.pdf", "/a.pdf?page=2", "/drafts/%C3%A9")
    assert allowed(policy, "Somebody/1.0", *paths) == [True, False, True, False, True, True]


def test_a_group_that_names_the_crawler_replaces_the_general_one() -> None:
    policy = robots_from(200, RULES)
    paths = ("/private/x", "/drafts/%C3%A9/1", "/drafts/é", "/drafts/e")
    for agent in ("dateline", "Dateline/1.0 (feed reader; +mailto:ann@news.example)"):
        assert allowed(policy, agent, *paths) == [True, False, False, True]
    assert (policy.crawl_delay_seconds("Dateline"), policy.crawl_delay_seconds("Somebody")) == (None, 2.5)


def test_only_the_product_token_of_a_user_agent_chooses_the_group() -> None:
    policy = robots_from(200, b"User-agent: bot\nDisallow: /\n\nUser-agent: *\nDisallow: /a")
    assert allowed(policy, "Dateline/1.0 (+https://bot.example)", "/a", "/b") == [False, True]
    assert allowed(policy, "Bot/2.0", "/b") == [False]
    assert allowed(policy, "", "/a", "/b") == [False, True]


def test_groups_of_one_crawler_are_combined() -> None:
    policy = robots_from(
        200, b"User-agent: a\nDisallow: /x\n\nUser-agent: b\nDisallow: /\n\nUser-agent: a\nDisallow: /y"
    )
    assert allowed(policy, "a", "/x", "/y", "/z") == [False, False, True]


def test_an_empty_rule_forbids_nothing_and_the_more_permissive_of_equal_rules_counts() -> None:
    policy = robots_from(200, b"User-agent: *\nDisallow: /a\nAllow: /a\nDisallow:\n")
    assert allowed(policy, "x", "/a", "/b") == [True, True]


def test_sitemaps_are_named_for_all() -> None:
    assert robots_from(200, RULES).sitemaps == ("https://news.example/sitemap.xml",)


@pytest.mark.parametrize(
    ("status", "is_allowed", "reachable"),
    [
        (200, False, True),
        (204, False, True),
        (301, True, True),
        (400, True, True),
        (401, True, True),
        (403, True, True),
        (404, True, True),
        (410, True, True),
        (429, False, False),
        (500, False, False),
        (503, False, False),
        (None, False, False),
    ],
)
def test_the_status_decides_where_there_is_no_file(status: int | None, is_allowed: bool, reachable: bool) -> None:
    policy = robots_from(status, b"User-agent: *\nDisallow: /")
    assert (policy.allows(SITE + "/x", "Dateline"), policy.reachable) == (is_allowed, reachable)
    assert policy.crawl_delay_seconds("Dateline") is None


def test_a_byte_order_mark_and_invalid_bytes_do_not_hide_rules() -> None:
    policy = robots_from(200, b"\xef\xbb\xbfUser-agent: *\n\xff\xfe\x00: x\r\nDisallow: /a\rDisallow: /b\n")
    assert allowed(policy, "x", "/a", "/b", "/c") == [False, False, True]


def test_rules_beyond_the_size_limit_are_ignored() -> None:
    head = b"User-agent: *\nDisallow: /a\n"
    filler = b"# " + b"x" * (MAX_ROBOTS_BYTES - len(head) - 3) + b"\n"
    assert allowed(robots_from(200, head + filler + b"Disallow: /b\n"), "x", "/a", "/b") == [False, True]


@pytest.mark.parametrize("delay", ["-1", "nan", "inf", "soon", ""])
def test_an_invalid_crawl_delay_is_ignored(delay: str) -> None:
    policy = robots_from(200, f"User-agent: *\nCrawl-delay: {delay}\n".encode())
    assert policy.crawl_delay_seconds("x") is None


def test_the_file_lies_at_the_root_of_the_site_and_is_itself_allowed() -> None:
    assert robots_address("https://ann:sesame@news.example:8443/a/b?c#d") == "https://news.example:8443/robots.txt"
    assert robots_from(200, b"User-agent: *\nDisallow: /").allows(SITE + "/robots.txt", "x")
    with pytest.raises(ValueError, match="absolute"):
        robots_address("/a/b")


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with news_site() as made:
        yield made


@pytest.fixture
async def client() -> AsyncIterator[WebClient]:
    async with WebClient.open(local_options(silence_timeout_seconds=0.5, max_redirects=0)) as opened:
        yield opened


async def test_a_file_is_fetched_from_the_site_of_an_address(site: NewsSite, client: WebClient) -> None:
    site.documents["robots.txt"] = b"User-agent: *\nDisallow: /a"
    policy = await fetch_robots(client, site.url("some/page"))
    assert [policy.allows(site.url(name), "x") for name in ("a", "b")] == [False, True]


@pytest.mark.parametrize(("status", "is_allowed"), [(404, True), (500, False)])
async def test_an_error_decides_by_its_status(site: NewsSite, client: WebClient, status: int, is_allowed: bool) -> None:
    site.statuses["robots.txt"] = status
    assert (await fetch_robots(client, site.url("page"))).allows(site.url("page"), "x") == is_allowed


async def test_five_redirects_are_followed_and_more_mean_that_there_is_no_file(
    site: NewsSite, client: WebClient
) -> None:
    names = ["robots.txt", "1", "2", "3", "4", "5"]
    for name, target in zip(names, [*names[1:], "6"], strict=True):
        site.statuses[name] = 302
        site.headers[name] = {"Location": f"/{target}"}
    site.documents |= {"5": b"User-agent: *\nDisallow: /", "6": b"User-agent: *\nDisallow: /"}
    assert (await fetch_robots(client, site.url("page"))).allows(site.url("page"), "x")
    del site.statuses["5"]
    assert not (await fetch_robots(client, site.url("page"))).allows(site.url("page"), "x")


async def test_a_large_file_counts_up_to_the_size_limit(site: NewsSite, client: WebClient) -> None:
    site.documents["robots.txt"] = b"User-agent: *\nDisallow: /a\n" + b"# x\n" * MAX_ROBOTS_BYTES
    policy = await fetch_robots(client, site.url("page"))
    assert [policy.allows(site.url(name), "x") for name in ("a", "b")] == [False, True]


async def test_nothing_is_allowed_where_no_server_answers(client: WebClient) -> None:
    policy = await fetch_robots(client, "http://127.0.0.1:1/page")
    assert (policy.reachable, policy.allows("http://127.0.0.1:1/page", "x")) == (False, False)


async def test_nothing_is_allowed_where_the_file_breaks_off(client: WebClient) -> None:
    async with hostile_server() as server:
        setattr(server, "robots.txt", server.broken)
        assert not (await fetch_robots(client, server.url("page"))).reachable
