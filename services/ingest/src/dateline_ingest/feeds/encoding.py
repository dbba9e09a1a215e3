"""Converts documents to clean UTF-8, whatever their declared encoding."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from email.message import Message
from io import BytesIO

from dateline_ingest.feeds.encoding_labels import LABELS
from dateline_ingest.feeds.problems import Problems

__all__ = ["charset_of", "to_utf8"]

DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""")

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WIDE_STARTS = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
"""First bytes of a document in encodings that are not supersets of ASCII (XML 1.0, appendix F)."""

SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "johab": "cp949",
}
"""The superset to decode with in place of an encoding that is declared by a name of Python's own."""

WIDER = {"euc_jp": ("euc_jp", "euc_jis_2004"), "big5hkscs": ("big5hkscs", "cp950")}
"""Codecs for documents with characters that Python's codec of the declared encoding lacks, in the order of trial."""

SEVEN_BIT = {"iso2022_jp_ext": b"\x1b", "iso2022_kr": b"\x1b", "hz": b"~{"}
"""Encodings whose documents consist of ASCII bytes, and what such documents contain."""

WEAK_CHARSETS = frozenset(["cp1252", "utf-8"])
"""Charsets that servers send by default; a different declaration in the document takes precedence."""

ILLEGAL_BYTES = bytes(range(9)) + b"\x0b\x0c" + bytes(range(14, 32)) + b"\x7f"
"""Control characters that are removed; XML forbids most of them."""

SLICE_BYTES = 1 << 20
"""Documents are decoded and checked in parts of this size."""

MIXED_ENCODING = "dateline-mixed"
"""Error handler of `bytes.decode` that decodes invalid UTF-8 as windows-1252."""

MAX_MIXED_BYTES = 20_000
"""A document with more invalid bytes than this is not UTF-8."""

NOT_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})
"""Python text encodings that no document is written in."""


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Decode invalid bytes within UTF-8 as windows-1252: they nearly always come from pasted text."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error(MIXED_ENCODING, _as_windows)


def charset_of(content_type: str | None) -> str | None:
    """The charset parameter of a Content-Type header."""
    if not content_type or "charset" not in content_type.lower():
        return None
    header = Message()
    try:
        header["Content-Type"] = content_type.replace("\r", " ").replace("\n", " ")
        return header.get_content_charset()
    except (ValueError, LookupError):
        return None


def to_utf8(data: bytes, charset: str | None, problems: Problems) -> bytes:
    """Return the document as UTF-8, without a byte order mark and without characters that XML forbids.

    A byte order mark decides. Without one, bytes that are valid UTF-8 are UTF-8, because text in other
    encodings is hardly ever valid UTF-8 by chance. Otherwise the server's charset and the document's own
    declaration are tried.

    Args:
        data: the document.
        charset: the charset named by the server.
        problems: repairs are added here.
    """
    return _legal(_decoded(data, charset, problems), problems)


def _decoded(data: bytes, charset: str | None, problems: Problems) -> bytes:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            data = data[len(mark) :]
            return data if encoding == "utf-8" and _is_utf8(data) else _transcode(data, encoding, problems)
    for start, encoding in WIDE_STARTS:
        if data.startswith(start):
            return _transcode(data, encoding, problems)
    match = DECLARATION.match(data)
    declared = _canonical(match[1].decode("ascii")) if match else None
    if match and declared is None:
        problems.add(f"unknown encoding {match[1].decode('ascii')!r} in the XML declaration")
    named = _canonical(charset) if charset else None
    if charset and named is None:
        problems.add(f"unknown charset {charset!r} in the Content-Type header")
    if data.isascii():
        stateful = next((name for name in (declared, named) if name in SEVEN_BIT and SEVEN_BIT[name] in data), None)
        return _transcode(data, stateful, problems) if stateful else data
    if _is_utf8(data):
        for claim in {declared, named} - {None, "utf-8"}:
            problems.add(f"the document is UTF-8, not {claim} as stated")
        return data
    order = (declared, named) if named in WEAK_CHARSETS and declared else (named, declared)
    candidates = [name for name in order if name and name != "utf-8"]
    for encoding in candidates:
        for codec in WIDER.get(encoding, (encoding,)):
            with suppress(UnicodeError):
                return data.decode(codec).encode()
        problems.add(f"the document is not {encoding} as stated")
    if not candidates:
        problems.add("bytes that are not UTF-8 were read as windows-1252")
        # The error handler is called for each invalid byte, which is slow in a document that is not UTF-8 at all.
        if sum(part.decode("utf-8", "replace").count("\ufffd") for part in _slices(data)) < MAX_MIXED_BYTES:
            return data.decode("utf-8", MIXED_ENCODING).encode("utf-8", "replace")
        output = BytesIO()
        for part in _slices(data):
            output.write(part.decode("cp1252", "replace").encode())
        return output.getvalue()
    return _transcode(data, candidates[0], problems)


def _transcode(data: bytes, encoding: str, problems: Problems) -> bytes:
    text = data.decode(encoding, "replace")
    if "\ufffd" in text:
        problems.add(f"bytes that are not {encoding} were replaced")
    return text.encode("utf-8", "replace")


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for part in _slices(data):
            decoder.decode(part)
    except UnicodeDecodeError:
        return False
    # An incomplete last character means a truncated document, not another encoding.
    return True


def _slices(data: bytes) -> Iterator[bytes]:
    """Split the document into parts, so that temporary copies stay small."""
    return (data[start : start + SLICE_BYTES] for start in range(0, len(data), SLICE_BYTES))


def _canonical(name: str) -> str | None:
    name = name.strip(" \t\r\n'\"").lower()
    if name in LABELS:
        return LABELS[name]
    try:
        info = codecs.lookup(name)
        if not info._is_text_encoding:
            return None
        "".encode(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    canonical = info.name
    if canonical in NOT_CHARSETS:
        return None
    if canonical.startswith(("utf-16", "utf-32", "utf-7", "utf-8")):
        # A document that begins with ASCII bytes is not UTF-16 or UTF-32, whatever it declares.
        return "utf-8"
    return SUPERSETS.get(canonical, canonical)


def _legal(data: bytes, problems: Problems) -> bytes:
    if all(len(part) == len(part.translate(None, ILLEGAL_BYTES)) for part in _slices(data)):
        return data.lstrip() if data[:1].isspace() else data
    clean = data.translate(None, ILLEGAL_BYTES)
    problems.add(f"{len(data) - len(clean)} control characters were removed")
    return clean.lstrip()
