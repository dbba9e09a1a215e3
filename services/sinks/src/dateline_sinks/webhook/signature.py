"""Signatures of requests after the Standard Webhooks specification, version 1: HMAC-SHA256 with shared secrets."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field

__all__ = ["PREFIX", "SigningKeys"]

PREFIX = "whsec_"
"""Marks a secret for symmetric signatures."""

KEY_BYTES = range(24, 65)
"""Sizes of a secret that the specification allows."""


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The secrets that sign each request: one, or while secrets are exchanged the new and the old one."""

    keys: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "SigningKeys":
        """Read secrets that are separated by spaces, commas or lines.

        Raises:
            ValueError: there is no secret, or one is invalid; the message does not show it.
        """
        keys = tuple(_key(part) for part in text.replace(",", " ").split())
        if not keys:
            raise ValueError("there is no secret")
        return cls(keys)

    def signature(self, message_id: str, timestamp: int, body: bytes) -> str:
        """Return the value of `webhook-signature`: one signature for each secret.

        Args:
            message_id: value of `webhook-id`.
            timestamp: value of `webhook-timestamp`: the time of the attempt, in seconds since the epoch.
            body: the exact body.
        """
        signed = b"%s.%d.%s" % (message_id.encode(), timestamp, body)
        digests = (hmac.digest(key, signed, hashlib.sha256) for key in self.keys)
        return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)


def _key(secret: str) -> bytes:
    if not secret.startswith(PREFIX):
        raise ValueError(f"a secret begins with {PREFIX}")
    encoded = secret.removeprefix(PREFIX).rstrip("=")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(f"a secret is {PREFIX} and base64") from error
    if len(key) not in KEY_BYTES:
        raise ValueError(f"a secret has {KEY_BYTES.start} to {KEY_BYTES.stop - 1} bytes, this one has {len(key)}")
    return key
