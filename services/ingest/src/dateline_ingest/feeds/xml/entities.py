"""Decodes character references, including the incorrect ones that feeds contain."""

from __future__ import annotations

import re
from html.entities import html5

__all__ = ["decode"]

REFERENCE = re.compile(
    r"&(?:#(\d{1,8})|#[xX]([0-9A-Fa-f]{1,7})|(?!(?:lt|gt|quot|apos|amp);)([A-Za-z][A-Za-z0-9]{1,31}));"
)
MAX_CODE_POINT = 0x10FFFF
"""The last code point of Unicode."""

FIRST_PRINTABLE = 32
"""Characters below are control characters; XML allows only tab and line breaks among them."""


def decode(text: str) -> str:
    """Replace character references; unknown references and bare ampersands are kept."""
    text = REFERENCE.sub(_character, text)
    for reference, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(reference, character)
    return text


def _character(match: re.Match[str]) -> str:
    character = html5.get(f"{match[3]};", match[0]) if match[3] else _numbered(match)
    # `decode` replaces &amp; last: an ampersand inserted here would combine with the text after it.
    return "&amp;" if character == "&" else character


def _numbered(match: re.Match[str]) -> str:
    code = int(match[1]) if match[1] else int(match[2], 16)
    if 0x80 <= code < 0xA0:
        return bytes([code]).decode("cp1252", "replace")
    if code > MAX_CODE_POINT or 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF):
        return "\ufffd"
    if code < FIRST_PRINTABLE and code not in (9, 10, 13):
        return ""
    return chr(code)
