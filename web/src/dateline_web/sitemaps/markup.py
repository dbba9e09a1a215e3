"""Reads the elements of an XML sitemap with expat, event by event."""

from collections.abc import Callable, Iterable, Iterator
from pyexpat import ExpatError, ParserCreate

from dateline_web.sitemaps.model import SitemapError, SitemapLimits
from dateline_web.sitemaps.text import repaired

__all__ = ["Fields", "sitemap_elements"]

Fields = dict[str, str]
"""The texts of an entry by their path, and under "" the name of its element."""

ROOTS = frozenset(["urlset", "sitemapindex"])
FEED_ROOTS = frozenset(["rss", "rdf", "feed"])
ENTRIES = frozenset(["url", "sitemap"])
FIELDS = frozenset(
    [
        "loc",
        "lastmod",
        "news/title",
        "news/publication_date",
        "news/keywords",
        "news/publication/name",
        "news/publication/language",
    ]
)
"""Paths within an entry. Namespaces do not count, because many sitemaps have none or wrong ones."""


class _Stopped(Exception):  # noqa: N818
    """A limit was reached: the rest of the document is not read."""


def sitemap_elements(texts: Iterable[str], limits: SitemapLimits, problem: Callable[[str], None]) -> Iterator[Fields]:
    """Yield the fields of the entries as they end; what follows an error in the markup is left out.

    Raises:
        SitemapError: the document is not a sitemap, or declares entities.
    """
    builder = _Builder(limits, problem)
    parser = ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_declarations
    fed = 0
    try:
        for text in repaired(texts):
            encoded = text.encode("utf-8", "replace")
            fed += len(encoded)
            parser.Parse(encoded, False)
            yield from builder.take()
            # Expat reports text piece by piece, but buffers tags, comments and declarations until they are complete.
            if fed - parser.CurrentByteIndex > limits.max_tag_bytes:
                raise _Stopped(f"a tag or comment is longer than {limits.max_tag_bytes} bytes")
        parser.Parse(b"", True)
    except _Stopped as stop:
        problem(str(stop))
    except ExpatError as error:
        if builder.root is None:
            raise SitemapError(f"the document is not a sitemap: {error}") from error
        if not builder.closed:
            problem(f"what follows an error in the markup was left out: {error}")
            builder.finish()
    yield from builder.take()


class _Builder:
    def __init__(self, limits: SitemapLimits, problem: Callable[[str], None]) -> None:
        self.root: str | None = None
        self.closed = False
        self._limits = limits
        self._problem = problem
        self._path: list[str] = []
        self._elements = 0
        self._fields: Fields | None = None
        self._field: str | None = None
        self._parts: list[str] = []
        self._chars = 0
        self._found: list[Fields] = []

    def take(self) -> list[Fields]:
        found, self._found = self._found, []
        return found

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2].lower()
        self._elements += 1
        self._path.append(local)
        if self.root is None:
            self._open_root(local)
        elif self._elements > self._limits.max_elements:
            raise _Stopped(f"only the first {self._limits.max_elements} elements were read")
        elif len(self._path) > self._limits.max_depth:
            raise _Stopped(f"elements are nested deeper than {self._limits.max_depth}")
        elif len(self._path) == 2 and local in ENTRIES:
            self._fields = {"": local}
        elif self._fields is not None:
            field = "/".join(self._path[2:])
            if field in FIELDS and field not in self._fields:
                self._field, self._parts, self._chars = field, [], 0

    def end(self, _name: str) -> None:
        if self._field is not None and "/".join(self._path[2:]) == self._field:
            text = "".join(self._parts).strip()
            if self._chars > self._limits.max_field_chars:
                self._problem(f"a field is longer than {self._limits.max_field_chars} characters")
            elif text and self._fields is not None:
                self._fields[self._field] = text
            self._field = None
        self._path.pop()
        if len(self._path) == 1 and self._fields is not None:
            self.finish()
        self.closed = not self._path

    def data(self, text: str) -> None:
        if self._field is None:
            return
        self._chars += len(text)
        if self._chars <= self._limits.max_field_chars:
            self._parts.append(text)

    def finish(self) -> None:
        """End the current entry; at the end of a broken document, a field that is not complete is left out."""
        if self._fields is not None and "loc" in self._fields:
            self._found.append(self._fields)
        self._fields = self._field = None

    def _open_root(self, local: str) -> None:
        if local in ROOTS:
            self.root = local
        elif local in FEED_ROOTS:
            raise SitemapError(f"this is a feed (root element <{local}>), not a sitemap")
        elif local == "html":
            raise SitemapError("this is an HTML page, not a sitemap")
        else:
            raise SitemapError(f"the root element <{local[:40]}> is not that of a sitemap")


def _refuse_declarations(_name: str, _system: str | None, _public: str | None, has_internal_subset: bool) -> None:
    if has_internal_subset:
        raise SitemapError("the document type declares entities or elements of its own")
