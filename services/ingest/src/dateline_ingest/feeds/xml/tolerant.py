"""Parses XML that is not well-formed, as far as it can be understood, in linear time."""

from __future__ import annotations

import re

from dateline_ingest.feeds.html.tags import TagJudge
from dateline_ingest.feeds.model import FeedError, FeedLimits, not_a_feed
from dateline_ingest.feeds.problems import Problems
from dateline_ingest.feeds.xml.entities import decode
from dateline_ingest.feeds.xml.names import CONTAINERS, CORE, ENTRIES, PREFIXES, SEPARATOR
from dateline_ingest.feeds.xml.tree import ReadingStopped, TreeBuilder, UnknownRoot

__all__ = ["read_tolerant"]

ROOT = re.compile(r"<(?:[A-Za-z0-9]{1,20}:)?(?:rss|rdf|feed)(?=[\s>/])", re.I)
ANY_ROOT = re.compile(r"<([A-Za-z][\w:.-]{0,60})")
MARKUP = re.compile(r"<(?=[A-Za-z_/!?])(?:(/?)([A-Za-z_][\w:.-]*+)(?=[\s/>])([^<>]*)>|!\[CDATA\[|!--|![A-Za-z]|\?)")
ATTRIBUTE = re.compile(r"""([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"]*)"?|'([^']*)'?|([^\s"'>]+))""")
DOCTYPE_END = re.compile(r"[\[>]")
PART_CHARS = 256 * 1024
"""Text is decoded in parts of this size."""

MAX_NAMES = 1000
"""At most this many expanded names are cached."""

ROOT_WITHIN_CHARS = 64 * 1024
"""The root element has to begin within this many characters."""


def read_tolerant(text: str, builder: TreeBuilder, limits: FeedLimits, problems: Problems) -> None:
    """Parse a document and pass its events to the builder.

    The parser repairs undeclared prefixes and entities, bare ampersands, attributes without quotes, end
    tags that are missing, wrong or superfluous, entries inside unfinished entries, and junk around the
    feed. References to entities that the document declares are kept as references.

    Args:
        text: the document.
        builder: receives the events.
        limits: limits of the document.
        problems: problems are added here.

    Raises:
        FeedError: the document does not contain a feed.
    """
    after = _after_document_type(text)
    first = ANY_ROOT.search(text, after)
    known = first is not None and first[1].rpartition(":")[2].lower() == "channel"
    root = first if known else ROOT.search(text, after, after + ROOT_WITHIN_CHARS)
    if root is None:
        raise FeedError(not_a_feed(first[1]) if first else "this is not XML: check that the address is that of a feed")
    reader = _Reader(text, builder, limits)
    try:
        reader.read(root.start())
    except ReadingStopped as stop:
        problems.add(str(stop))
        return
    except UnknownRoot as other:
        # The root tag of the feed is damaged beyond recognition.
        raise FeedError(not_a_feed(str(other))) from None
    if reader.cut or not builder.closed:
        problems.add("the document ends early: elements are left open")
        builder.finish(cut=reader.cut)


def _after_document_type(text: str) -> int:
    start = text.find("<!DOCTYPE", 0, ROOT_WITHIN_CHARS)
    end = DOCTYPE_END.search(text, start) if start >= 0 else None
    if end is None:
        return 0
    return max(0, text.find("]>", end.end())) if end[0] == "[" else end.end()


class _Reader:
    def __init__(self, text: str, builder: TreeBuilder, limits: FeedLimits) -> None:
        self.cut = False
        self._text = text
        self._builder = builder
        self._limits = limits
        self._raws: list[str] = []
        """Names of the open elements as written in the document, in lower case."""
        self._open: list[str] = []
        """Expanded names of the open elements."""
        self._scopes: list[tuple[int, dict[str, str]]] = [(-1, dict(PREFIXES))]
        """Namespaces by prefix, with the depth at which they were declared."""
        self._names: dict[str, str] = {}
        """Cache of expanded names in the innermost scope."""
        self._work = 0
        self._text_names: set[str] = set()
        """Names of what only looks like tags, in lower case."""

    def read(self, position: int) -> None:
        text, builder = self._text, self._builder
        while True:
            match = MARKUP.search(text, position)
            found = match.start() if match else len(text)
            if found > position and self._open:
                self._data(text[position:found])
            if match is None:
                tail = text.rfind("<", position)
                self.cut = bool(self._open) and tail >= 0 and text[tail + 1 : tail + 2].strip() != ""
                return
            self._count(1)
            position = match.end()
            if match[2]:
                position = self._tag(match, position)
                if builder.closed:
                    return
            else:
                position = self._declaration(match[0], position)
                if position < 0:
                    self.cut = True
                    return

    def _declaration(self, mark: str, position: int) -> int:
        """Return where a section, comment, instruction or document type ends; -1 if it has no end."""
        if mark == "<![CDATA[":
            end = self._text.find("]]>", position)
            if self._open:
                self._builder.data(self._text[position : None if end < 0 else end])
            return -1 if end < 0 else end + 3
        if mark == "<!--":
            end = self._text.find("-->", position)
            return -1 if end < 0 else end + 3
        if mark == "<?":
            end = self._text.find(">", position)
            return -1 if end < 0 else end + 1
        end_mark = DOCTYPE_END.search(self._text, position)
        if end_mark and end_mark[0] == "[":
            end = self._text.find("]>", position)
            return -1 if end < 0 else end + 2
        return end_mark.end() if end_mark else -1

    def _tag(self, match: re.Match[str], position: int) -> int:
        end_tag, raw, rest = match.groups()
        if self._is_text(end_tag, raw, rest):
            self._builder.data(match[0])
            return position
        if end_tag:
            self._end(raw.lower())
            return position
        if '"' in rest and rest.count('"') % 2:
            # The ">" that seemed to end the tag is part of a quoted attribute.
            quote = self._text.find('"', position, position + self._limits.max_tag_bytes)
            end = self._text.find(">", quote, quote + self._limits.max_tag_bytes) if quote >= 0 else -1
            if end >= 0:
                self._count((end - position) // 1000)
                rest += ">" + self._text[position:end]
                position = end + 1
        empty = rest.endswith("/")
        self._start(raw, rest[:-1] if empty else rest)
        if empty:
            self._close()
        return position

    def _is_text(self, end_tag: str, raw: str, rest: str) -> bool:
        """Return whether what looks like a tag is part of the text of a field: List<K>, <name withheld>."""
        name = raw.lower()
        if end_tag:
            return name in self._text_names and name not in self._raws
        if not self._open or ":" in raw or self._builder.innermost in CONTAINERS:
            return False
        if name in CORE and ("=" in rest or not rest.strip(" \t\r\n/")):
            return False
        if TagJudge("").is_tag(0, "", raw, rest):
            return False
        if len(self._text_names) < MAX_NAMES:
            self._text_names.add(name)
        return True

    def _start(self, raw: str, rest: str) -> None:
        if len(self._open) >= self._limits.max_depth:
            raise ReadingStopped(f"elements are nested deeper than {self._limits.max_depth}")
        attributes = self._attributes(rest) if "=" in rest else {}
        name = self._expanded(raw)
        builder = self._builder
        if not builder.in_markup and name.rpartition(SEPARATOR)[2].lower() in ENTRIES:
            while builder.is_open(name):
                self._close()
        self._raws.append(raw.lower())
        self._open.append(name)
        builder.start(name, {self._expanded(key) if ":" in key else key: value for key, value in attributes.items()})

    def _attributes(self, rest: str) -> dict[str, str]:
        """Return the attributes of a tag; declarations of prefixes open a new scope."""
        if len(rest) > self._limits.max_tag_bytes:
            raise ReadingStopped(f"a tag is longer than {self._limits.max_tag_bytes} characters")
        attributes: dict[str, str] = {}
        declared: dict[str, str] = {}
        for match in ATTRIBUTE.finditer(rest):
            self._count(1)
            key, value = match[1], self._decode(match[2] or match[3] or match[4] or "")
            if key.startswith("xmlns") and key[5:6] in ("", ":"):
                declared[key[6:]] = value
            else:
                attributes.setdefault(key, value)
        if declared:
            self._scopes.append((len(self._open), {**self._scopes[-1][1], **declared}))
            self._names = {}
        return attributes

    def _end(self, raw: str) -> None:
        if raw in self._raws:
            while self._close() != raw:
                pass
        elif self._builder.innermost not in CONTAINERS and not self._builder.in_markup and self._open:
            # <title>...</titel>: a misspelt end tag still ends the field.
            self._close()

    def _close(self) -> str:
        name = self._open.pop()
        if self._scopes[-1][0] == len(self._open):
            self._scopes.pop()
            self._names = {}
        self._builder.end(name)
        return self._raws.pop()

    def _expanded(self, raw: str) -> str:
        name = self._names.get(raw)
        if name is None:
            prefix, _, local = raw.rpartition(":")
            # An undeclared and unknown prefix makes the name unknown.
            uri = self._scopes[-1][1].get(prefix, prefix)
            name = f"{uri}{SEPARATOR}{local}" if uri else local
            if len(self._names) < MAX_NAMES:
                self._names[raw] = name
        return name

    def _data(self, text: str) -> None:
        while "&" in text and self._builder.room > 0:
            # Decode in parts, so that text beyond the field limit is not decoded; no part ends within a reference.
            end = len(text) if len(text) <= PART_CHARS else max(text.rfind("&", 1, PART_CHARS), 1)
            self._builder.data(self._decode(text[:end]))
            text = text[end:]
        if text:
            self._builder.data(text)

    def _decode(self, text: str) -> str:
        if "&" not in text:
            return text
        self._count((text.count("&") - text.count("&amp;") - text.count("&lt;") - text.count("&gt;")) // 2)
        return decode(text)

    def _count(self, work: int) -> None:
        self._work += work
        if self._work > 3 * self._limits.max_elements // 2:
            raise ReadingStopped(f"more than {self._limits.max_elements} elements and references")
