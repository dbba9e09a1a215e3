"""One element of a feed, with the queries that the formats use."""

from __future__ import annotations

from dateline_ingest.feeds.xml.names import CONTAINERS

__all__ = ["Node"]

SECTION, SECTION_END = "<![CDATA[", "]]>"


class Node:
    """One element: its attributes, and its children if it is a container, else its text with inner markup."""

    __slots__ = (
        "_index",
        "attrs",
        "base",
        "children",
        "complete",
        "container",
        "key",
        "lang",
        "markup",
        "parts",
        "room",
    )

    def __init__(self, key: str, attrs: dict[str, str], base: str | None, lang: str | None, room: int) -> None:
        self.key = key
        self.attrs = attrs
        self.base = base
        self.container = key in CONTAINERS
        self.lang = lang
        self.children: list[Node] = []
        self.parts: list[str] = []
        self.complete = True
        """Whether the end of the element was reached."""
        self.markup = False
        """Whether the text contains elements."""
        self.room = room
        """Number of characters that may still be added."""
        self._index: dict[str, list[Node]] | None = None

    @property
    def raw(self) -> str:
        """The text with its markup as it is stated, without surrounding space."""
        return "".join(self.parts).strip()

    @property
    def text(self) -> str:
        """The text with its markup, without surrounding space, and out of a CDATA section that was escaped."""
        text = self.raw
        if text.startswith(SECTION) and SECTION not in text[len(SECTION) :]:
            text = text.removeprefix(SECTION).removesuffix(SECTION_END).strip()
        return text

    def all(self, key: str) -> list[Node]:
        """Return the children with this key, in document order."""
        return self._by_key().get(key, [])

    def first(self, *keys: str) -> Node | None:
        """Return the first child with text; earlier keys take precedence."""
        by_key = self._by_key()
        for key in keys:
            for child in by_key.get(key, ()):
                if child.parts and child.text:
                    return child
        return None

    def _by_key(self) -> dict[str, list[Node]]:
        """Index the children by key; called only once the element is complete."""
        if self._index is None:
            self._index = {}
            for child in self.children:
                self._index.setdefault(child.key, []).append(child)
        return self._index

    def value(self, *keys: str) -> str | None:
        """Return the text of the first child with text; earlier keys take precedence."""
        node = self.first(*keys)
        return node.text if node else None
