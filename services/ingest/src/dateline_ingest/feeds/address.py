"""Addresses as feeds write them: cleaned, and resolved against a base."""

from __future__ import annotations

import re
from urllib.parse import urljoin

__all__ = ["absolute", "clean_address", "is_absolute"]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_INNER = re.compile(r"[\t\r\n]+ *")


def is_absolute(address: str) -> bool:
    """Whether the address names its scheme."""
    return _SCHEME.match(address) is not None


def clean_address(address: str | None) -> str | None:
    """The address without surrounding space, line breaks and a second layer of escapes; None if empty."""
    if not address:
        return None
    address = address.strip()
    if "\n" in address or "\t" in address or "\r" in address:
        address = _INNER.sub("", address)
    if "&amp;" in address:
        address = address.replace("&amp;", "&")
    return address or None


def absolute(address: str, base: str | None) -> str:
    """`address` resolved against `base`; unchanged where that is not possible."""
    if not base or address.startswith(("http://", "https://")) or is_absolute(address):
        return address
    try:
        return urljoin(base, address)
    except ValueError:
        return address
