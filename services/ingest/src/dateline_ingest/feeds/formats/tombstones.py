"""Reads the deletions that a feed states (RFC 6721)."""

from __future__ import annotations

from datetime import datetime

from dateline_ingest.feeds.address import absolute
from dateline_ingest.feeds.formats.fields import alternate_link, stated_date
from dateline_ingest.feeds.model import DeletedEntry, ParsedEntry
from dateline_ingest.feeds.problems import Problems
from dateline_ingest.feeds.xml.node import Node

__all__ = ["deleted_entry", "without_deleted"]

MAX_REF_CHARS = 10_000
"""A longer identifier is no identifier."""


def deleted_entry(node: Node, problems: Problems, *, resolve: bool) -> DeletedEntry | None:
    """Return the deletion of an `at:deleted-entry` element; None if it does not name its entry.

    Args:
        node: the element.
        problems: problems are added here.
        resolve: whether the identifier is resolved against the base, as that of an entry of Atom is.
    """
    ref = node.attrs.get("ref", "").strip()
    if not ref or len(ref) > MAX_REF_CHARS:
        problems.add("a deleted entry does not say which entry it was")
        return None
    date = stated_date(node.attrs.get("when", "").strip(), problems)
    return DeletedEntry(
        ref=absolute(ref, node.base) if resolve else ref,
        when=date[0] if date else None,
        link=alternate_link(node.all("link") or node.all("atom:link"), last=False),
    )


def without_deleted(
    entries: list[ParsedEntry], deleted: list[DeletedEntry]
) -> tuple[list[ParsedEntry], list[DeletedEntry]]:
    """Decide between entries and deletions with the same identifier: the later one counts.

    A deletion without a time gives way to an entry of the same document, and an entry without one to a deletion.

    Returns:
        the entries that are not deleted, and the last deletion of each identifier that has no entry.
    """
    if not deleted:
        return entries, deleted
    last: dict[str, DeletedEntry] = {}
    for tombstone in deleted:
        known = last.get(tombstone.ref)
        if known is None or _later(tombstone.when, known.when):
            last[tombstone.ref] = tombstone
    kept: list[ParsedEntry] = []
    contradicted: set[str] = set()
    for entry in entries:
        found = last.get(entry.id) if entry.id else None
        if found is None:
            kept.append(entry)
        elif found.when is None or _later(entry.updated or entry.published, found.when):
            kept.append(entry)
            contradicted.add(found.ref)
    return kept, [tombstone for ref, tombstone in last.items() if ref not in contradicted]


def _later(moment: datetime | None, other: datetime | None) -> bool:
    return moment is not None and (other is None or moment > other)
