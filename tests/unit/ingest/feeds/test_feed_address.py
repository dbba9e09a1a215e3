"""Addresses of feeds as people write them, and text for terminals."""

import pytest
from dateline.cli.printable import printable
from dateline_ingest.feeds.feed_address import feed_address
from dateline_web.errors import InvalidAddressError
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
def test_the_scheme_feed_stands_for_http_or_the_address_after_it(text: str, expected: str) -> None:
    assert feed_address(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "a.example", "ftp://a.example/", "https://", "https://[::1", "https://a:b/", "feed:", "https://a/\x1b[0m"],
)
def test_an_invalid_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidAddressError):
        feed_address(text)


@given(st.text())
def test_printable_text_is_one_line_without_control_characters(text: str) -> None:
    assert printable(text).isprintable()
