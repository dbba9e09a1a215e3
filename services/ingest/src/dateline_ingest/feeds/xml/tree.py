"""Parser events to small trees: one for the feed's own fields and one for each entry."""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import escape

from dateline_ingest.feeds.address import absolute
from dateline_ingest.feeds.model import FeedLimits
from dateline_ingest.feeds.problems import Problems
from dateline_ingest.feeds.xml.names import CONTAINERS, ENTRIES, MIXED, SEPARATOR, XML, Family, key_of, root_family
from dateline_ingest.feeds.xml.node import Node

__all__ = ["ReadingStopped", "TreeBuilder", "UnknownRoot"]

_BASE = f"{XML}{SEPARATOR}base"
_LANG = f"{XML}{SEPARATOR}lang"
_VOID_NAMES = "area base br col embed hr img input link meta param source track wbr"
_VOID = frozenset(_VOID_NAMES.split())
_MOST_HELD = 10_000
"""Fields that are held at once; real entries have tens."""
_MODULE_ROOTS = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


class ReadingStopped(Exception):  # noqa: N818
    """The rest of the document is left unread; what was read counts."""


class UnknownRoot(Exception):  # noqa: N818
    """The root element, whose name this gives, is not that of a feed."""


class TreeBuilder:
    """Takes the events of a parser; hands each entry over as it ends, so that only one is held.

    Args:
        limits: bounds; what goes beyond raises `ReadingStopped`.
        url: address of the document, the outermost base.
        on_entry: called with each complete entry.
        problems: what was cut is added here.
    """

    def __init__(
        self, *, limits: FeedLimits, url: str | None, on_entry: Callable[[Node], None], problems: Problems
    ) -> None:
        self.family: Family | None = None
        self.root = Node("", {}, url, None, 0)
        self.root.container = True
        self.closed = False
        """Whether the root element has ended."""
        self._limits = limits
        self._on_entry = on_entry
        self._problems = problems
        self._stack = [self.root]
        self._keys: dict[str, str | None] = {}
        self._root_namespace = ""
        self._depth = 0
        self._elements = 0
        self._skipped = 0
        self._inner = 0
        self._entries = 0
        self._held = 0

    def start(self, name: str, attrs: dict[str, str]) -> None:
        """An element begins; names are expanded with `SEPARATOR`."""
        self._depth += 1
        self._elements += 1
        if self._depth > self._limits.max_depth:
            raise ReadingStopped(f"elements are nested deeper than {self._limits.max_depth}")
        if self._elements > self._limits.max_elements:
            raise ReadingStopped(f"more than {self._limits.max_elements} elements")
        if self._skipped:
            self._skipped += 1
            return
        parent = self._stack[-1]
        if self._inner or not parent.container:
            self._open_markup(parent, name, attrs)
            return
        if self.family is None:
            self._open_root(name)
        key = self._key(name)
        if key is None:
            if parent.key in MIXED:
                self._open_markup(parent, name, attrs)
            else:
                self._skipped = 1
            return
        base, lang = parent.base, parent.lang
        if attrs:
            if _BASE in attrs:
                base = absolute(attrs[_BASE].strip(), base)
            lang = attrs.get(_LANG, lang)
        self._held += 1
        if self._held > _MOST_HELD:
            self._problems.add(f"more than {_MOST_HELD} fields in one entry: the rest of them was left out")
            self._skipped = 1
            return
        node = Node(key, attrs, base, lang, self._limits.max_field_chars)
        self._stack.append(node)
        if key not in ENTRIES:
            parent.children.append(node)
        elif self._entries >= self._limits.max_entries:
            raise ReadingStopped(f"only the first {self._limits.max_entries} entries were read")

    def end(self, name: str) -> None:
        """The innermost element ends."""
        self._depth -= 1
        if self._skipped:
            self._skipped -= 1
            return
        if self._inner:
            self._inner -= 1
            local = name.rpartition(SEPARATOR)[2]
            if local not in _VOID:
                self._stack[-1].parts.append(f"</{local}>")
            return
        node = self._stack.pop()
        if node.key in ENTRIES:
            self._entries += 1
            self._held = 0
            self._on_entry(node)
        self.closed = len(self._stack) == 1

    def data(self, text: str) -> None:
        """Character data."""
        if self._skipped:
            return
        node = self._stack[-1]
        if node.room <= 0 or (node.container and text.isspace()):
            return
        node.room -= len(text)
        if node.room <= 0 and not node.container:
            text = text[: node.room + len(text)]
            self._problems.add(f"a field <{node.key}> was cut at {self._limits.max_field_chars} characters")
        if self._inner or node.attrs.get("type") == "xhtml":
            text = escape(text)
        node.parts.append(text)

    def finish(self, *, cut: bool) -> None:
        """The document is over although elements are open.

        Args:
            cut: whether it ended inside of a tag. The field that the end cuts through is dropped, and the
                entry around it is marked, for half an article must not be taken for the whole.
        """
        inside = cut or not self._stack[-1].container
        while len(self._stack) > 1:
            node = self._stack.pop()
            parent = self._stack[-1]
            if not node.container and parent.children and parent.children[-1] is node:
                parent.children.pop()
            if node.key in ENTRIES and node.children:
                node.complete = not inside
                if inside:
                    self._problems.add("the last entry is incomplete")
                self._on_entry(node)

    def is_open(self, name: str) -> bool:
        """Whether an entry, or another structure of this name, is open."""
        key = self._key(name)
        return any(node.key == key for node in self._stack)

    @property
    def in_markup(self) -> bool:
        """Whether the innermost open element is markup inside of a field, or is skipped."""
        return bool(self._inner or self._skipped)

    @property
    def room(self) -> int:
        """Characters that are still taken at this place."""
        return 0 if self._skipped else self._stack[-1].room

    @property
    def innermost(self) -> str:
        """Key of the innermost element that is part of the feed."""
        return self._stack[-1].key

    def _open_root(self, name: str) -> None:
        self.family = root_family(name)
        namespace, _, local = name.rpartition(SEPARATOR)
        if self.family is None:
            raise UnknownRoot(local)
        if namespace != _MODULE_ROOTS:
            self._root_namespace = namespace

    def _key(self, name: str) -> str | None:
        try:
            return self._keys[name]
        except KeyError:
            key = key_of(name, self.family or "rss", self._root_namespace)
            if len(self._stack) == 1:
                key = key if key in CONTAINERS else name.rpartition(SEPARATOR)[2].lower()
            if len(self._keys) < 1000:
                self._keys[name] = key
            return key

    def _open_markup(self, parent: Node, name: str, attrs: dict[str, str]) -> None:
        self._inner += 1
        parent.markup = True
        if parent.room <= 0:
            return
        local = name.rpartition(SEPARATOR)[2]
        text = "".join(
            f' {key.rpartition(SEPARATOR)[2]}="{escape(value, {chr(34): "&quot;"})}"' for key, value in attrs.items()
        )
        parent.room -= len(local) + len(text)
        parent.parts.append(f"<{local}{text}>")
