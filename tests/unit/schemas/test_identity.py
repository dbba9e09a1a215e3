"""Ids never change; vectors pin them."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from dateline_schemas import article_id, canonical_url, content_hash, feed_key
from hypothesis import given
from hypothesis import strategies as st

VECTORS = Path(__file__).parents[3] / "schemas" / "vectors"


def vectors(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((VECTORS / f"{name}.v1.json").read_bytes())
    return cases


@pytest.mark.parametrize("case", vectors("article_id"), ids=lambda case: case["why"])
def test_article_ids_match_the_vectors(case: dict[str, Any]) -> None:
    arguments = {name: value for name, value in case.items() if name not in ("why", "id")}

    assert article_id(**arguments) == case["id"]


@pytest.mark.parametrize("case", vectors("content_hash"), ids=lambda case: case["why"])
def test_content_hashes_match_the_vectors(case: dict[str, str]) -> None:
    assert content_hash(case["title"], case["body"]) == case["hash"]


@pytest.mark.parametrize("case", vectors("feed_key"), ids=lambda case: case["url"])
def test_feed_keys_match_the_vectors(case: dict[str, str]) -> None:
    assert feed_key(case["url"]) == case["key"]


def test_content_hash_is_sha256_of_the_normalised_lines() -> None:
    assert content_hash(" A  title ", "The\n\nbody\t.") == sha256(b"A title\nThe body .").hexdigest()


@given(st.text(), st.text(), st.text(alphabet=" \t\n\u00a0", min_size=1))
def test_white_space_around_and_between_words_does_not_change_the_hash(a: str, b: str, space: str) -> None:
    assert content_hash(f"{a} {b}", a) == content_hash(f"{space}{a}{space}{b}", f"{a}{space}")


@given(
    url=st.none() | st.text() | st.text().map(lambda rest: f"https://{rest}"),
    source_uri=st.text(alphabet=st.characters()),
    guid=st.none() | st.text(alphabet=st.characters()),
    link_is_unique=st.booleans(),
)
def test_article_ids_are_uuids_of_version_5(
    url: str | None, source_uri: str, guid: str | None, link_is_unique: bool
) -> None:
    made = article_id(url=url, source_uri=source_uri, guid=guid, content_hash="ab" * 32, link_is_unique=link_is_unique)

    assert UUID(made).version == 5
    assert str(UUID(made)) == made


@given(st.text())
def test_all_spellings_of_a_feed_url_have_one_key(url: str) -> None:
    assert feed_key(url) == feed_key(canonical_url(url))


def test_text_with_lone_surrogates_has_an_id() -> None:
    made = article_id(url=None, source_uri="\udc80", guid="\ud800", content_hash="", link_is_unique=True)

    assert UUID(made).version == 5
    assert len(content_hash("\ud800", "")) == 64
    assert len(feed_key("\udc80")) == 32
