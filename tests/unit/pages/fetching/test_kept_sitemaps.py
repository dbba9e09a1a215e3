"""Sitemaps that are kept in memory."""

from datetime import UTC, datetime

from dateline_pages.fetching.kept_sitemaps import KeptSitemaps, SitemapName
from dateline_web.answer import Fetched
from hypothesis import given
from hypothesis import strategies as st

ASKED = datetime(2024, 6, 1, tzinfo=UTC)


def name(number: int) -> SitemapName:
    return "https://news.example/map", ASKED, f"https://news.example/map/{number}"


def sitemap(size: int) -> Fetched:
    return Fetched(status=200, url="https://news.example/map", body=b"x" * size)


def test_what_was_not_read_for_longest_is_dropped_first() -> None:
    kept = KeptSitemaps(max_bytes=30)
    for number in range(3):
        kept.keep(name(number), sitemap(10))
    assert kept.get(name(0)) is not None
    kept.keep(name(3), sitemap(10))
    assert [kept.get(name(number)) is not None for number in range(4)] == [True, False, True, True]


def test_a_sitemap_beyond_the_limit_is_not_kept() -> None:
    kept = KeptSitemaps(max_bytes=30)
    kept.keep(name(0), sitemap(31))
    assert (kept.get(name(0)), kept.bytes) == (None, 0)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40), st.booleans())))
def test_the_limit_always_holds(steps: list[tuple[int, int, bool]]) -> None:
    kept = KeptSitemaps(max_bytes=60)
    for number, size, is_dropped in steps:
        kept.drop(name(number)) if is_dropped else kept.keep(name(number), sitemap(size))
        there = [found for each in range(6) if (found := kept.get(name(each))) is not None]
        assert kept.bytes == sum(len(each.body or b"") for each in there) <= 60
