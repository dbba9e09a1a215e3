"""Builds small trees from parser events: one for the fields of the feed and one for each entry."""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import escape

from dateline_ingest.feeds.address import absolute
from dateline_ingest.feeds.model import FeedLimits
from dateline_ingest.feeds.problems import Problems
from dateline_ingest.feeds.xml.names import (
    CONTAINERS,
    ENTRIES,
    MIXED,
    SEPARATOR,
    XML,
    Family,
    is_core_namespace,
    key_of,
    root_family,
)
from dateline_ingest.feeds.xml.node import Node

__all__ = ["ReadingStopped", "TreeBuilder", "UnknownRoot"]

BASE = f"{XML}{SEPARATOR}base"
LANG = f"{XML}{SEPARATOR}lang"
VOID_NAMES = "area base br col embed hr img input link meta param source track wbr"
VOID = frozenset(VOID_NAMES.split())
MAX_FIELDS = 10_000
"""At most this many fields of one entry are kept; real entries have a few dozen."""

RDF_NAMESPACE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


class ReadingStopped(Exception):  # noqa: N818
    """A limit was reached: the rest of the document is not read, and the part before it is used."""


class UnknownRoot(Exception):  # noqa: N818
    """The root element is not that of a feed; the message is its name."""


class TreeBuilder:
    """Builds trees from parser events and passes on each entry when it ends, so that only one is held.

    Args:
        limits: limits of the document; exceeding one raises `ReadingStopped`.
        url: address of the document, which is the outermost base.
        on_entry: called with each entry when it ends.
        problems: truncated and omitted fields are reported here.
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
        """Begin an element; names are expanded with `SEPARATOR`."""
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
            if BASE in attrs:
                base = absolute(attrs[BASE].strip(), base)
            lang = attrs.get(LANG, lang)
            if any(SEPARATOR in key for key in attrs):
                attrs = _without_prefixes(name, attrs)
        self._held += 1
        if self._held > MAX_FIELDS:
            self._problems.add(f"more than {MAX_FIELDS} fields in one entry: the rest were left out")
            self._skipped = 1
            return
        node = Node(key, attrs, base, lang, self._limits.max_field_chars)
        self._stack.append(node)
        if key not in ENTRIES:
            parent.children.append(node)
        elif self._entries >= self._limits.max_entries:
            raise ReadingStopped(f"only the first {self._limits.max_entries} entries were read")

    def end(self, name: str) -> None:
        """End the innermost element."""
        self._depth -= 1
        if self._skipped:
            self._skipped -= 1
            return
        if self._inner:
            self._inner -= 1
            local = name.rpartition(SEPARATOR)[2]
            if local not in VOID:
                self._stack[-1].parts.append(f"</{local}>")
            return
        node = self._stack.pop()
        if node.key in ENTRIES:
            self._entries += 1
            self._held = 0
            self._on_entry(node)
        self.closed = len(self._stack) == 1

    def data(self, text: str) -> None:
        """Add character data."""
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
        """End a document in which elements are still open.

        An unfinished field is dropped, and its entry is marked as incomplete, so that half an article is
        not taken for the whole article.

        Args:
            cut: whether the document ends inside a tag.
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
        """Return whether an element of this name is open."""
        key = self._key(name)
        return any(node.key == key for node in self._stack)

    @property
    def in_markup(self) -> bool:
        """Whether the innermost open element is markup of a field, or is skipped."""
        return bool(self._inner or self._skipped)

    @property
    def room(self) -> int:
        """Number of characters that the current field may still take."""
        return 0 if self._skipped else self._stack[-1].room

    @property
    def innermost(self) -> str:
        """Key of the innermost open element that is neither markup nor skipped."""
        return self._stack[-1].key

    def _open_root(self, name: str) -> None:
        self.family = root_family(name)
        namespace, _, local = name.rpartition(SEPARATOR)
        if self.family is None:
            raise UnknownRoot(local)
        if namespace != RDF_NAMESPACE:
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


def _without_prefixes(name: str, attrs: dict[str, str]) -> dict[str, str]:
    """Add the attributes in the namespace of the element, of Atom or of RSS under their names without it."""
    own = name.rpartition(SEPARATOR)[0]
    plain = dict(attrs)
    for key, value in attrs.items():
        uri, _, local = key.rpartition(SEPARATOR)
        if uri and (uri == own or is_core_namespace(uri)):
            plain.setdefault(local, value)
    return plain
