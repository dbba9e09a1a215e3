"""The bytes of one part of a feed's seen items."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from dateline_schemas import FeedSeen

__all__ = ["SeenEntry", "SeenPart", "short_hash"]

KEY_BYTES = 8
"""Stored bytes of each hash, of an item's key and of its content; see docs/adr/0009."""

ITEM_BYTES = 2 * KEY_BYTES
"""Stored bytes of an item in `items`."""

ID_BYTES = 16
"""Stored bytes of an article's id."""

ARTICLE_BYTES = ID_BYTES + 2
"""Stored bytes of an item in `articles`: its article's id, then the number of its site; see docs/adr/0021."""

NO_ID = bytes(ID_BYTES)
"""The id of an article that is not known."""


class SeenEntry(NamedTuple):
    """What was last published of an item."""

    content: bytes
    """The short hash of its content."""
    article: bytes = NO_ID
    """The UUID of its article, zero if it is not known."""
    site: str | None = None
    """The site to which it was sent, None if it was published directly."""

    @classmethod
    def of(cls, content: bytes, article: str | None, site: str | None) -> "SeenEntry":
        """Return the entry of an item; an id that is no UUID is not kept."""
        try:
            return cls(content, NO_ID if article is None else UUID(article).bytes, site)
        except ValueError:
            return cls(content, NO_ID, site)

    @property
    def article_id(self) -> str | None:
        """The id of its article, None if it is not known."""
        return None if self.article == NO_ID else str(UUID(bytes=self.article))


@dataclass(slots=True)
class SeenPart:
    """Items in order of arrival. The ids of articles are absent as long as all of them are unknown."""

    _items: bytearray = field(default_factory=bytearray)
    _articles: bytearray = field(default_factory=bytearray)
    _sites: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, stored: FeedSeen | None) -> "SeenPart":
        """Return a stored part; a missing one is empty."""
        if stored is None:
            return cls()
        items, articles = bytearray(b64decode(stored.items)), bytearray(b64decode(stored.articles or ""))
        if articles:
            # A writer of an older version adds items alone: their articles are not known.
            articles += bytes(max(0, len(items) // ITEM_BYTES * ARTICLE_BYTES - len(articles)))
        return cls(items, articles, list(stored.sites))

    def __len__(self) -> int:
        return len(self._items) // ITEM_BYTES

    def append(self, key: bytes, entry: SeenEntry) -> None:
        """Add an item."""
        if entry.article != NO_ID or entry.site is not None or self._articles:
            # The items before are unknown.
            self._articles += bytes(len(self) * ARTICLE_BYTES - len(self._articles))
            self._articles += entry.article + self._number(entry.site).to_bytes(2, "big")
        self._items += key + entry.content

    def entries(self) -> Iterator[tuple[bytes, SeenEntry]]:
        """Yield the items with their keys."""
        for number in range(len(self)):
            item = bytes(self._items[number * ITEM_BYTES : (number + 1) * ITEM_BYTES])
            known = bytes(self._articles[number * ARTICLE_BYTES : (number + 1) * ARTICLE_BYTES])
            site = int.from_bytes(known[ID_BYTES:], "big")
            yield (
                item[:KEY_BYTES],
                SeenEntry(
                    item[KEY_BYTES:],
                    known[:ID_BYTES] or NO_ID,
                    self._sites[site - 1] if 0 < site <= len(self._sites) else None,
                ),
            )

    def record(self) -> FeedSeen:
        """Return the part as it is stored."""
        return FeedSeen(
            items=b64encode(self._items).decode(),
            articles=b64encode(self._articles).decode() if self._articles else None,
            sites=self._sites,
        )

    def _number(self, site: str | None) -> int:
        if site is None:
            return 0
        if site not in self._sites:
            self._sites.append(site)
        return self._sites.index(site) + 1


def short_hash(digest: str) -> bytes:
    """Return the first bytes of a hash in hexadecimal digits; any other text is hashed first."""
    try:
        return bytes.fromhex(digest[: 2 * KEY_BYTES]).ljust(KEY_BYTES, b"\0")
    except ValueError:
        return sha256(digest.encode("utf-8", "surrogatepass")).digest()[:KEY_BYTES]
