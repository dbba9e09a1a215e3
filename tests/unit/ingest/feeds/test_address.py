from __future__ import annotations

from urllib.parse import urljoin

import pytest
from dateline_ingest.feeds.address import absolute, clean_address, page_address
from hypothesis import given
from hypothesis import strategies as st

BASE = "http://a/b/c/d;p?q"
SEGMENTS = st.lists(st.sampled_from(["x", "y", ".", "..", "z.html"]), min_size=1, max_size=6).map("/".join)


@pytest.mark.parametrize(
    ("reference", "target"),
    [
        *[("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/")],
        *[("/g", "http://a/g"), ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y")],
        *[("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"), (";x", "http://a/b/c/;x")],
        *[("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("..", "http://a/b/"), ("../g", "http://a/b/g")],
        *[("../..", "http://a/"), ("../../../g", "http://a/g"), ("/./g", "http://a/g"), ("g.", "http://a/b/c/g.")],
        *[("./g/.", "http://a/b/c/g/"), ("g/../h", "http://a/b/c/h"), ("g?y/../x", "http://a/b/c/g?y/../x")],
    ],
)
def test_references_of_rfc_3986_are_resolved(reference: str, target: str) -> None:
    assert absolute(reference, BASE) == target


@given(
    SEGMENTS, st.sampled_from(["https://e.example", "https://e.example/", "https://e.example/a/b/", "http://e/a/b?q"])
)
def test_paths_are_resolved_as_by_the_standard_library(reference: str, base: str) -> None:
    assert absolute(reference, base) == urljoin(base, reference)


@pytest.mark.parametrize("base", [None, "", "relative/base", "mailto:a@b.org", "http://[bad/"])
def test_reference_without_a_base_is_unchanged(base: str | None) -> None:
    assert absolute("x", base) == "x"


@pytest.mark.parametrize(
    ("written", "address"),
    [(None, None), ("  ", None), (" https://a ", "https://a"), ("https://a/\n  b", "https://a/b"), ("a&amp;b", "a&b")],
)
def test_address_is_cleaned(written: str | None, address: str | None) -> None:
    assert clean_address(written) == address


@pytest.mark.parametrize("address", ["https://a.example/1", "HTTP://a.example", "/1", "1.html", "//a.example/1"])
def test_web_addresses_and_relative_ones_may_be_pages(address: str) -> None:
    assert page_address(address) == address


@pytest.mark.parametrize(
    "address", [None, "", "javascript:f()", "mailto:a@b.org", "http:", "https://", "https:/a", "ftp://a.example"]
)
def test_other_addresses_are_not_pages(address: str | None) -> None:
    assert page_address(address) is None


def test_invisible_characters_are_not_part_of_an_address() -> None:
    assert clean_address("\u200bhttps://a.example/1\ufeff") == "https://a.example/1"
    # These letters need the joiner between them, and an address that is shown backwards stays what it is.
    assert clean_address("https://a.example/\u0645\u06cc\u200c\u062e") == "https://a.example/\u0645\u06cc\u200c\u062e"
    assert clean_address("https://a.example/\u202e1") == "https://a.example/\u202e1"
