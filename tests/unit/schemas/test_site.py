"""The site of a page: version 1 of the rules never changes."""

import json
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from dateline_schemas import SITE_VERSION, canonical_url, site_key
from dateline_schemas.site import SUFFIXES_VERSION
from hypothesis import example, given
from hypothesis import strategies as st

VECTORS = Path(__file__).parents[3] / "schemas" / "vectors"
CASES = json.loads((VECTORS / f"site_key.v{SITE_VERSION}.json").read_text("utf-8"))
SUFFIXES = (files("dateline_schemas") / "public_suffixes.dat").read_bytes()

LABELS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
NAMES = st.lists(LABELS, min_size=1, max_size=4).map(".".join)
SITES = st.sampled_from(sorted({case["site"] for case in CASES if case["site"]}))
DOMAINS = SITES.filter(lambda site: "[" not in site and ":" not in site and site.rpartition(".")[2].isalpha())
# Suffixes and hosts without a dot are the sites of themselves only: a name below them is another site.
REGISTRABLE = DOMAINS.filter(lambda site: site_key(f"https://below.{site}/") == site)
REST = st.text(st.characters(codec="utf-8"), max_size=20).map(lambda text: f"/{text}")
URLS = st.builds(
    lambda scheme, host, port, rest: f"{scheme}://{host}{port}{rest}",
    st.sampled_from(["http", "https", "HTTPS"]),
    NAMES | SITES | st.text(max_size=20),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    REST,
)


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_sites_match_the_vectors(case: dict[str, Any]) -> None:
    assert site_key(case["url"]) == case["site"]


def test_the_list_of_suffixes_is_the_pinned_snapshot() -> None:
    pinned = "b0c686e65a25fe565580a7ff33935c73e28b7e06892eec85f81a2396fae97e5a"

    assert (SITE_VERSION, SUFFIXES_VERSION, sha256(SUFFIXES).hexdigest()) == (1, "2026-10-22", pinned), (
        "another snapshot is a migration: docs/schemas.md says what it takes"
    )


def test_the_list_of_suffixes_names_its_snapshot_and_its_licence() -> None:
    comments = [line for line in SUFFIXES.decode("ascii").splitlines() if line.startswith("//")]

    assert any(line.startswith(f"// VERSION: {SUFFIXES_VERSION}_") for line in comments)
    assert any("Mozilla Public License, v. 2.0" in line for line in comments)


def test_every_rule_of_the_list_is_applied() -> None:
    rules = [line for line in SUFFIXES.decode("ascii").splitlines() if not line.startswith("//")]
    wrong = []
    for rule in rules:
        plain = rule.removeprefix("!")
        suffix = plain.replace("*", "some")
        # An exception is a registrable domain itself.
        site = suffix if rule.startswith("!") else f"wanted.{suffix}"
        if site_key(f"https://www.{site}/") != site:
            wrong.append(rule)

    assert len(rules) > 10_000
    assert wrong == []


@given(URLS)
@example("https://a..example/")
def test_an_address_and_its_canonical_form_have_one_site(url: str) -> None:
    assert site_key(canonical_url(url)) == site_key(url)


@given(REGISTRABLE, NAMES, st.sampled_from(["http", "https"]), st.sampled_from(["", ":80", ":8080"]), REST)
def test_scheme_subdomain_port_and_path_do_not_change_the_site(
    site: str, below: str, scheme: str, port: str, rest: str
) -> None:
    host = f"{below}.{site}"

    assert site_key(f"{scheme}://{host}{port}{rest}") == site


@given(SITES, REST)
def test_the_path_does_not_change_the_site_of_any_host(site: str, rest: str) -> None:
    assert site_key(f"http://{site}{rest}") == site


@given(URLS)
def test_a_site_is_short_ascii_in_lower_case(url: str) -> None:
    site = site_key(url)

    if site is not None:
        assert site.isascii()
        assert site == site.lower()
        assert not set(site) & set("/ \t\n@")
