"""Parses well-formed XML with expat, event by event."""

from __future__ import annotations

from pyexpat import ExpatError, ParserCreate, XMLParserType, errors

from dateline_ingest.feeds.model import FeedError, FeedLimits, not_a_feed
from dateline_ingest.feeds.problems import Problems
from dateline_ingest.feeds.xml.entities import decode
from dateline_ingest.feeds.xml.names import SEPARATOR
from dateline_ingest.feeds.xml.tree import ReadingStopped, TreeBuilder, UnknownRoot

__all__ = ["NotWellFormed", "read_strict"]

CHUNK_BYTES = 256 * 1024
"""Expat is fed this many bytes at a time."""

ENDED_EARLY = frozenset(
    errors.codes[name]
    for name in (
        errors.XML_ERROR_NO_ELEMENTS,
        errors.XML_ERROR_UNCLOSED_TOKEN,
        errors.XML_ERROR_PARTIAL_CHAR,
        errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)
"""Errors of expat that mean a truncated document."""


class NotWellFormed(ValueError):  # noqa: N818
    """The document has to be parsed by the tolerant parser."""


def read_strict(data: bytes, builder: TreeBuilder, limits: FeedLimits, problems: Problems) -> None:
    """Parse a document and pass its events to the builder.

    Entity declarations are never processed: a document type with declarations is left to the tolerant
    parser, which skips it. External entities are never loaded.

    Args:
        data: the document in UTF-8.
        builder: receives the events.
        limits: limits of the document.
        problems: problems are added here.

    Raises:
        NotWellFormed: the document cannot be parsed; the content of the builder must be discarded.
        FeedError: the document is an HTML page.
    """
    parser = _parser(builder)
    position = 0
    try:
        while position < len(data):
            parser.Parse(data[position : position + CHUNK_BYTES], False)
            position += CHUNK_BYTES
            # Expat reports text piece by piece, but buffers tags, comments and declarations until they are complete.
            if min(position, len(data)) - parser.CurrentByteIndex > limits.max_tag_bytes:
                raise ReadingStopped(f"a tag or comment is longer than {limits.max_tag_bytes} bytes")
        parser.Parse(b"", True)
    except ExpatError as error:
        if builder.closed:
            problems.add("there is content after the end of the feed")
        elif error.code in ENDED_EARLY and builder.family:
            problems.add(f"the document ends early: {error}")
            builder.finish(cut=error.code != errors.codes[errors.XML_ERROR_NO_ELEMENTS])
        else:
            raise NotWellFormed(str(error)) from error
    except ReadingStopped as stop:
        problems.add(str(stop))
    except UnknownRoot as root:
        if str(root).lower() == "html":
            raise FeedError(not_a_feed(str(root))) from None
        # A warning printed by the server's software may precede the feed.
        raise NotWellFormed(f"the root element is <{str(root)[:40]}>") from None


def _parser(builder: TreeBuilder) -> XMLParserType:
    parser = ParserCreate("utf-8", SEPARATOR)
    parser.buffer_text = True
    parser.buffer_size = 64 * 1024
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_declarations
    # If there is an external document type, expat assumes that it declares the unknown entities.
    parser.SkippedEntityHandler = lambda name, is_parameter: None if is_parameter else builder.data(decode(f"&{name};"))
    return parser


def _refuse_declarations(_name: str, _system: str | None, _public: str | None, has_internal_subset: bool) -> None:
    if has_internal_subset:
        raise NotWellFormed("the document type declares entities or elements of its own")
