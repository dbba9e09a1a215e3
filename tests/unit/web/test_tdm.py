"""The reservation of text and data mining, as TDMRep has it."""

import json
import re

import pytest
from dateline_web.client import WebClient
from dateline_web.tdm import MAX_TDM_BYTES, TdmPolicy, fetch_tdm, tdm_address, tdm_from, tdm_reservation
from hypothesis import given
from hypothesis import strategies as st
from support.hostile_server import local_options
from support.news_site import news_site

SITE = "https://news.example"


def policy(*rules: tuple[str, object]) -> TdmPolicy:
    return tdm_from(200, json.dumps([{"location": where, "tdm-reservation": value} for where, value in rules]).encode())


def reserved(rules: TdmPolicy, *paths: str) -> list[bool]:
    return [rules.reserved(SITE + path) for path in paths]


def test_the_first_rule_that_matches_decides() -> None:
    rules = policy(("/open/", 0), ("/", 1))
    assert reserved(rules, "/open/a", "/open", "/a", "") == [False, True, True, True]
    assert reserved(policy(("/", 1), ("/open/", 0)), "/open/a") == [True]


def test_nothing_is_reserved_where_no_rule_matches() -> None:
    assert reserved(policy(("/a/", 1)), "/b", "/A/x", "/a") == [False, False, False]


@pytest.mark.parametrize(
    ("location", "matching", "others"),
    [
        ("/this/*/then", ["/this/x/then", "/this/x/y/thence", "/this//then"], ["/this/then", "/x/this/a/then"]),
        ("/exactly$", ["/exactly"], ["/exactly/", "/exactly?page=2"]),
        ("/*.jpg$", ["/a/b.jpg", "/b.jpg.jpg"], ["/b.jpg?x", "/b.png"]),
        ("*", ["/", "/a?b"], []),
        ("/a*b*b$", ["/axbxb", "/abb"], ["/ab", "/axb"]),
        ("/foo-%24", ["/foo-$", "/foo-%24"], ["/foo-"]),
        ("/%7Eann/caf%c3%a9", ["/~ann/café", "/%7eann/caf%C3%A9/x"], ["/~ann/cafe"]),
        ("news/", ["/news/x"], ["/x/news/"]),
        ("/*?amp=", ["/a?amp=1"], ["/a"]),
    ],
)
def test_patterns_are_those_of_robots_txt(location: str, matching: list[str], others: list[str]) -> None:
    rules = policy((location, 1))
    assert reserved(rules, *matching) == [True] * len(matching)
    assert reserved(rules, *others) == [False] * len(others)


@pytest.mark.parametrize(
    ("body", "is_reserved"),
    [
        (b'{"location": "/", "tdm-reservation": 1}', True),
        (b'[{"location": "/", "tdm-reservation": "1"}]', True),
        (b'[{"location": "/", "tdm-reservation": true}]', True),
        (b'\xef\xbb\xbf[{"location": "/", "tdm-reservation": 1.0}]', True),
        (b'[7, null, {"location": 3, "tdm-reservation": 1}, {"location": "/", "tdm-reservation": 1}]', True),
        (b'[{"location": "/", "tdm-reservation": 2}]', False),
        (b'[{"location": "/", "tdm-reservation": [1]}]', False),
        (b'[{"location": "/"}]', False),
        (b'[{"tdm-reservation": 1}]', False),
        (b'[{"location": "", "tdm-reservation": 1}]', False),
        (b"<html>Not found</html>", False),
        (b"\xff\xfe\x00", False),
        (b"[" * 100_000, False),
        (b"", False),
    ],
)
def test_a_file_that_is_not_quite_right_is_read_as_its_publisher_meant(body: bytes, is_reserved: bool) -> None:
    assert tdm_from(200, body).reserved(SITE + "/a") is is_reserved


@pytest.mark.parametrize("status", [None, 204, 301, 404, 410, 429, 500])
def test_a_site_without_the_file_reserves_nothing(status: int | None) -> None:
    body = b"" if status == 204 else b'[{"location": "/", "tdm-reservation": 1}]'
    assert not tdm_from(status, body).reserved(SITE)


def test_a_file_that_is_too_long_reserves_nothing() -> None:
    rules = b'[{"location": "/", "tdm-reservation": 1}]'
    assert tdm_from(200, rules.ljust(MAX_TDM_BYTES)).reserved(SITE)
    assert not tdm_from(200, rules.ljust(MAX_TDM_BYTES + 1)).reserved(SITE)


def test_the_rule_names_the_address_of_the_licences() -> None:
    body = json.dumps([{"location": "/", "tdm-reservation": 1, "tdm-policy": "https://news.example/licences"}])
    rule = tdm_from(200, body.encode()).rule(SITE + "/a")
    assert rule is not None
    assert rule.policy == "https://news.example/licences"


@pytest.mark.parametrize(
    ("header", "meta", "declared"),
    [
        ("1", None, True),
        (" 0 ", None, False),
        ("1", "0", False),
        ("0", "1", True),
        ("1", "yes", True),
        ("2", None, None),
        ("1, 1", None, None),
        (None, None, None),
    ],
)
def test_the_meta_element_replaces_the_header(header: str | None, meta: str | None, declared: bool | None) -> None:
    assert tdm_reservation(header, meta) is declared


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["location", "tdm-reservation", "tdm-policy"]), inner)
        ),
    ),
    st.text(),
)
def test_any_json_gives_a_policy(content: object, path: str) -> None:
    rules = tdm_from(200, json.dumps(content).encode())
    assert rules.reserved(f"{SITE}/{path}") in (True, False)


@given(st.text("ab*", max_size=8), st.text("ab", max_size=8), st.booleans())
def test_patterns_match_as_the_regular_expression_they_stand_for(pattern: str, path: str, ends: bool) -> None:
    expression = re.escape(pattern).replace(r"\*", ".*") + ("$" if ends else "")
    rules = policy((f"/{pattern}{'$' if ends else ''}", 1))
    assert rules.reserved(f"{SITE}/{path}") is (re.match(expression, path) is not None)


def test_the_file_lies_below_the_root_of_the_site() -> None:
    assert tdm_address(SITE + "/a/b?c#d") == f"{SITE}/.well-known/tdmrep.json"
    with pytest.raises(ValueError, match="absolute"):
        tdm_address("/a")


async def test_the_file_is_fetched_from_the_site_of_an_address() -> None:
    async with news_site() as site, WebClient.open(local_options()) as client:
        site.documents[".well-known/tdmrep.json"] = b'[{"location": "/a", "tdm-reservation": 1}]'
        rules = await fetch_tdm(client, site.url("some/page"))
        assert [rules.reserved(site.url(name)) for name in ("a", "b")] == [True, False]
        site.documents[".well-known/tdmrep.json"] = b" " * (MAX_TDM_BYTES + 1)
        assert await fetch_tdm(client, site.url("page")) == TdmPolicy()


async def test_nothing_is_reserved_where_no_server_answers() -> None:
    async with WebClient.open(local_options()) as client:
        assert await fetch_tdm(client, "http://127.0.0.1:1/page") == TdmPolicy()
