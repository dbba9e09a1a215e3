"""Decodes a document that arrives piece by piece, whatever its declared encoding."""

import codecs
import re

__all__ = ["OpmlText"]

SNIFFED_BYTES = 512
"""The first bytes of a document that decide its encoding."""

DECLARATION = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._:-]{1,40})""")
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WIDE_STARTS = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
PROBE = rb"<opml a='1'>\u0041+AGE-&#;~{"
"""Text that only a superset of ASCII decodes unchanged."""


class OpmlText:
    """Decodes bytes as they arrive; invalid bytes are replaced."""

    def __init__(self) -> None:
        self._head = b""
        self._decoder: codecs.IncrementalDecoder | None = None

    def decode(self, data: bytes) -> str:
        """Return the text of the next piece, without an incomplete character at its end."""
        if self._decoder is None:
            self._head += data
            if len(self._head) < SNIFFED_BYTES:
                return ""
            data = self._begin()
        assert self._decoder is not None
        return self._decoder.decode(data)

    def end(self) -> str:
        """Return the rest of the text."""
        data = b"" if self._decoder else self._begin()
        assert self._decoder is not None
        return self._decoder.decode(data, True)

    def _begin(self) -> bytes:
        head, self._head = self._head, b""
        marked = next(((mark, encoding) for mark, encoding in BYTE_ORDER_MARKS if head.startswith(mark)), None)
        if marked:
            head, encoding = head[len(marked[0]) :], marked[1]
        else:
            wide = next((encoding for start, encoding in WIDE_STARTS if head.startswith(start)), None)
            encoding = wide or _declared(head)
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        return head


def _declared(head: bytes) -> str:
    match = DECLARATION.match(head)
    name = match[1].decode("ascii").lower() if match else "utf-8"
    try:
        # Python's codecs also include ones that decompress or evaluate escapes.
        if PROBE.decode(name) != PROBE.decode("ascii"):
            return "utf-8"
    except (LookupError, ValueError):
        return "utf-8"
    # Documents declared as Latin 1 are windows-1252 (WHATWG Encoding Standard).
    return "cp1252" if codecs.lookup(name).name == "iso8859-1" else name
