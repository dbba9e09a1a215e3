"""Addresses of the web as people write them."""

import pytest
from dateline_web.address import MAX_ADDRESS_CHARACTERS, host_of, web_address, without_credentials
from dateline_web.errors import InvalidAddressError, WebError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" https://a.example/f \n", "https://a.example/f"),
        ("HTTP://A.example/f#top", "HTTP://A.example/f"),
        ("https://ann:sesame@a.example:8080/f?a=b c", "https://ann:sesame@a.example:8080/f?a=b%20c"),
    ],
)
def test_an_address_loses_surrounding_space_and_its_fragment(text: str, expected: str) -> None:
    assert web_address(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "must begin with"),
        ("a.example", "must begin with"),
        ("ftp://a.example/", "must begin with"),
        ("feed://a.example/", "must begin with"),
        ("https://", "not a URL"),
        ("https://[::1", "not a URL"),
        ("https://a:b/", "not a URL"),
        ("https://a:99999/", "not a URL"),
        ("https://a/\x1b[0m", "not a URL"),
        ("https://a.example/".ljust(MAX_ADDRESS_CHARACTERS + 1, "f"), "longer than 4096"),
    ],
)
def test_an_invalid_address_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidAddressError, match=reason) as raised:
        web_address(text)
    assert isinstance(raised.value, WebError)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://News.Example:8080/rss", "news.example"),
        ("https://ann:sesame@news.example./", "news.example"),
        ("http://[::1]/", "::1"),
        ("http://[::1/", ""),
        ("rubbish", ""),
    ],
)
def test_the_host_of_an_address(address: str, host: str) -> None:
    assert host_of(address) == host


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://ann:sesame@news.example:8080/rss?a=b@c", "https://news.example:8080/rss?a=b@c"),
        ("https://news.example/@ann", "https://news.example/@ann"),
        ("http://ann:sesame@[::1/", "http://[::1/"),
    ],
)
def test_an_address_is_shown_without_its_credentials(address: str, shown: str) -> None:
    assert without_credentials(address) == shown
