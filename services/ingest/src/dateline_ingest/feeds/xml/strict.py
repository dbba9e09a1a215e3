"""Reads well-formed XML with expat, event by event."""

from __future__ import annotations

from pyexpat import ExpatError, ParserCreate, XMLParserType, errors

from dateline_ingest.feeds.model import FeedError, FeedLimits, not_a_feed
from dateline_ingest.feeds.problems import Problems
from dateline_ingest.feeds.xml.entities import decode
from dateline_ingest.feeds.xml.names import SEPARATOR
from dateline_ingest.feeds.xml.tree import ReadingStopped, TreeBuilder, UnknownRoot

__all__ = ["NotWellFormed", "read_strict"]

_CHUNK = 256 * 1024
_ENDED_EARLY = frozenset(
    errors.codes[name]
    for name in (
        errors.XML_ERROR_NO_ELEMENTS,
        errors.XML_ERROR_UNCLOSED_TOKEN,
        errors.XML_ERROR_PARTIAL_CHAR,
        errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)


class NotWellFormed(ValueError):  # noqa: N818
    """The document has to be read by the tolerant reader."""


def read_strict(data: bytes, builder: TreeBuilder, limits: FeedLimits, problems: Problems) -> None:
    """Feeds the events of a document to the builder.

    Entities that a document declares are never looked at: a document type with declarations of its own
    is left to the tolerant reader, which skips it. External entities are never loaded.

    Args:
        data: the document in UTF-8.
        builder: takes the events.
        limits: bounds.
        problems: what was wrong is added here.

    Raises:
        NotWellFormed: nothing of what the builder got may be used.
        FeedError: an HTML page.
    """
    parser = _parser(builder)
    position = 0
    try:
        while position < len(data):
            parser.Parse(data[position : position + _CHUNK], False)
            position += _CHUNK
            # Text arrives piece by piece; only tags, comments and declarations are waited for.
            if min(position, len(data)) - parser.CurrentByteIndex > limits.max_tag_bytes:
                raise ReadingStopped(f"a tag or comment is longer than {limits.max_tag_bytes} bytes")
        parser.Parse(b"", True)
    except ExpatError as error:
        if builder.closed:
            problems.add("there is something after the end of the feed")
        elif error.code in _ENDED_EARLY and builder.family:
            problems.add(f"the document ends early: {error}")
            builder.finish(cut=error.code != errors.codes[errors.XML_ERROR_NO_ELEMENTS])
        else:
            raise NotWellFormed(str(error)) from error
    except ReadingStopped as stop:
        problems.add(str(stop))
    except UnknownRoot as root:
        if str(root).lower() == "html":
            raise FeedError(not_a_feed(str(root))) from None
        # A warning of the server's software may stand before the feed.
        raise NotWellFormed(f"the root element is <{str(root)[:40]}>") from None


def _parser(builder: TreeBuilder) -> XMLParserType:
    parser = ParserCreate("utf-8", SEPARATOR)
    parser.buffer_text = True
    parser.buffer_size = 64 * 1024
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_declarations
    # With an external document type expat takes unknown entities for declared there.
    parser.SkippedEntityHandler = lambda name, is_parameter: None if is_parameter else builder.data(decode(f"&{name};"))
    return parser


def _refuse_declarations(_name: str, _system: str | None, _public: str | None, has_internal_subset: bool) -> None:
    if has_internal_subset:
        raise NotWellFormed("the document type declares entities or elements of its own")
