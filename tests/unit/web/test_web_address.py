"""Addresses of feeds as people write them, and words of strangers."""

import pytest
from dateline_ingest.catalog.printable import printable
from dateline_web.web_address import LONGEST_ADDRESS, NotAnAddressError, feed_address
from hypothesis import given
from hypothesis import strategies as st


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
def test_an_address_is_taken_as_it_is_meant(text: str, expected: str) -> None:
    assert feed_address(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "a.example", "ftp://a.example/", "https://", "https://[::1", "https://a:b/", "feed:", "https://a/\x1b[0m"],
)
def test_what_is_no_address_of_a_feed_is_refused(text: str) -> None:
    with pytest.raises(NotAnAddressError):
        feed_address(text)


def test_an_address_beyond_the_limit_is_refused() -> None:
    with pytest.raises(NotAnAddressError, match="longer than 4096"):
        feed_address("https://a.example/".ljust(LONGEST_ADDRESS + 1, "f"))


@given(st.text())
def test_text_becomes_one_line_that_does_nothing_to_a_terminal(text: str) -> None:
    assert printable(text).isprintable()
