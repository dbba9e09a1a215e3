"""Lists of feeds as known readers export them: attributes in their order, folders, namespaces and byte order marks."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dateline_ingest.catalog.opml.folder_spool import FolderSpool
from dateline_ingest.catalog.opml.reader import OpmlReader
from dateline_ingest.catalog.opml.writer import OpmlWriter
from dateline_schemas import Feed

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)

LISTS = Path(__file__).parent / "lists"

Entry = tuple[str, str | None, list[list[str]], str | None]

EXPECTED: dict[str, list[Entry]] = {
    "feedly": [
        (
            "https://times.example/rss?a=1&b=2",
            "Example Times",
            [["Must read"], ["Wörld & Politics"]],
            "https://times.example",
        ),
        ("https://united.example/feed/", "Ünited", [["Wörld & Politics"]], "https://united.example/"),
    ],
    "netnewswire": [
        ("http://daily.example/atom.xml", "Tbilisi Daily", [["Places"]], None),
        ("https://times.example/rss", "Example Times", [], "https://times.example/"),
    ],
    "thunderbird": [
        ("https://plain.example/f", "Plain", [["World"]], None),
        ("https://times.example/rss", "Example Times", [["World", "Europe"]], "https://times.example/"),
    ],
    "freshrss": [
        ("https://papers.example/feed", "Papers of the week", [["Science"]], "https://papers.example/"),
        ("https://scraped.example/", "Scraped", [["Science"]], None),
    ],
}


def read(document: bytes, size: int) -> list[Feed]:
    """Return the feeds of a document, each once, in all its folders."""
    reader = OpmlReader("list.opml", NOW)
    pieces = [document[start : start + size] for start in range(0, len(document), size)]
    found = [*(each for piece in pieces for each in reader.read(piece)), *reader.end()]
    feeds: dict[str, Feed] = {}
    for each in found:
        assert isinstance(each, Feed), str(each)
        before = feeds.get(each.url)
        folders = [*before.folders, *each.folders] if before else each.folders
        feeds[each.url] = (before or each).model_copy(update={"folders": folders})
    return list(feeds.values())


def entries(feeds: Iterable[Feed]) -> list[Entry]:
    return sorted((feed.url, feed.name, sorted(feed.folders), feed.home_page) for feed in feeds)


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("size", [1, 13, 1 << 20])
def test_lists_of_known_readers_keep_titles_folders_and_home_pages(name: str, size: int) -> None:
    expected = EXPECTED[name]
    feeds = read((LISTS / f"{name}.opml").read_bytes(), size)
    assert entries(feeds) == expected
    with FolderSpool.open() as spool:
        writer = OpmlWriter(spool, NOW)
        exported = b"".join([writer.start(), *map(writer.add, feeds), *writer.end()])
    assert entries(read(exported, size)) == expected
