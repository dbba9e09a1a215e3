"""The published items of a feed, stored in parts so that a poll writes only the parts that change."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from dateline_schemas import FeedSeen, FeedState, content_hash

from dateline_ingest.polling.seen_part import SeenEntry, SeenPart, short_hash

__all__ = ["PART_ITEMS", "SeenItems"]

PART_ITEMS = 512
"""Items in a full part, which takes 23 kB."""

NO_CONTENT = short_hash(content_hash("", ""))
"""The content of an item whose article was retracted; no published item has it, because items without text are not."""


@dataclass(slots=True)
class SeenItems:
    """What was last published of each item: the hash of its content, its article, and the site that it was sent to."""

    _first: int = 0
    """Number of the first part."""
    _stored: int = 0
    """Number after the last part that was loaded: later parts are new."""
    _parts: list[SeenPart] = field(default_factory=list)
    _entries: dict[bytes, SeenEntry] = field(default_factory=dict)
    _dirty: set[int] = field(default_factory=set)
    _dropped: set[int] = field(default_factory=set)

    @classmethod
    def read(cls, state: FeedState, part: Callable[[int], FeedSeen | None]) -> "SeenItems":
        """Load the seen items of a feed.

        Args:
            state: the feed's state, which names the parts; a state of an older version holds the items itself.
            part: returns a part by its number; a missing part counts as empty.
        """
        items = cls(_first=state.seen_first, _stored=state.seen_next)
        for number in range(state.seen_first, state.seen_next):
            items._parts.append(SeenPart.read(part(number)))
        for data in items._parts:
            items._entries.update(data.entries())
        for key, content in state.seen.items():
            items._append(short_hash(key), SeenEntry(short_hash(content)))
        return items

    def has(self, key: str) -> bool:
        """Return whether an item was published with any content."""
        return short_hash(key) in self._entries

    def holds(self, key: str, content: str) -> bool:
        """Return whether the content that was last published of an item has this hash."""
        entry = self._entries.get(short_hash(key))
        return entry is not None and entry.content == short_hash(content)

    def site(self, key: str) -> str | None:
        """Return the site to which an item was sent; None if it was published directly, or not at all."""
        entry = self._entries.get(short_hash(key))
        return None if entry is None else entry.site

    def article(self, key: str) -> str | None:
        """Return the id of the article that an item was published as.

        Returns:
            the id; None if the item was not published, or is retracted, or was published before ids were kept.
        """
        entry = self._entries.get(short_hash(key))
        return None if entry is None or entry.content == NO_CONTENT else entry.article_id

    def add(self, key: str, content: str, *, article: str | None = None, site: str | None = None) -> None:
        """Add what is published of an item now.

        Args:
            key: the item's key.
            content: the hash of its content.
            article: the id of its article; an id that is no UUID is not kept.
            site: the site to which it is sent; None if it is published directly.
        """
        self._append(short_hash(key), SeenEntry.of(short_hash(content), article, site))

    def retract(self, key: str) -> None:
        """Add that an item's article is retracted; the item is published again if it returns."""
        known = self._entries[short_hash(key)]
        self._append(short_hash(key), known._replace(content=NO_CONTENT))

    def forget(self, most: int, current: Collection[str]) -> None:
        """Drop the oldest parts while the others hold at least `most` items.

        Args:
            most: the number of items to keep.
            current: keys of the items in the current document, which are never dropped.
        """
        held = sum(map(len, self._parts))
        while len(self._parts) > 1 and held - len(self._parts[0]) >= most:
            self._drop({short_hash(key) for key in current})
            remaining = sum(map(len, self._parts))
            if remaining >= held:
                return
            held = remaining

    def changes(self) -> Mapping[int, FeedSeen | None]:
        """Return the changed parts by number; None is a dropped part."""
        changed: dict[int, FeedSeen | None] = dict.fromkeys(self._dropped)
        for number in sorted(self._dirty):
            changed[number] = self._parts[number - self._first].record()
        return changed

    def fields(self) -> dict[str, object]:
        """Return the fields of the feed's state that describe the parts."""
        items = sum(map(len, self._parts))
        return {"seen": {}, "seen_first": self._first, "seen_next": self._next, "seen_items": items}

    @property
    def _next(self) -> int:
        return self._first + len(self._parts)

    def _append(self, key: bytes, entry: SeenEntry) -> None:
        if not self._parts or len(self._parts[-1]) >= PART_ITEMS:
            self._parts.append(SeenPart())
        self._parts[-1].append(key, entry)
        self._dirty.add(self._next - 1)
        self._entries[key] = entry

    def _drop(self, current: Collection[bytes]) -> None:
        oldest = dict(self._parts.pop(0).entries())
        self._dirty.discard(self._first)
        if self._first < self._stored:
            self._dropped.add(self._first)
        self._first += 1
        later = {key for part in self._parts for key, _ in part.entries()}
        for key, entry in oldest.items():
            if key in later:
                continue
            if key in current:
                self._append(key, entry)
            else:
                del self._entries[key]
