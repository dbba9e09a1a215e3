"""Slows down whoever guesses the token, without locking anybody out."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from ipaddress import IPv6Address, ip_address

__all__ = ["Guesses"]

WRONG_TOKENS = 10
"""After this many wrong tokens of one network within a second, its further ones are not looked at in that second."""

PAUSE_SECONDS = 0.5
"""The answer to a wrong token waits this long."""

IPV6_NETWORK_BITS = 64
"""One network of IPv6 has 2 ** 64 addresses, and one client can use them all."""


class Guesses:
    """Counts wrong tokens of the current second by network.

    A guess costs time, and ten a second find nothing in a token of 16 random characters. Nothing is remembered
    longer than a second, so that nobody who has the token waits because somebody else does not.
    """

    def __init__(
        self, monotonic: Callable[[], float], pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._monotonic = monotonic
        self._pause = pause
        self._second = 0
        self._wrong: Counter[str] = Counter()

    def too_many(self, address: str) -> bool:
        """Return whether a token from this address is not looked at now."""
        return self._counts()[network(address)] >= WRONG_TOKENS

    async def wrong(self, address: str) -> None:
        """Count a wrong token, and wait."""
        self._counts()[network(address)] += 1
        await self._pause(PAUSE_SECONDS)

    def _counts(self) -> Counter[str]:
        second = int(self._monotonic())
        if second != self._second:
            self._second, self._wrong = second, Counter()
        return self._wrong


def network(address: str) -> str:
    """Return the network of an address that one client can have for itself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return hex(int(parsed) >> IPV6_NETWORK_BITS)
    return address
