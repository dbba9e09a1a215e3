"""Addresses of feeds as people write them, and text for terminals."""

from collections.abc import Callable

import pytest
from dateline.cli.printable import printable
from dateline.feeds.address import InvalidFeedAddressError, feed_address, typed_address, without_login
from dateline_web.address import web_address, without_credentials
from hypothesis import given
from hypothesis import strategies as st


def outcome(check: Callable[[str], str], text: str) -> str:
    """Return the address that `check` makes of a text, or why it is invalid."""
    try:
        return check(text)
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" https://a.example/f \n", "https://a.example/f"),
        ("HTTP://A.example/f#top", "HTTP://A.example/f"),
        ("feed://a.example/f", "http://a.example/f"),
        ("FEED:https://a.example/f", "https://a.example/f"),
        ("https://ann:sesame@a.example:8080/f?a=b c", "https://ann:sesame@a.example:8080/f?a=b%20c"),
    ],
)
def test_the_scheme_feed_stands_for_http_or_the_address_after_it(text: str, expected: str) -> None:
    assert feed_address(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "a.example", "ftp://a.example/", "https://", "https://[::1", "https://a:b/", "feed:", "https://a/\x1b[0m"],
)
def test_an_invalid_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidFeedAddressError):
        feed_address(text)


@given(st.text())
def test_printable_text_is_one_line_without_control_characters(text: str) -> None:
    assert printable(text).isprintable()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("news.example/f", "https://news.example/f"),
        (" http://news.example/f#top ", "http://news.example/f"),
        ("feed:news.example", "feed:news.example: the address must begin with http:// or https://"),
        ("ftp://ann:sesame@news.example", "ftp://news.example: the address must begin with http:// or https://"),
        ("https://news.example:x/", "https://news.example:x/: the address is not a URL"),
    ],
)
def test_an_address_without_a_scheme_is_one_of_https_and_a_refusal_names_it(text: str, expected: str) -> None:
    assert outcome(typed_address, text) == expected


ADDRESSES = st.one_of(
    st.text(),
    st.builds(
        "{}{}{}{}".format,
        st.sampled_from(["http://", "https://", "HTTP://", "//", "ftp://", ""]),
        st.sampled_from(["", "ann:sesame@", "@", "a@b@"]),
        st.sampled_from(["a.example", "[::1]", "[::1", "a:80", "a:x", ""]),
        st.one_of(st.just("/" + "x" * 4096), st.text(max_size=8)),
    ),
)


@given(ADDRESSES)
def test_the_rules_are_those_of_the_client_that_fetches_feeds(text: str) -> None:
    assert without_login(text) == without_credentials(text)
    if not text.strip().lower().startswith("feed:"):
        assert outcome(feed_address, text) == outcome(web_address, text)
