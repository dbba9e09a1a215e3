"""The published items of a feed, stored in parts so that a poll writes only the parts that change."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from dateline_schemas import FeedSeen, FeedState

__all__ = ["PART_ITEMS", "SeenItems"]

PART_ITEMS = 512
"""Items in a full part, which takes 11 kB."""

HASH_BYTES = 8
"""Stored bytes of each hash; see docs/adr/0009."""

ITEM_BYTES = 2 * HASH_BYTES
"""Stored bytes of an item: the hash of its key, then the hash of its content."""


@dataclass(slots=True)
class SeenItems:
    """The hash of the content that was last published of each item, in order of arrival."""

    _first: int = 0
    """Number of the first part."""
    _stored: int = 0
    """Number after the last part that was loaded: later parts are new."""
    _parts: list[bytearray] = field(default_factory=list)
    _contents: dict[bytes, bytes] = field(default_factory=dict)
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
            stored = part(number)
            items._parts.append(bytearray(b64decode(stored.items)) if stored is not None else bytearray())
        for data in items._parts:
            items._contents.update(_entries(data))
        for key, content in state.seen.items():
            items._append(_short(key), _short(content))
        return items

    def has(self, key: str) -> bool:
        """Return whether an item was published with any content."""
        return _short(key) in self._contents

    def holds(self, key: str, content_hash: str) -> bool:
        """Return whether the content that was last published of an item is this one."""
        return self._contents.get(_short(key)) == _short(content_hash)

    def add(self, items: Iterable[tuple[str, str]]) -> None:
        """Add items: pairs of key and hash of the content that is published now."""
        for key, content in items:
            self._append(_short(key), _short(content))

    def forget(self, most: int, current: Collection[str]) -> None:
        """Drop the oldest parts while the others hold at least `most` items.

        Args:
            most: the number of items to keep.
            current: keys of the items in the current document, which are never dropped.
        """
        held = sum(len(part) for part in self._parts)
        while len(self._parts) > 1 and held - len(self._parts[0]) >= most * ITEM_BYTES:
            self._drop({_short(key) for key in current})
            remaining = sum(len(part) for part in self._parts)
            if remaining >= held:
                return
            held = remaining

    def changes(self) -> Mapping[int, FeedSeen | None]:
        """Return the changed parts by number; None is a dropped part."""
        changed: dict[int, FeedSeen | None] = dict.fromkeys(self._dropped)
        for number in sorted(self._dirty):
            changed[number] = FeedSeen(items=b64encode(self._parts[number - self._first]).decode())
        return changed

    def fields(self) -> dict[str, object]:
        """Return the fields of the feed's state that describe the parts."""
        items = sum(len(part) for part in self._parts) // ITEM_BYTES
        return {"seen": {}, "seen_first": self._first, "seen_next": self._next, "seen_items": items}

    @property
    def _next(self) -> int:
        return self._first + len(self._parts)

    def _append(self, key: bytes, content: bytes) -> None:
        if not self._parts or len(self._parts[-1]) >= PART_ITEMS * ITEM_BYTES:
            self._parts.append(bytearray())
        self._parts[-1] += key + content
        self._dirty.add(self._next - 1)
        self._contents[key] = content

    def _drop(self, current: Collection[bytes]) -> None:
        oldest = dict(_entries(self._parts.pop(0)))
        self._dirty.discard(self._first)
        if self._first < self._stored:
            self._dropped.add(self._first)
        self._first += 1
        later = {key for part in self._parts for key, _ in _entries(part)}
        for key, content in oldest.items():
            if key in later:
                continue
            if key in current:
                self._append(key, content)
            else:
                del self._contents[key]


def _entries(data: bytes | bytearray) -> Iterable[tuple[bytes, bytes]]:
    for start in range(0, len(data), ITEM_BYTES):
        yield bytes(data[start : start + HASH_BYTES]), bytes(data[start + HASH_BYTES : start + ITEM_BYTES])


def _short(digest: str) -> bytes:
    try:
        return bytes.fromhex(digest[: 2 * HASH_BYTES]).ljust(HASH_BYTES, b"\0")
    except ValueError:
        # The key is not a hexadecimal hash.
        return sha256(digest.encode("utf-8", "surrogatepass")).digest()[:HASH_BYTES]
