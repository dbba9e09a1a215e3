"""Cleans the addresses in feeds and resolves them against a base."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from dateline_ingest.feeds.invisible import without_invisible

__all__ = ["absolute", "clean_address", "is_absolute", "page_address"]

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
WEB = re.compile(r"https?://[^\s/?#]", re.I)
REVERSED = re.compile("[\u202a-\u202e\u2066-\u2069]")
LINE_BREAK = re.compile(r"[\t\r\n]+ *")


def is_absolute(address: str) -> bool:
    """Return whether the address begins with a scheme."""
    return SCHEME.match(address) is not None


def clean_address(address: str | None) -> str | None:
    """Remove outer space, line breaks, invisible characters and doubly escaped ampersands; None if nothing is left."""
    if not address:
        return None
    if not REVERSED.search(address):
        # An address that is shown backwards is no accident, and stays what it is.
        address = without_invisible(address)
    address = address.strip()
    if "\n" in address or "\t" in address or "\r" in address:
        address = LINE_BREAK.sub("", address)
    if "&amp;" in address:
        address = address.replace("&amp;", "&")
    return address or None


def page_address(address: str | None) -> str | None:
    """Return an address that may be that of a page: one of http or https, or a relative one; None for all others."""
    return address if address and (WEB.match(address) or not is_absolute(address)) else None


def absolute(address: str, base: str | None) -> str:
    """Resolve `address` against `base` (RFC 3986, 5.2); an address that cannot be resolved is returned unchanged.

    The standard library's `urljoin` is ten times slower, which a hostile document full of links could exploit.
    """
    if not base or address.startswith(("http://", "https://")) or is_absolute(address):
        return address
    parts = _parts(base)
    if parts is None:
        return address
    scheme, site, folder, path, query = parts
    if address.startswith("//"):
        return f"{scheme}:{address}"
    if address.startswith("/"):
        return site + _without_dots(address)
    if not address or address.startswith("#"):
        return site + path + query + address
    if address.startswith("?"):
        return site + path + address
    return site + _without_dots(folder + address)


@lru_cache(maxsize=128)
def _parts(base: str) -> tuple[str, str, str, str, str] | None:
    """Scheme, scheme with host, path up to the last slash, whole path, query; None if `base` is unusable."""
    try:
        scheme, host, path, query, _ = urlsplit(base)
    except ValueError:
        return None
    if not scheme or not host:
        return None
    path = path or "/"
    return scheme, f"{scheme}://{host}", path[: path.rfind("/") + 1], path, f"?{query}" if query else ""


def _without_dots(reference: str) -> str:
    if "/." not in reference:
        return reference
    end = min((at for mark in "?#" if (at := reference.find(mark)) >= 0), default=len(reference))
    kept: list[str] = []
    segments = reference[:end].split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept) + reference[end:]
