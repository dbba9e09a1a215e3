"""The canonical form of a URL: version 1 of the rules never changes."""

import json
from pathlib import Path

import pytest
from dateline_schemas.url import CANONICAL_VERSION, canonical_url, canonical_web_url
from hypothesis import example, given
from hypothesis import strategies as st

VECTORS = Path(__file__).parents[3] / "schemas" / "vectors"
CASES = json.loads((VECTORS / f"canonical_url.v{CANONICAL_VERSION}.json").read_text("utf-8"))

ODD_TEXT = st.lists(
    st.sampled_from(
        (
            *(
                "http",
                "https",
                "HTTP",
                ":",
                "//",
                "/",
                "@",
                "?",
                "#",
                "[",
                "]",
                "%",
                "%2e",
                "%41",
                "%25",
                "..",
            ),
            *(
                ".",
                "&",
                "utm_source",
                "=",
                "a",
                "É",
                "ß",
                "example.com",
                ":80",
                ":0",
                "\t",
                "\n",
                " ",
                "\ud800",
            ),
            *("。", "℀", "\\"),
        )
    )
    | st.characters(),
    max_size=14,
).map("".join)
WEB_URLS = st.builds(lambda scheme, rest: f"{scheme}://{rest}", st.sampled_from(["http", "https"]), ODD_TEXT)


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_canonical_forms_match_the_vectors(case: dict[str, str]) -> None:
    assert canonical_url(case["url"]) == case["canonical"]


@given(ODD_TEXT | WEB_URLS)
@example("http://a../")
@example("http://u@\x01")
def test_canonicalising_twice_changes_nothing(url: str) -> None:
    canonical = canonical_url(url)

    assert canonical_url(canonical) == canonical


@given(WEB_URLS)
def test_canonical_web_url_is_plain_ascii_without_fragment(url: str) -> None:
    canonical = canonical_web_url(url)

    if canonical is not None:
        assert canonical.isascii()
        assert not set(canonical) & set("# \t\n\\")


@given(ODD_TEXT.filter(lambda text: not set(text) & set("/?#\t\n")))
def test_password_is_never_part_of_the_canonical_form(host: str) -> None:
    assert "p4ssw0rd" not in canonical_url(f"https://user:p4ssw0rd@{host}/")


def test_very_long_host_is_not_encoded() -> None:
    url = f"https://{'é' * 100_000}.example/"

    assert canonical_url(url) == url


@pytest.mark.parametrize("text", ["", "/news/1", "mailto:a@b.example", "http:///x", "http://[::1"])
def test_text_that_is_not_a_web_address_has_no_canonical_web_url(text: str) -> None:
    assert canonical_web_url(text) is None
