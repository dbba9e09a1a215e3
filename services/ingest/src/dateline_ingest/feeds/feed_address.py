"""The address of a feed or a site, as people write it."""

from dateline_web.address import web_address

__all__ = ["feed_address"]

SCHEME = "feed:"
"""A scheme that hands an address to a feed reader: `feed://host/path` or `feed:https://host/path`."""


def feed_address(text: str) -> str:
    """Return the http or https address that `text` stands for, without its fragment.

    Raises:
        InvalidAddressError: it is not a URL, or has another scheme.
    """
    address = text.strip()
    if address[: len(SCHEME)].lower() == SCHEME:
        rest = address[len(SCHEME) :]
        address = f"http:{rest}" if rest.startswith("//") else rest
    return web_address(address)
