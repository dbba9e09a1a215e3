"""Addresses of the web as people and documents write them."""

from urllib.parse import urlsplit, urlunsplit

from dateline_web.errors import InvalidAddressError

__all__ = ["MAX_ADDRESS_CHARACTERS", "host_of", "web_address", "without_credentials"]

MAX_ADDRESS_CHARACTERS = 4096
"""Longer addresses are invalid."""


def web_address(text: str) -> str:
    """Return `text` as an http or https address without fragment; spaces inside become `%20`.

    Raises:
        InvalidAddressError: it is too long, not a URL, or has another scheme.
    """
    address = text.strip().partition("#")[0].replace(" ", "%20")
    if len(address) > MAX_ADDRESS_CHARACTERS:
        raise InvalidAddressError(f"the address is longer than {MAX_ADDRESS_CHARACTERS} characters")
    if not address.lower().startswith(("http://", "https://")):
        raise InvalidAddressError("the address must begin with http:// or https://")
    if not _is_url(address):
        raise InvalidAddressError("the address is not a URL")
    return address


def host_of(address: str) -> str:
    """Return the host of an address in lower case; empty if it has none."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


def without_credentials(address: str) -> str:
    """Return an address without user name and password, fit to be shown."""
    try:
        parts = urlsplit(address)
    except ValueError:
        scheme, mark, rest = address.partition("//")
        return f"{scheme}{mark}{rest.rpartition('@')[2]}"
    if "@" not in parts.netloc:
        return address
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _is_url(address: str) -> bool:
    try:
        parts = urlsplit(address)
        # Reading the port checks it.
        return (parts.port or 0) >= 0 and bool(parts.hostname) and address.isprintable()
    except ValueError:
        return False
