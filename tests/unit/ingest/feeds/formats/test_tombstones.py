from __future__ import annotations

from datetime import UTC, datetime

import pytest
from dateline_ingest.feeds import DeletedEntry, FeedLimits, ParsedFeed, parse_feed

NAMESPACES = 'xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"'
NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)


def atom(inner: str, limits: FeedLimits | None = None) -> ParsedFeed:
    return parse_feed(f"<feed {NAMESPACES}>{inner}</feed>".encode(), limits=limits)


def rss(inner: str) -> ParsedFeed:
    head = 'version="2.0" xmlns:at="http://purl.org/atompub/tombstones/1.0" xmlns:a="http://www.w3.org/2005/Atom"'
    return parse_feed(f"<rss {head}><channel><title>T</title>{inner}</channel></rss>".encode())


def tombstone(ref: str, when: str = "2024-01-01T12:00:00Z", inner: str = "") -> str:
    return f'<at:deleted-entry ref="{ref}" when="{when}">{inner}</at:deleted-entry>'


def entry(identifier: str, updated: str = "") -> str:
    date = f"<updated>{updated}</updated>" if updated else ""
    return f"<entry><id>{identifier}</id><title>{identifier}</title>{date}</entry>"


def test_deletions_in_atom_are_read_with_time_and_link() -> None:
    inner = '<at:by><name>Ann</name></at:by><at:comment>spam</at:comment><link href="https://example.org/1"/>'
    found = atom(entry("b") + tombstone("tag:example.org,2024:1", inner=inner) + entry("c"))
    assert found.deleted == [DeletedEntry(ref="tag:example.org,2024:1", when=NOON, link="https://example.org/1")]
    assert [each.id for each in found.entries] == ["b", "c"]
    assert found.problems == []


def test_deletions_in_rss_are_read_beside_and_inside_items() -> None:
    found = rss(
        "<item><guid>b</guid><title>B</title></item>" + tombstone("a", inner='<a:link href="https://example.org/a"/>')
    )
    assert found.deleted == [DeletedEntry(ref="a", when=NOON, link="https://example.org/a")]
    assert [each.id for each in found.entries] == ["b"]


def test_the_reference_is_resolved_like_the_identifier_of_an_entry() -> None:
    base = 'xml:base="https://example.org/x/"'
    found = atom(f"<entry {base}><id>1</id><title>1</title></entry><at:deleted-entry {base} ref='2' when='2024'/>")
    assert [each.id for each in found.entries] == ["https://example.org/x/1"]
    assert [each.ref for each in found.deleted] == ["https://example.org/x/2"]


def test_a_document_that_is_not_well_formed_has_deletions_as_well() -> None:
    found = parse_feed(b"<feed>&bad;<at:deleted-entry ref='a' when='2024-01-01T12:00:00Z'/><entry><id>b</id></feed>")
    assert found.deleted == [DeletedEntry(ref="a", when=NOON)]
    assert [each.id for each in found.entries] == ["b"]


@pytest.mark.parametrize("attributes", ["", 'when="2024-01-01T12:00:00Z"', 'ref=" "', f'ref="{"x" * 20_000}"'])
def test_a_deletion_of_an_unnamed_entry_is_left_out_with_a_problem(attributes: str) -> None:
    found = atom(f"<at:deleted-entry {attributes}/>")
    assert found.deleted == []
    assert found.problems == ["a deleted entry does not say which entry it was"]


@pytest.mark.parametrize("when", ["", "yesterday or so", "9999-99-99", "9" * 100_000])
def test_a_deletion_without_a_valid_time_has_none(when: str) -> None:
    assert atom(tombstone("a", when)).deleted == [DeletedEntry(ref="a")]


def test_a_hostile_link_is_left_out() -> None:
    found = atom(tombstone("a", inner='<link href="javascript:alert(1)"/><link rel="self" href="https://e.org/"/>'))
    assert found.deleted == [DeletedEntry(ref="a", when=NOON)]


@pytest.mark.parametrize(
    ("updated", "when", "is_deleted"),
    [
        ("2024-01-02T00:00:00Z", "2024-01-01T12:00:00Z", False),
        ("2024-01-01T12:00:00Z", "2024-01-01T12:00:00Z", True),
        ("2023-12-31T00:00:00Z", "2024-01-01T12:00:00Z", True),
        ("", "2024-01-01T12:00:00Z", True),
        ("2023-12-31T00:00:00Z", "", False),
    ],
)
def test_entry_and_deletion_of_one_identifier_are_decided_by_time(updated: str, when: str, is_deleted: bool) -> None:
    found = atom(tombstone("a", when) + entry("a", updated) + entry("b"))
    assert [each.id for each in found.entries] == (["b"] if is_deleted else ["a", "b"])
    assert [each.ref for each in found.deleted] == (["a"] if is_deleted else [])


def test_of_several_deletions_of_one_entry_the_last_counts() -> None:
    found = atom(tombstone("a", "2024-01-01T12:00:00Z") + tombstone("a", "2023-01-01T12:00:00Z") + tombstone("a", ""))
    assert found.deleted == [DeletedEntry(ref="a", when=NOON)]


def test_deletions_count_towards_the_limit_of_entries() -> None:
    found = atom("".join(tombstone(str(number)) for number in range(20)), FeedLimits(max_entries=10))
    assert len(found.deleted) == 10
    assert found.problems == ["only the first 10 entries were read"]


def test_deletions_do_not_use_up_the_fields_of_the_feed() -> None:
    many = "".join(tombstone(str(number), inner='<link href="/x"/>' * 5) for number in range(4000))
    found = atom(many + entry("b"))
    assert len(found.deleted) == 4000
    assert [each.id for each in found.entries] == ["b"]


def test_nested_deletions_are_read_one_by_one() -> None:
    depth = 200
    found = atom("".join(f'<at:deleted-entry ref="{n}">' for n in range(depth)) + "</at:deleted-entry>" * depth)
    assert len(found.deleted) == depth


def test_deletions_are_part_of_the_printed_document() -> None:
    assert atom(tombstone("a")).to_json()["deleted"] == [{"ref": "a", "when": "2024-01-01T12:00:00Z", "link": None}]
