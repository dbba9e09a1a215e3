"""Turns the bytes of a sitemap into text, piece by piece: decompressed, decoded, and repaired as XML."""

import codecs
import re
import zlib
from collections.abc import Callable, Iterable, Iterator

from dateline_web.sitemaps.model import SitemapError

__all__ = ["bounded", "decoded", "pieces", "repaired", "unzipped"]

PIECE_BYTES = 64 * 1024
"""A document is worked through in pieces of this size."""

GZIP_MAGIC = b"\x1f\x8b"
SNIFFED_BYTES = 200
"""The XML declaration is within this many bytes."""

BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,20})["']""")
ENCODINGS = re.compile(
    r"utf-?8|us-ascii|iso-8859-\d{1,2}|(?:windows-|cp)125\d|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_jis|euc-(?:jp|kr)",
    re.I,
)
"""Encodings that are believed; others, some of which Python decodes slowly or not to text, count as UTF-8."""

REPAIRED = re.compile(r"<!\[CDATA\[|\]\]>|&(?:(amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});)?")
HELD_BACK_CHARS = 12
"""The longest match of `REPAIRED` is no longer: a piece may end within one."""

ILLEGAL = dict.fromkeys([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF])
"""Characters that XML does not allow."""


def pieces(data: bytes | Iterable[bytes]) -> Iterator[bytes]:
    """Split a document, or the chunks in which it arrives, into short pieces."""
    for chunk in [data] if isinstance(data, bytes) else data:
        for start in range(0, len(chunk), PIECE_BYTES):
            yield chunk[start : start + PIECE_BYTES]


def unzipped(chunks: Iterator[bytes], problem: Callable[[str], None]) -> Iterator[bytes]:
    """Undo gzip if the document begins like it; a document that is damaged later is read up to there.

    Raises:
        SitemapError: the compressed data is damaged from the start.
    """
    first = b""
    while len(first) < len(GZIP_MAGIC) and (chunk := next(chunks, None)) is not None:
        first += chunk
    if not first.startswith(GZIP_MAGIC):
        yield first
        yield from chunks
        return
    decoder = zlib.decompressobj(31)
    began = False
    pending = first
    while True:
        try:
            output = decoder.decompress(pending, PIECE_BYTES)
        except zlib.error as error:
            if not began:
                raise SitemapError(f"damaged gzip data: {error}") from error
            problem(f"damaged gzip data: {error}")
            return
        if output:
            began = True
            yield output
        pending = decoder.unconsumed_tail
        if decoder.eof:
            pending = decoder.unused_data
            while len(pending) < len(GZIP_MAGIC) and (chunk := next(chunks, None)) is not None:
                pending += chunk
            decoder = zlib.decompressobj(31)
            if not pending.startswith(GZIP_MAGIC):
                return
        elif not pending and len(output) < PIECE_BYTES:
            following = next(chunks, None)
            if following is None:
                problem("the gzip data ends early")
                return
            pending = following


def bounded(chunks: Iterator[bytes], max_bytes: int, problem: Callable[[str], None]) -> Iterator[bytes]:
    """Stop after `max_bytes`."""
    taken = 0
    for chunk in chunks:
        taken += len(chunk)
        if taken > max_bytes:
            problem(f"only the first {max_bytes} bytes were read")
            yield chunk[: len(chunk) - (taken - max_bytes)]
            return
        yield chunk


def decoded(chunks: Iterator[bytes], encoding: str | None = None) -> Iterator[str]:
    """Decode a document; it begins without white space.

    Args:
        chunks: the document.
        encoding: its encoding; None to decide by its byte order mark or XML declaration, else UTF-8.
    """
    head = b""
    while len(head) < SNIFFED_BYTES and (chunk := next(chunks, None)) is not None:
        head = (head + chunk).lstrip()
    if encoding is None:
        encoding, head = _encoding(head)
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    began = False
    for text in _chain(decoder.decode(head), map(decoder.decode, chunks)):
        text = text if began else text.lstrip()
        if text:
            began = True
            yield text
    yield decoder.decode(b"", True)


def repaired(texts: Iterable[str]) -> Iterator[str]:
    """Repair what XML does not allow: bare ampersands, unknown entities, and illegal characters."""
    in_section = False
    rest = ""

    def repair(match: re.Match[str]) -> str:
        nonlocal in_section
        mark = match[0]
        if mark == "]]>":
            in_section = False
        elif mark[0] == "<":
            in_section = True
        elif not in_section:
            return (mark if _is_legal(match[1]) else "") if match[1] else "&amp;"
        return mark

    for text in texts:
        text = rest + text.translate(ILLEGAL)
        start = max(0, len(text) - HELD_BACK_CHARS)
        cut = min((at for mark in "&<]" if (at := text.find(mark, start)) >= 0), default=len(text))
        rest = text[cut:]
        if cut:
            yield REPAIRED.sub(repair, text[:cut])
    yield REPAIRED.sub(repair, rest)


def _encoding(head: bytes) -> tuple[str, bytes]:
    for mark, name in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return name, head[len(mark) :]
    match = DECLARED.match(head)
    declared = match[1].decode() if match else "utf-8"
    return (declared if ENCODINGS.fullmatch(declared) and _is_known(declared) else "utf-8"), head


def _is_known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _is_legal(name: str) -> bool:
    """Return whether a reference is to an entity of XML or to a character that XML allows."""
    if name[0] != "#":
        return True
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    return code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
