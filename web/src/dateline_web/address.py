"""Addresses without their secrets."""

from urllib.parse import urlsplit, urlunsplit

__all__ = ["without_credentials"]


def without_credentials(address: str) -> str:
    """Return an address without user name and password, for everything that people or consumers see."""
    try:
        parts = urlsplit(address)
    except ValueError:
        scheme, mark, rest = address.partition("//")
        return f"{scheme}{mark}{rest.rpartition('@')[2]}"
    if "@" not in parts.netloc:
        return address
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
