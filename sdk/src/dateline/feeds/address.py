"""The address of a feed or a site, as people write it, and the key that it has in the table of feeds."""

from urllib.parse import urlsplit, urlunsplit

from dateline_schemas import feed_key

from dateline.errors import DatelineError

__all__ = ["InvalidFeedAddressError", "feed_address", "feed_record_key", "typed_address", "without_login"]

FEED_SCHEME = "feed:"
"""A scheme that hands an address to a feed reader: `feed://host/path` or `feed:https://host/path`."""

MAX_CHARACTERS = 4096
"""Longer addresses are invalid."""


class InvalidFeedAddressError(DatelineError, ValueError):
    """The text is not an http or https address; the message says why."""


def feed_address(text: str) -> str:
    """Return the http or https address that `text` stands for, without its fragment; spaces inside become `%20`.

    Raises:
        InvalidFeedAddressError: it is too long, not a URL, or has another scheme.
    """
    address = text.strip()
    if address[: len(FEED_SCHEME)].lower() == FEED_SCHEME:
        rest = address[len(FEED_SCHEME) :]
        address = f"http:{rest}" if rest.startswith("//") else rest
    address = address.strip().partition("#")[0].replace(" ", "%20")
    if len(address) > MAX_CHARACTERS:
        raise InvalidFeedAddressError(f"the address is longer than {MAX_CHARACTERS} characters")
    if not address.lower().startswith(("http://", "https://")):
        raise InvalidFeedAddressError("the address must begin with http:// or https://")
    if not _is_url(address):
        raise InvalidFeedAddressError("the address is not a URL")
    return address


def typed_address(text: str) -> str:
    """Return the address that a person typed; without a scheme it is one of https.

    Raises:
        InvalidFeedAddressError: it is not an http or https address; the message begins with `text`.
    """
    text = text.strip()
    bare = "://" not in text and not text.lower().startswith(FEED_SCHEME)
    try:
        return feed_address(f"https://{text}" if bare else text)
    except InvalidFeedAddressError as error:
        raise InvalidFeedAddressError(f"{without_login(text)}: {error}") from error


def feed_record_key(address: str) -> bytes:
    """Return the key of a feed's records, which is the same for any spelling of its address."""
    return feed_key(address).encode()


def without_login(address: str) -> str:
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
