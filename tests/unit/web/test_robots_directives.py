"""X-Robots-Tag headers and robots meta elements."""

from datetime import UTC, datetime

import pytest
from dateline_web.robots_directives import RobotsDirective, RobotsRules, header_directives, meta_directives
from hypothesis import given
from hypothesis import strategies as st

RULES = RobotsRules()
NOW = datetime(2024, 6, 1, tzinfo=UTC)


def names(*headers: str) -> list[tuple[str, str]]:
    return [(directive.agent, directive.name) for directive in header_directives(headers)]


def forbidden(*headers: str, rules: RobotsRules = RULES) -> str | None:
    found = rules.forbidding(header_directives(headers), NOW)
    return None if found is None else found.name


def test_a_header_holds_several_directives() -> None:
    assert names("noindex, NOFOLLOW", "noarchive") == [("*", "noindex"), ("*", "nofollow"), ("*", "noarchive")]


def test_a_word_before_a_colon_names_the_crawler() -> None:
    assert names("googlebot: nofollow, noindex, Dateline: none", "nosnippet") == [
        ("googlebot", "nofollow"),
        ("googlebot", "noindex"),
        ("dateline", "none"),
        ("*", "nosnippet"),
    ]


def test_directives_with_values_are_not_crawlers() -> None:
    assert header_directives(["max-snippet:-1, unavailable_after: Sat, 25 Jun 2010 15:00:00 GMT, max-snippet: 0"]) == [
        RobotsDirective(name="max-snippet", value="-1"),
        RobotsDirective(name="unavailable_after", value="Sat, 25 Jun 2010 15:00:00 GMT"),
        RobotsDirective(name="nosnippet"),
    ]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("noindex", None),
        ("none", None),
        ("noarchive, nosnippet", None),
        ("noimageai", None),
        ("googlebot: noai", None),
        ("all, noai", "noai"),
        ("dateline: noindex", "noindex"),
        ("dateline: nofollow, noarchive", "noarchive"),
        ("dateline: max-snippet:0", "nosnippet"),
        ("dateline: nofollow", None),
        ("dateline: unavailable_after: 2024-05-01T00:00:00+02:00", "unavailable_after"),
        ("dateline: unavailable_after: Sat, 25 Jun 2010 15:00:00 GMT", "unavailable_after"),
        ("dateline: unavailable_after: 2024-07-01", None),
        ("dateline: unavailable_after: soon", None),
    ],
)
def test_directives_that_name_the_program_and_those_against_mining_are_obeyed(header: str, name: str | None) -> None:
    assert forbidden(header) == name


def test_what_is_obeyed_of_the_general_directives_is_a_choice() -> None:
    strict = RobotsRules(obeyed=frozenset({"noindex", "unavailable_after"}))
    assert forbidden("noindex", rules=strict) == "noindex"
    assert forbidden("noai", rules=strict) is None
    assert forbidden("unavailable_after: 2024-05-01", rules=strict) == "unavailable_after"
    assert strict.forbidding(header_directives(["unavailable_after: 2024-05-01"])) is None


def test_meta_elements_speak_to_all_or_to_the_program_that_they_name() -> None:
    assert meta_directives("ROBOTS", "noai") == [RobotsDirective(name="noai")]
    assert meta_directives("Dateline", "noindex") == [RobotsDirective(name="noindex", agent="dateline")]
    assert meta_directives("googlebot", "noindex") == []
    assert meta_directives("robots", " , ") == []


@given(st.text(), st.text())
def test_any_text_gives_directives(header: str, content: str) -> None:
    RULES.forbidding([*header_directives([header]), *meta_directives("robots", content)], NOW)
