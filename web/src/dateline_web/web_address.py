"""The address of a feed or a site, as people write it."""

from urllib.parse import urlsplit

__all__ = ["LONGEST_ADDRESS", "NotAnAddressError", "feed_address"]

LONGEST_ADDRESS = 4096
"""Characters of an address; what is longer is none."""


class NotAnAddressError(ValueError):
    """The text is not the address of a feed; the message says why."""


def feed_address(text: str) -> str:
    """Return the address that is to be fetched: http or https, without fragment.

    `feed:` is a scheme for handing an address to a reader: `feed://host/path`, `feed:https://host/path`.

    Raises:
        NotAnAddressError: it is none, or of another scheme.
    """
    address = text.strip()
    if address[:5].lower() == "feed:":
        rest = address[5:]
        address = f"http:{rest}" if rest.startswith("//") else rest
    address = address.partition("#")[0].replace(" ", "%20")
    if len(address) > LONGEST_ADDRESS:
        raise NotAnAddressError(f"the address is longer than {LONGEST_ADDRESS} characters")
    if not address.lower().startswith(("http://", "https://")):
        raise NotAnAddressError("the address of a feed begins with http:// or https://")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        port = -1
    if port == -1 or not parts.hostname or not address.isprintable():
        raise NotAnAddressError("the address is not a URL")
    return address
