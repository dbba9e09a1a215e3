"""Decodes pages: which encoding a page has, and its bytes as clean UTF-8."""

import codecs
import re
from contextlib import suppress
from email.message import Message

__all__ = ["to_utf8"]

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

WIDE_STARTS = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
"""First bytes of documents in UTF-16 without a byte order mark."""

DECLARATION = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,400}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9._:+-]{1,40})""", re.I
)
"""A meta element or an XML declaration that names the encoding."""

DECLARED_WITHIN_BYTES = 8192
"""The declaration is searched in this much of the document; the HTML standard asks for 1024, pages need more."""

SAMPLE_BYTES = 16_384
"""The encoding of a page that names none is guessed from this much text around its first letter outside of ASCII."""

MAX_STRAY_BYTES = 200
"""A page with at most this many invalid bytes is UTF-8 with pasted text of another encoding."""

AS_BROWSERS_READ = {
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
"""The larger encoding by which browsers read a declared one, as the Encoding standard has it."""

OTHER_LABELS = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
    "x-x-big5": "big5hkscs",
    "x-euc-jp": "euc_jp",
    "ks_c_5601-1987": "cp949",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "unicode": "utf-16-le",
}
"""Names of encodings that pages use and Python does not know."""

NOT_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})
"""Python text encodings that no document is written in."""

ILLEGAL_BYTES = bytes(range(9)) + b"\x0b" + bytes(range(14, 32)) + b"\x7f"
"""Control characters that no text of a page has; a tree of lxml refuses most of them."""


def to_utf8(data: bytes, content_type: str | None = None) -> bytes:
    """Return the document as UTF-8 without a byte order mark and without control characters.

    A byte order mark decides. Bytes that are valid UTF-8 are UTF-8, because text in other encodings is hardly ever
    valid UTF-8 by chance. Else the charset of the header, the declaration in the document and a guess decide, in
    this order.

    Args:
        data: the document.
        content_type: the `Content-Type` header.
    """
    clean = _decoded(data, content_type)
    return clean.translate(None, ILLEGAL_BYTES)


def _decoded(data: bytes, content_type: str | None) -> bytes:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _converted(data[len(mark) :], encoding)
    for start, encoding in WIDE_STARTS:
        if data.startswith(start):
            return _converted(data, encoding)
    return _narrow(data, content_type)


def _narrow(data: bytes, content_type: str | None) -> bytes:
    """Decode a document whose encoding has the letters of ASCII as single bytes."""
    match = DECLARATION.search(data, 0, DECLARED_WITHIN_BYTES)
    labels = (_charset_of(content_type), match[1].decode("ascii") if match else None)
    named = [encoding for label in labels if label and (encoding := _codec_of(label))]
    if data.isascii():
        # Only here ASCII bytes are not ASCII text: ISO-2022-JP writes Japanese with escapes.
        seven_bit = next((name for name in named if name.startswith("iso2022") and b"\x1b" in data), None)
        return _converted(data, seven_bit) if seven_bit else data
    if _is_utf8(data):
        return data
    for encoding in named:
        if encoding != "utf-8":
            with suppress(UnicodeError):
                return data.decode(encoding).encode("utf-8", "replace")
    if "utf-8" in named or data.decode("utf-8", "replace").count("\ufffd") <= MAX_STRAY_BYTES:
        return _converted(data, "utf-8")
    return _converted(data, next(iter(named), None) or _guess(data))


def _converted(data: bytes, encoding: str) -> bytes:
    return data.decode(encoding, "replace").encode("utf-8", "replace")


def _is_utf8(data: bytes) -> bool:
    try:
        # An incomplete last character means a truncated document, not another encoding.
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _charset_of(content_type: str | None) -> str | None:
    if not content_type or "charset" not in content_type.lower():
        return None
    header = Message()
    with suppress(ValueError, LookupError):
        header["Content-Type"] = content_type.replace("\r", " ").replace("\n", " ")
        return header.get_content_charset()
    return None


def _codec_of(label: str) -> str | None:
    label = label.strip(" \t\r\n'\"").lower()
    try:
        info = codecs.lookup(OTHER_LABELS.get(label, label))
        "".encode(info.name)
    except (LookupError, ValueError, UnicodeError):
        return None
    name: str = info.name
    if name in NOT_CHARSETS:
        return None
    if name.startswith(("utf-16", "utf-32", "utf-7", "utf-8")):
        # A document that begins with ASCII bytes is not UTF-16 or UTF-32, whatever it declares.
        return "utf-8"
    return AS_BROWSERS_READ.get(name, name)


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    first = next((index for index, byte in enumerate(data) if byte > 127), 0)
    best = from_bytes(data[max(0, first - 100) : first + SAMPLE_BYTES]).best()
    return (_codec_of(best.encoding) if best else None) or "cp1252"
