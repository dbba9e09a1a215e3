"""Callback addresses that nobody can guess and any replica can check, without remembering any."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from pydantic import SecretStr

__all__ = ["Callback", "Capabilities", "hub_id"]

HUB_BYTES = 8
"""Bytes of the hash that stands for a hub."""

PATH = "websub"
"""First segment of every callback's path."""


def hub_id(hub: str) -> str:
    """Return the short hash under which a hub's address is known in callbacks."""
    return _encoded(sha256(hub.encode()).digest()[:HUB_BYTES])


@dataclass(frozen=True, slots=True)
class Callback:
    """Whose subscription a callback address belongs to."""

    feed: str
    """Key of the feed."""
    hub: str
    """`hub_id` of the hub."""
    topic: str
    """What that hub calls the feed."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Makes and checks callbacks and the secrets of subscriptions: all of them are HMACs of one secret.

    The path names feed, hub and topic in the clear, and proves by its last segment that it was we who
    named them. So a replica that never heard of the feed can tell a hub from a stranger, and knows with
    which secret that hub has to sign. Another hub or topic has another address and another secret.
    """

    base: str
    """Where hubs reach the server."""
    secret: SecretStr

    def address(self, callback: Callback) -> str:
        """Return the callback's address."""
        middle = _encoded(callback.hub.encode() + b" " + callback.topic.encode())
        return f"{self.base.rstrip('/')}/{PATH}/{callback.feed}/{middle}/{self._hmac('callback', callback)}"

    def checked(self, feed: str, middle: str, capability: str) -> Callback | None:
        """Return what the segments of a path name, None where we did not make that path."""
        try:
            hub, _, topic = _decoded(middle).decode().partition(" ")
        except ValueError:
            return None
        if "\n" in feed or "\n" in hub:
            return None
        callback = Callback(feed, hub, topic)
        expected = self._hmac("callback", callback)
        given = capability.encode("utf-8", "replace")
        return callback if hmac.compare_digest(expected.encode(), given) else None

    def hub_secret(self, callback: Callback) -> str:
        """Return the secret with which the hub signs; 43 characters (the Recommendation allows 199)."""
        return self._hmac("hub secret", callback)

    @property
    def fingerprint(self) -> str:
        """A short hash of what callbacks are made from."""
        return self._hmac("fingerprint", Callback("", "", self.base))[:11]

    def _hmac(self, purpose: str, callback: Callback) -> str:
        # None of the parts before the topic holds a line break.
        text = "\n".join((purpose, callback.feed, callback.hub, callback.topic))
        key = self.secret.get_secret_value().encode()
        return _encoded(hmac.new(key, text.encode("utf-8", "surrogatepass"), sha256).digest())


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    if not text.isascii():
        raise ValueError("no base64")
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
