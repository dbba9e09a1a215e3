"""Which hub a feed names, and under which address that hub knows the feed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from dateline_web.address import without_credentials

__all__ = ["Discovery", "discover"]

MOST_HUBS = 5
"""Hubs of one feed that are looked at."""

LONGEST_ADDRESS = 2000
"""Characters of an address; a longer one is passed over."""

_LINK = re.compile(r"[\s,]*<([^<>]*)>")
_PARAMETER = re.compile(r"""\s*;\s*([\w!#$&+.^`|~-]+\*?)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?""")


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a feed says of its hubs."""

    hubs: tuple[str, ...]
    """In its own order of preference."""
    topic: str
    """What hubs call the feed."""


def discover(links: Iterable[str], *, hubs: Sequence[str], self_link: str | None, address: str) -> Discovery | None:
    """Return what a feed says of its hubs, None where it names none.

    What the headers `Link` say goes before what the document says (section 4 of the Recommendation);
    where neither says what the feed's own address is, it is the one at which it was found.

    Args:
        links: values of the headers `Link`, each of which may hold several links.
        hubs: those that the document names.
        self_link: the address that the document gives itself.
        address: where the document came from.
    """
    address = without_credentials(address)
    named = list(_header_links(links))
    from_headers = [target for relation, target in named if relation == "hub"]
    own = [target for relation, target in named if relation == "self"]
    found = _usable(from_headers or hubs, address)
    if not found:
        return None
    topics = _usable([*own, *([self_link] if self_link else [])], address)
    return Discovery(found[:MOST_HUBS], topics[0] if topics else address)


def _header_links(headers: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield relation and target of each link; a link may have several relations."""
    for header in headers:
        position = 0
        while target := _LINK.match(header, position):
            position = target.end()
            parameters: dict[str, str] = {}
            while parameter := _PARAMETER.match(header, position):
                position = parameter.end()
                parameters.setdefault(parameter[1].lower(), parameter[2] or parameter[3] or "")
            # A link with an anchor is one of some other document.
            if "anchor" not in parameters:
                for relation in parameters.get("rel", "").lower().split():
                    yield relation, target[1]


def _usable(addresses: Iterable[str], base: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for address in addresses:
        try:
            whole = urljoin(base, address.strip())
            parts = urlsplit(whole)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and len(whole) <= LONGEST_ADDRESS
        except ValueError:
            continue
        if usable:
            found[without_credentials(parts._replace(fragment="").geturl())] = None
    return tuple(found)
