"""The items that were published of a feed: kept in parts, so that only what changes is written."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from dateline_schemas import FeedSeen, FeedState

__all__ = ["PART_ITEMS", "SeenItems"]

PART_ITEMS = 512
"""Items of a part, which then takes 11 kB."""

HASH_BYTES = 8
"""Bytes of each hash that are kept; see docs/adr/0009."""

ITEM_BYTES = 2 * HASH_BYTES
"""Bytes of an item: hash of its key, hash of its content."""


@dataclass(slots=True)
class SeenItems:
    """Items by key with the content last published, in the order in which they came."""

    _first: int = 0
    _stored: int = 0
    """Number after the last part that was read: later ones are not written yet."""
    _parts: list[bytearray] = field(default_factory=list)
    _contents: dict[bytes, bytes] = field(default_factory=dict)
    _dirty: set[int] = field(default_factory=set)
    _dropped: set[int] = field(default_factory=set)

    @classmethod
    def read(cls, state: FeedState, part: Callable[[int], FeedSeen | None]) -> "SeenItems":
        """Return the items seen of a feed.

        Args:
            state: its state, which says which parts there are; an older one holds the items itself.
            part: returns a part by its number.
        """
        found = cls(_first=state.seen_first, _stored=state.seen_next)
        for number in range(state.seen_first, state.seen_next):
            stored = part(number)
            found._parts.append(bytearray(b64decode(stored.items)) if stored is not None else bytearray())
        for data in found._parts:
            found._contents.update(_entries(data))
        for key, content in state.seen.items():
            found._append(_short(key), _short(content))
        return found

    def has(self, key: str) -> bool:
        """Whether an item was published, with whatever content."""
        return _short(key) in self._contents

    def holds(self, key: str, content_hash: str) -> bool:
        """Whether an item was last published with this content."""
        return self._contents.get(_short(key)) == _short(content_hash)

    def add(self, items: Iterable[tuple[str, str]]) -> None:
        """Remember items by key, with the hash of the content that is published now."""
        for key, content in items:
            self._append(_short(key), _short(content))

    def forget(self, most: int, current: Collection[str]) -> None:
        """Drop the oldest parts while the others hold `most` items; those of the `current` document stay."""
        held = sum(len(part) for part in self._parts)
        while len(self._parts) > 1 and held - len(self._parts[0]) >= most * ITEM_BYTES:
            self._drop({_short(key) for key in current})
            remaining = sum(len(part) for part in self._parts)
            if remaining >= held:
                return
            held = remaining

    def changes(self) -> Mapping[int, FeedSeen | None]:
        """Return the parts that changed, by number; None is one that was dropped."""
        changed: dict[int, FeedSeen | None] = dict.fromkeys(self._dropped)
        for number in sorted(self._dirty):
            changed[number] = FeedSeen(items=b64encode(self._parts[number - self._first]).decode())
        return changed

    def fields(self) -> dict[str, object]:
        """Return what the feed's state says of the parts."""
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
        # What is no hash yet becomes one.
        return sha256(digest.encode("utf-8", "surrogatepass")).digest()[:HASH_BYTES]
