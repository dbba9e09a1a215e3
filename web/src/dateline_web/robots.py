"""robots.txt: which documents of a site a crawler may fetch (RFC 9309)."""

import re
from dataclasses import dataclass

from protego import Protego
from yarl import URL

from dateline_web.client import WebClient
from dateline_web.errors import FetchError

__all__ = ["MAX_ROBOTS_BYTES", "RobotsPolicy", "fetch_robots", "product_token", "robots_address", "robots_from"]

MAX_ROBOTS_BYTES = 500 * 1024
"""At most this much of a robots.txt is parsed (section 2.5)."""

MAX_REDIRECTS = 5
"""Redirects that are followed to a robots.txt; with more the file is unavailable (section 2.3.1.2)."""

TOO_MANY_REQUESTS = 429
"""The status that asks for fewer requests.

RFC 9309 lets a crawler treat any 4xx as permission. A request to slow down is no permission to continue; Google, too,
treats this status like 5xx.
"""

PRODUCT_TOKEN = re.compile(r"[A-Za-z_-]*")
"""The part of a `User-Agent` that groups of rules name (section 2.2.1)."""


@dataclass(frozen=True, slots=True)
class RobotsPolicy:
    """What a site allows crawlers to fetch."""

    _rules: Protego
    reachable: bool = True
    """False if the file could not be read, so that nothing is allowed for now: ask again later."""

    def allows(self, address: str, agent: str) -> bool:
        """Return whether a crawler may fetch `address`.

        Args:
            address: an address of the site that the policy was read from.
            agent: the crawler's product token, such as `Dateline`, or its `User-Agent`, which begins with that.
        """
        return self.reachable and self._rules.can_fetch(address, product_token(agent))

    def crawl_delay_seconds(self, agent: str) -> float | None:
        """Return the pause between two requests that the site asks `agent` for, None if it asks for none.

        `Crawl-delay` is not part of RFC 9309 but widely used.
        """
        return self._rules.crawl_delay(product_token(agent))

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The addresses of sitemaps that the file names, for all crawlers."""
        return tuple(self._rules.sitemaps)


def robots_address(address: str) -> str:
    """Return the address of the robots.txt that governs an http or https address.

    Raises:
        ValueError: the address is not absolute.
    """
    return str(URL(address).origin() / "robots.txt")


def robots_from(status: int | None, body: bytes = b"") -> RobotsPolicy:
    """Return the policy that an answer stands for.

    A successful answer is parsed. With 4xx, or a redirect that leads nowhere, there is no robots.txt, and everything
    is allowed. With 429, 5xx or no answer at all, nothing is allowed until the server answers.

    Args:
        status: the HTTP status after redirects, None if the server could not be reached.
        body: the file; only its first 500 KiB count.
    """
    if status is not None and 200 <= status < 300:
        # The encoding is UTF-8 (section 2.2), which may begin with a byte order mark.
        return RobotsPolicy(Protego.parse(body[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace")))
    missing = status is not None and 300 <= status < 500 and status != TOO_MANY_REQUESTS
    return RobotsPolicy(Protego(), reachable=missing)


async def fetch_robots(client: WebClient, address: str) -> RobotsPolicy:
    """Fetch and read the robots.txt of the site of `address`; it holds for at most a day (section 2.4).

    Raises:
        ValueError: the address is not absolute.
    """
    url = robots_address(address)
    try:
        answer = await client.request("GET", url, max_bytes=MAX_ROBOTS_BYTES, max_redirects=MAX_REDIRECTS)
    except FetchError as error:
        return robots_from(error.status if error.trouble == "redirect" else None)
    cut = len(answer.body) == MAX_ROBOTS_BYTES
    return robots_from(answer.status if answer.complete or cut else None, answer.body)


def product_token(agent: str) -> str:
    """Return the product token that a `User-Agent` begins with, by which robots.txt and robots directives name it."""
    match = PRODUCT_TOKEN.match(agent)
    return match[0] if match else ""
