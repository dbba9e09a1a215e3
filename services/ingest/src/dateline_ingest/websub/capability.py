"""Callback addresses: unguessable, and checked by any replica without stored state."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from pydantic import SecretStr

__all__ = ["Callback", "Capabilities", "hub_id"]

HUB_BYTES = 8
"""Length of the hash that identifies a hub in a callback."""

PATH = "websub"
"""The first segment of the path of each callback."""


def hub_id(hub: str) -> str:
    """Return the short hash that identifies a hub in callbacks."""
    return _encoded(sha256(hub.encode()).digest()[:HUB_BYTES])


@dataclass(frozen=True, slots=True)
class Callback:
    """The subscription that a callback address belongs to."""

    feed: str
    """The key of the feed."""
    hub: str
    """The `hub_id` of the hub."""
    topic: str
    """The address under which the hub knows the feed."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Makes and checks callbacks, and the secrets of subscriptions. Both are HMACs under one secret.

    The path of a callback names the feed, the hub and the topic, and its last segment authenticates them.
    So a replica that does not own the feed can recognise a genuine callback, and derive the secret that the
    hub must sign with. Each pair of hub and topic has a callback and a secret of its own.
    """

    base: str
    """The address at which hubs reach the server."""
    secret: SecretStr

    def address(self, callback: Callback) -> str:
        """Return the address of a callback."""
        middle = _encoded(callback.hub.encode() + b" " + callback.topic.encode())
        return f"{self.base.rstrip('/')}/{PATH}/{callback.feed}/{middle}/{self._hmac('callback', callback)}"

    def checked(self, feed: str, middle: str, capability: str) -> Callback | None:
        """Return the callback that the segments of a path name, None if the last one does not authenticate it."""
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
        """Return the secret that the hub signs with: 43 characters, of the 199 that the Recommendation allows."""
        return self._hmac("hub secret", callback)

    @property
    def fingerprint(self) -> str:
        """A short hash of the base address and the secret; when it changes, all callbacks do."""
        return self._hmac("fingerprint", Callback("", "", self.base))[:11]

    def _hmac(self, purpose: str, callback: Callback) -> str:
        # Only the topic can contain a line break, so the parts cannot be confused.
        text = "\n".join((purpose, callback.feed, callback.hub, callback.topic))
        key = self.secret.get_secret_value().encode()
        return _encoded(hmac.new(key, text.encode("utf-8", "surrogatepass"), sha256).digest())


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    if not text.isascii():
        raise ValueError("not Base64")
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
