"""A site and its row are assembled from the records of the changelog."""

from datetime import UTC, datetime, timedelta

import pytest
from dateline_pages.commands.sites.known_site import KnownSite
from dateline_pages.commands.sites.site_records import SiteRecords
from dateline_pages.commands.sites.site_row import SiteRow, SiteTally
from dateline_schemas import FeedPages, HostRules, PageLook, SiteState, WaitingPage
from dateline_schemas.records.sitemap_job import SitemapJob
from hypothesis import given
from hypothesis import strategies as st
from support.site_world import a_request

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


def a_page(number: int, received: datetime = NOW) -> WaitingPage:
    return WaitingPage(request=a_request(f"https://a.example/{number}"), number=number, received=received)


def a_look() -> PageLook:
    article = a_request().article
    assert article is not None
    return PageLook(article=article, url=article.url, content_hash="0" * 64, first=NOW, due=NOW, number=1)


def test_each_part_comes_to_its_place_and_what_waits_is_in_the_order_of_the_queue() -> None:
    records = SiteRecords(KnownSite(name="a.example"))
    ended = SitemapJob(url="https://a.example/old.xml", asked=NOW, ended=NOW)
    going = SitemapJob(url="https://a.example/new.xml", asked=NOW)
    backfill = WaitingPage(request=a_request(article_via="sitemap"), number=0, received=NOW)
    for key, record in [
        ("a.example", SiteState(site="a.example", requests=3)),
        ("a.example/request/0", backfill),
        ("a.example/request/2", a_page(2)),
        ("a.example/request/1", a_page(1)),
        ("a.example/failed/3", a_page(3)),
        ("a.example/look/4", a_look()),
        ("a.example/rules/https://a.example", HostRules(origin="https://a.example")),
        ("a.example/feed/abc", FeedPages(site="a.example", at=NOW, pages=1)),
        ("a.example/feed/def", FeedPages(site="a.example", at=NOW, pages=2)),
        ("a.example/sitemap/1", ended),
        ("a.example/sitemap/2", going),
    ]:
        records.add(key, record.to_bytes())
    records.add("a.example/lessons/all", b"{}")
    records.add("a.example/request/broken", b"{}")
    records.add("a.example/of-a-later-version/1", b"{}")
    site = records.sorted()
    assert site.state == SiteState(site="a.example", requests=3)
    assert [page.number for page in site.waiting] == [1, 2, 0]
    assert [page.number for page in site.failed] == [3]
    assert len(site.looks) == 1
    assert [rules.origin for rules in site.rules] == ["https://a.example"]
    assert list(site.feeds) == ["def", "abc"]
    assert [job.url for job in site.jobs] == [going.url, ended.url]
    assert site.has_lessons


def test_a_site_without_any_record_is_unknown() -> None:
    assert not KnownSite(name="a.example").is_known
    assert KnownSite(name="a.example", pending=1).is_known
    assert KnownSite(name="a.example", state=SiteState(site="a.example")).is_known


def test_invalid_records_do_not_hide_the_others() -> None:
    tally = SiteTally()
    tally.fold("a.example", b"{")
    tally.fold("a.example/request/1", b"{}")
    tally.fold("a.example/sitemap/1", b"[]")
    tally.fold("a.example/request/2", a_page(2).to_bytes())
    assert tally.rows() == [SiteRow(name="a.example", waiting=1, oldest=NOW)]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3), st.none() | st.integers(0, 9)), max_size=40))
def test_the_rows_count_the_latest_records(changes: list[tuple[str, int, int | None]]) -> None:
    tally, latest = SiteTally(), dict[tuple[str, int], datetime]()
    for site, article, hours in changes:
        if hours is None:
            tally.fold(f"{site}.example/request/{article}", None)
            latest.pop((site, article), None)
        else:
            received = NOW + timedelta(hours=hours)
            tally.fold(f"{site}.example/request/{article}", a_page(article, received).to_bytes())
            latest[site, article] = received
    for name in "ab":
        row = next((row for row in tally.rows() if row.name == f"{name}.example"), None)
        waiting = [received for (site, _), received in latest.items() if site == name]
        assert (row is None) == (not waiting)
        if row is not None:
            assert (row.waiting, row.oldest) == (len(waiting), min(waiting))


@pytest.mark.parametrize("part", ["look", "sitemap"])
def test_parts_that_are_deleted_do_not_count(part: str) -> None:
    value = (a_look() if part == "look" else SitemapJob(url="https://a.example/s.xml", asked=NOW)).to_bytes()
    tally = SiteTally()
    tally.fold(f"a.example/{part}/1", value)
    (row,) = tally.rows()
    assert row.looks + row.sitemaps == 1
    tally.fold(f"a.example/{part}/1", None)
    assert tally.rows() == []


def test_a_backfill_that_has_ended_does_not_count() -> None:
    tally = SiteTally()
    tally.fold("a.example/sitemap/1", SitemapJob(url="https://a.example/s.xml", asked=NOW, ended=NOW).to_bytes())
    assert tally.rows() == []
