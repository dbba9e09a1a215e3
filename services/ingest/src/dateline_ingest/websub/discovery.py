"""Finds the hubs of a feed, and the address under which they know it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from dateline_web.address import without_credentials
from dateline_web.headers.link_header import read_links

__all__ = ["Discovery", "discover"]

MAX_HUBS = 5
"""At most this many hubs of a feed are considered."""

MAX_ADDRESS_CHARACTERS = 2000
"""Longer addresses of hubs and topics are ignored."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """The hubs of a feed."""

    hubs: tuple[str, ...]
    """In the feed's order of preference."""
    topic: str
    """The address under which the hubs know the feed."""


def discover(links: Iterable[str], *, hubs: Sequence[str], self_link: str | None, address: str) -> Discovery | None:
    """Return the hubs that a feed names, None if it names none.

    `Link` headers take precedence over the document (section 4 of the Recommendation). If neither gives the
    feed's own address, the topic is the address where the feed was found.

    Args:
        links: the values of the `Link` headers.
        hubs: the hubs that the document names.
        self_link: the address that the document gives itself.
        address: the address where the document was found.
    """
    address = without_credentials(address)
    named = list(read_links(links))
    hub_links = [link.target for link in named if "hub" in link.relations]
    self_links = [link.target for link in named if "self" in link.relations]
    usable_hubs = _usable(hub_links or hubs, address)
    if not usable_hubs:
        return None
    topics = _usable([*self_links, *([self_link] if self_link else [])], address)
    return Discovery(usable_hubs[:MAX_HUBS], topics[0] if topics else address)


def _usable(addresses: Iterable[str], base: str) -> tuple[str, ...]:
    """Return the http and https addresses, each once, absolute and without credentials and fragment."""
    usable: dict[str, None] = {}
    for address in addresses:
        try:
            whole = urljoin(base, address.strip())
            parts = urlsplit(whole)
            is_usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            continue
        if is_usable and len(whole) <= MAX_ADDRESS_CHARACTERS:
            usable[without_credentials(parts._replace(fragment="").geturl())] = None
    return tuple(usable)
