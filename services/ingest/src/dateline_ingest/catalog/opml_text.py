"""The text of a document that arrives piece by piece, whatever its encoding is said to be."""

import codecs
import re

__all__ = ["OpmlText"]

SNIFFED = 512
"""Bytes at the beginning that tell the encoding."""

_DECLARATION = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._:-]{1,40})""")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE_STARTS = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_PROBE = rb"<opml a='1'>\u0041+AGE-&#;~{"
"""Text that each superset of ASCII leaves as it is, and no other encoding that is registered does."""


class OpmlText:
    """Decodes bytes as they come; what is wrong in them is replaced."""

    def __init__(self) -> None:
        self._head = b""
        self._decoder: codecs.IncrementalDecoder | None = None

    def decode(self, data: bytes) -> str:
        """Return the text of the next piece, as far as it is complete."""
        if self._decoder is None:
            self._head += data
            if len(self._head) < SNIFFED:
                return ""
            data = self._begin()
        assert self._decoder is not None
        return self._decoder.decode(data)

    def end(self) -> str:
        """Return what is left."""
        data = b"" if self._decoder else self._begin()
        assert self._decoder is not None
        return self._decoder.decode(data, True)

    def _begin(self) -> bytes:
        head, self._head = self._head, b""
        marked = next(((mark, encoding) for mark, encoding in _MARKS if head.startswith(mark)), None)
        if marked:
            head, encoding = head[len(marked[0]) :], marked[1]
        else:
            wide = next((encoding for start, encoding in _WIDE_STARTS if head.startswith(start)), None)
            encoding = wide or _declared(head)
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        return head


def _declared(head: bytes) -> str:
    match = _DECLARATION.match(head)
    name = match[1].decode("ascii").lower() if match else "utf-8"
    try:
        # Encodings that are registered may also decompress, or evaluate escapes.
        if _PROBE.decode(name) != _PROBE.decode("ascii"):
            return "utf-8"
    except (LookupError, ValueError):
        return "utf-8"
    # Who declares Latin 1 means what Windows makes of it (WHATWG Encoding Standard).
    return "cp1252" if codecs.lookup(name).name == "iso8859-1" else name
