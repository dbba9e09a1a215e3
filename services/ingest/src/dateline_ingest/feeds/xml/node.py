"""One element of a feed, with what adapters ask of it."""

from __future__ import annotations

from dateline_ingest.feeds.xml.names import CONTAINERS

__all__ = ["Node"]


class Node:
    """One element: its attributes, its children if it is a container, its text and inner markup if not."""

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
        """Whether the document went on to its end."""
        self.markup = False
        """Whether there were elements in the text."""
        self.room = room
        """Characters that it may still take."""
        self._index: dict[str, list[Node]] | None = None

    @property
    def text(self) -> str:
        """Text with inner markup, without surrounding space."""
        return "".join(self.parts).strip()

    def all(self, key: str) -> list[Node]:
        """The children of this key, in order."""
        return self._by_key().get(key, [])

    def first(self, *keys: str) -> Node | None:
        """The first child with text, by the first key that has one."""
        by_key = self._by_key()
        for key in keys:
            for child in by_key.get(key, ()):
                if child.parts and child.text:
                    return child
        return None

    def _by_key(self) -> dict[str, list[Node]]:
        """Children by key; only asked for once the element is complete."""
        if self._index is None:
            self._index = {}
            for child in self.children:
                self._index.setdefault(child.key, []).append(child)
        return self._index

    def value(self, *keys: str) -> str | None:
        """Text of the first child with text, by the first key that has one."""
        node = self.first(*keys)
        return node.text if node else None
