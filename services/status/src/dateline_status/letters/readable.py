"""Bytes as text that a person can read, whatever they are."""

import json
from typing import Literal

from dateline_status.letters.report import ReadableReport

__all__ = ["readable", "visible"]

LONGEST_TEXT = 64 * 1024
"""At most this many characters are shown."""

LONGEST_JSON = 1024 * 1024
"""JSON of more bytes is shown as it is."""

DUMPED_BYTES = 4096
"""At most this many bytes are shown in hexadecimal."""

ROW_BYTES = 16
"""A row of the dump has this many bytes."""

BROKEN_SHARE = 0.1
"""With more invalid characters than this, bytes are no text."""

UNSEEN = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"},
    0x7F: "\u2421",
    **{code: f"\\x{code:02x}" for code in range(0x80, 0xA0)},
    **{code: f"\\u{code:04x}" for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))},
}
"""Characters that control a terminal or the direction of text, and what is shown instead."""


def readable(value: bytes) -> ReadableReport:
    """Return JSON with line breaks, text with a sign for each invalid character, or a dump."""
    if not value:
        return ReadableReport(kind="empty", text="", size=0, cut=False)
    if len(value) <= LONGEST_JSON and (text := _json(value)) is not None:
        return _shown("JSON", text, len(value))
    # A character has at most four bytes, one of which may be cut off.
    text = value[: LONGEST_TEXT * 4].decode("utf-8", "replace")
    if "\0" not in text and text.count("\N{REPLACEMENT CHARACTER}") <= len(text) * BROKEN_SHARE:
        return _shown("text", text, len(value), cut=len(value) > LONGEST_TEXT * 4)
    dumped = value[:DUMPED_BYTES]
    return ReadableReport(kind="hexadecimal", text=_dump(dumped), size=len(value), cut=len(value) > DUMPED_BYTES)


def visible(text: str) -> str:
    """Return a text in which characters can be seen that would control a terminal or the direction of text."""
    # Half of a surrogate pair, which JSON can hold, has no bytes in UTF-8.
    return text.encode("utf-8", "backslashreplace").decode().translate(UNSEEN)


def _shown(kind: Literal["JSON", "text"], text: str, size: int, *, cut: bool = False) -> ReadableReport:
    return ReadableReport(kind=kind, text=visible(text[:LONGEST_TEXT]), size=size, cut=cut or len(text) > LONGEST_TEXT)


def _json(value: bytes) -> str | None:
    if value.lstrip()[:1] not in (b"{", b"["):
        return None
    text, size = [], 0
    try:
        # Piece by piece: indented, a document of many levels can be a thousand times as long.
        for piece in json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(json.loads(value)):
            text.append(piece)
            size += len(piece)
            if size > LONGEST_TEXT:
                break
    except (ValueError, RecursionError):
        return None
    return "".join(text)


def _dump(value: bytes) -> str:
    rows = []
    for start in range(0, len(value), ROW_BYTES):
        row = value[start : start + ROW_BYTES]
        letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)
        rows.append(f"{start:08x}  {row.hex(' '):<{ROW_BYTES * 3 - 1}}  {letters}")
    return "\n".join(rows)
