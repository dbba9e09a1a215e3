from __future__ import annotations

from urllib.parse import urljoin

import pytest
from dateline_ingest.feeds.address import absolute, clean_address
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
