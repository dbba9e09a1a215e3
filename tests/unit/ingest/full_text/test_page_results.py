"""The table of what pages gave."""

from datetime import timedelta

from dateline.kafka.records import Record
from dateline_ingest.full_text.page_results import MAX_SITES, PageResults
from dateline_schemas import FeedPages
from support.feed_history import NOW


def record(key: bytes | None, pages: FeedPages | bytes | None) -> Record:
    value = pages.to_bytes() if isinstance(pages, FeedPages) else pages
    return Record("dateline.feed-pages", 0, 0, 0, key, value)


def pages(site: str, minutes: int = 0, more: int = 1) -> FeedPages:
    return FeedPages(site=site, at=NOW + timedelta(minutes=minutes), pages=1, read=1, more=more)


def is_feed(key: bytes) -> bool:
    return key in (b"f", b"g")


def table(*records: Record) -> PageResults:
    results = PageResults()
    for each in records:
        results.fold(each, is_feed)
    return results


def test_the_last_record_of_each_site_counts() -> None:
    results = table(
        record(b"f/a.example", pages("a.example", more=1)),
        record(b"g/a.example", pages("a.example", more=7)),
        record(b"f/a.example", pages("a.example", more=2)),
    )
    assert [each.more for each in results.of(b"f")] == [2]
    assert [each.more for each in results.of(b"g")] == [7]


def test_a_tombstone_removes_a_site_and_a_removed_feed_is_forgotten() -> None:
    results = table(
        record(b"f/a.example", pages("a.example")), record(b"f/b.example", pages("b.example")),
        record(b"f/a.example", None), record(b"g/a.example", None),
    )  # fmt: skip
    assert [each.site for each in results.of(b"f")] == ["b.example"]
    results.forget(b"f")
    assert results.of(b"f") == ()


def test_records_of_other_feeds_and_invalid_ones_are_ignored() -> None:
    results = table(
        record(b"x/a.example", pages("a.example")), record(None, pages("a.example")), record(b"f/a.example", b"no JSON")
    )
    assert results.of(b"x") == results.of(b"f") == ()


def test_only_the_sites_that_were_read_last_are_kept() -> None:
    results = table(*(record(f"f/{n}.example".encode(), pages(f"{n}.example", minutes=n)) for n in range(50)))
    assert {each.site for each in results.of(b"f")} == {f"{n}.example" for n in range(50 - MAX_SITES, 50)}
