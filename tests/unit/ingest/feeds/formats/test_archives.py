from __future__ import annotations

import pytest
from dateline_ingest.feeds import ParsedFeed, parse_feed

HOME = "https://news.example/feed"
FH = 'xmlns:fh="http://purl.org/syndication/history/1.0"'


def atom(inner: str) -> ParsedFeed:
    return parse_feed(f'<feed xmlns="http://www.w3.org/2005/Atom" {FH}>{inner}</feed>'.encode(), url=HOME)


def rss(inner: str) -> ParsedFeed:
    names = f'{FH} xmlns:a="http://www.w3.org/2005/Atom"'
    return parse_feed(f"<rss version='2.0' {names}><channel>{inner}</channel></rss>".encode(), url=HOME)


def test_links_to_archives_are_read_and_resolved() -> None:
    found = atom('<link rel="prev-archive" href="2024/05"/><link rel="current" href="/feed"/><fh:archive/>')
    assert (found.prev_archive, found.current) == ("https://news.example/2024/05", "https://news.example/feed")
    assert (found.archive, found.complete) == (True, False)
    assert rss('<a:link rel="prev-archive" href="/05"/><fh:complete/>').prev_archive == "https://news.example/05"
    assert rss("<fh:complete></fh:complete>").complete
    assert found.to_json()["feed"]["prev_archive"] == "https://news.example/2024/05"


def test_a_feed_that_states_nothing_has_no_archives() -> None:
    for found in (atom("<title>T</title>"), rss("<title>T</title>")):
        assert (found.prev_archive, found.current, found.archive, found.complete) == (None, None, False, False)


def test_pages_and_elements_of_an_entry_are_no_archives() -> None:
    found = atom(
        '<link rel="next" href="/2"/><link rel="previous" href="/0"/>'
        '<entry><id>1</id><link rel="prev-archive" href="/no"/><fh:archive/></entry>'
    )
    assert (found.prev_archive, found.archive) == (None, False)
    json = b'{"version": "https://jsonfeed.org/version/1.1", "items": [], "next_url": "https://news.example/2"}'
    assert parse_feed(json, url=HOME).prev_archive is None


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "", "https://", "mailto:a@b.example"])
def test_an_address_that_is_not_of_the_web_is_no_archive(address: str) -> None:
    assert atom(f'<link rel="prev-archive" href="{address}"/>').prev_archive is None


def test_prefixes_without_declaration_are_known() -> None:
    found = parse_feed(b"<feed>&bad;<fh:archive/><link rel='prev-archive' href='https://news.example/1'/></feed>")
    assert (found.archive, found.prev_archive) == (True, "https://news.example/1")
