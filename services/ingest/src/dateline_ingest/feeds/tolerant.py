"""Reads XML that is not well-formed: whatever can be understood, in linear time."""

from __future__ import annotations

import re
from collections import ChainMap

from dateline_ingest.feeds.entities import decode
from dateline_ingest.feeds.model import FeedError, FeedLimits
from dateline_ingest.feeds.names import CONTAINERS, ENTRIES, PREFIXES, SEPARATOR
from dateline_ingest.feeds.tree import ReadingStopped, TreeBuilder, not_a_feed

__all__ = ["read_tolerant"]

_ROOT = re.compile(r"<(?:[A-Za-z0-9]{1,20}:)?(?:rss|rdf|feed|channel)(?=[\s>/])", re.I)
_ANY_ROOT = re.compile(r"<([A-Za-z][\w:.-]{0,60})")
_NEXT = re.compile(r"<(?:(/?)([A-Za-z_][\w:.-]*)([^<>]*)>|!\[CDATA\[|!--|![A-Za-z]|\?)")
_ATTRIBUTE = re.compile(r"""([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"]*)"?|'([^']*)'?|([^\s"'>]+))""")
_DOCTYPE_END = re.compile(r"[\[>]")
_ROOT_WITHIN = 64 * 1024
"""Characters in which the root has to begin."""


def read_tolerant(text: str, builder: TreeBuilder, limits: FeedLimits, problems: list[str]) -> None:
    """Feeds the events of a document to the builder.

    Mended are undeclared prefixes and entities, bare ampersands, attributes without quotes, end tags that
    are missing, wrong or too many, entries inside of unfinished entries, and junk around the feed.
    Declared entities stay what they are: references.

    Raises:
        FeedError: there is no feed in it.
    """
    root = _ROOT.search(text, 0, _ROOT_WITHIN)
    if root is None:
        other = _ANY_ROOT.search(text)
        raise FeedError(not_a_feed(other[1]) if other else "this is not XML: check that the address is that of a feed")
    reader = _Reader(text, builder, limits)
    try:
        reader.read(root.start())
    except ReadingStopped as stop:
        problems.append(str(stop))
        return
    if reader.cut or not builder.closed:
        problems.append("the document ends early: elements are left open")
        builder.finish(cut=reader.cut)


class _Reader:
    def __init__(self, text: str, builder: TreeBuilder, limits: FeedLimits) -> None:
        self.cut = False
        self._text = text
        self._builder = builder
        self._limits = limits
        self._open: list[tuple[str, str]] = []
        """Name as written in lower case and expanded name of each open element."""
        self._scopes: ChainMap[str, str] = ChainMap(dict(PREFIXES))
        self._declaring: list[int] = []
        self._work = 0

    def read(self, position: int) -> None:
        text, builder = self._text, self._builder
        while True:
            match = _NEXT.search(text, position)
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
                continue
            position = self._declaration(match[0], position)
            if position < 0:
                self.cut = True
                return

    def _declaration(self, mark: str, position: int) -> int:
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
        end_mark = _DOCTYPE_END.search(self._text, position)
        if end_mark and end_mark[0] == "[":
            end = self._text.find("]>", position)
            return -1 if end < 0 else end + 2
        return end_mark.end() if end_mark else -1

    def _tag(self, match: re.Match[str], position: int) -> int:
        raw, rest = match[2], match[3]
        if match[1]:
            self._end(raw.lower())
            return position
        if rest.count('"') % 2:
            # The ">" at which the tag seemed to end stands inside of a quoted attribute.
            quote = self._text.find('"', position, position + self._limits.max_tag_bytes)
            end = self._text.find(">", quote, quote + self._limits.max_tag_bytes) if quote >= 0 else -1
            if end >= 0:
                self._count((end - position) // 1000)
                rest += ">" + self._text[position:end]
                position = end + 1
        empty = rest.endswith("/")
        self._start(raw, rest[:-1] if empty else rest)
        if empty and self._open:
            self._close()
        return position

    def _start(self, raw: str, rest: str) -> None:
        attributes: dict[str, str] = {}
        if "=" in rest:
            for key, double, single, bare in _ATTRIBUTE.findall(rest):
                self._count(1)
                attributes.setdefault(key, self._decode(double or single or bare))
        declared = {
            key[6:]: value for key, value in attributes.items() if key.startswith("xmlns") and key[5:6] in ("", ":")
        }
        if len(self._open) >= self._limits.max_depth:
            raise ReadingStopped(f"elements are nested deeper than {self._limits.max_depth}")
        if declared:
            self._scopes = self._scopes.new_child(declared)
            self._declaring.append(len(self._open))
        name = self._expanded(raw, element=True)
        local = name.rpartition(SEPARATOR)[2].lower()
        if local in ENTRIES and not self._builder.in_markup and self._builder.is_open(name):
            while self._builder.is_open(name):
                self._close()
        self._open.append((raw.lower(), name))
        self._builder.start(
            name,
            {
                self._expanded(key, element=False): value
                for key, value in attributes.items()
                if not key.startswith("xmlns")
            },
        )

    def _end(self, raw: str) -> None:
        builder = self._builder
        names = [name for name, _ in self._open]
        if raw in names:
            while self._open:
                if self._close() == raw:
                    return
        elif builder.innermost not in CONTAINERS and not builder.in_markup and self._open:
            # <title>...</titel>: a wrong name is a slip of the pen, the field ends here.
            self._close()

    def _close(self) -> str:
        raw, name = self._open.pop()
        if self._declaring and self._declaring[-1] == len(self._open):
            self._declaring.pop()
            self._scopes = self._scopes.parents
        self._builder.end(name)
        return raw

    def _expanded(self, raw: str, *, element: bool) -> str:
        prefix, colon, local = raw.rpartition(":")
        if not colon and not element:
            return raw
        # An undeclared prefix that nobody knows makes a name that nobody knows.
        uri = self._scopes.get(prefix, prefix)
        return f"{uri}{SEPARATOR}{local}" if uri else local

    def _data(self, text: str) -> None:
        self._builder.data(self._decode(text))

    def _decode(self, text: str) -> str:
        if "&" not in text:
            return text
        self._count(text.count("&") // 4)
        return decode(text)

    def _count(self, work: int) -> None:
        self._work += work
        if self._work > 2 * self._limits.max_elements:
            raise ReadingStopped(f"more than {self._limits.max_elements} elements and references")
