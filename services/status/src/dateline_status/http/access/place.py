"""Addresses of this service's own pages, to which a form returns."""

from urllib.parse import quote, urlsplit

from fastapi import Request

__all__ = ["address_of_page", "safe_page"]

LONGEST_ADDRESS = 2000
"""A longer address is not followed."""


def address_of_page(request: Request) -> str:
    """Return the address of the page that is requested, without scheme and host."""
    raw = request.scope.get("raw_path")
    path = raw.decode("ascii", "replace") if raw else quote(request.scope["path"])
    return f"{path}?{request.url.query}" if request.url.query else path


def safe_page(address: str) -> str:
    """Return an address if it is one of this service, and the first page otherwise: a form must not lead elsewhere."""
    own = (
        address.startswith("/")
        and not address.startswith("//")
        and "\\" not in address
        and address.isascii()
        and address.isprintable()
        and len(address) <= LONGEST_ADDRESS
    )
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    return address if own and not parts.scheme and not parts.netloc else "/"
