"""Addresses of targets as people may see them."""

from urllib.parse import urlsplit, urlunsplit

__all__ = ["address_without_credentials"]


def address_without_credentials(target: str) -> str:
    """Return an address without its user name and password."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return target.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
