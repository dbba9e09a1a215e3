"""Character references as feeds write them."""

from __future__ import annotations

import re
from html.entities import html5

__all__ = ["decode"]

_REFERENCE = re.compile(
    r"&(?:#(\d{1,8})|#[xX]([0-9A-Fa-f]{1,7})|(?!(?:lt|gt|quot|apos|amp);)([A-Za-z][A-Za-z0-9]{1,31}));"
)
_LARGEST = 0x10FFFF
_FORBIDDEN_BELOW = 32


def decode(text: str) -> str:
    """The text with its references to characters replaced; unknown ones and bare ampersands stay."""
    text = _REFERENCE.sub(_character, text)
    for reference, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(reference, character)
    return text


def _character(match: re.Match[str]) -> str:
    character = html5.get(f"{match[3]};", match[0]) if match[3] else _numbered(match)
    # The last replacement makes an ampersand of it; here it would begin other references.
    return "&amp;" if character == "&" else character


def _numbered(match: re.Match[str]) -> str:
    code = int(match[1]) if match[1] else int(match[2], 16)
    if 0x80 <= code < 0xA0:
        return bytes([code]).decode("cp1252", "replace")
    if code > _LARGEST or 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF):
        return "\ufffd"
    if code < _FORBIDDEN_BELOW and code not in (9, 10, 13):
        return ""
    return chr(code)
