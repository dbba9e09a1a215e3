"""The token that allows changes, and keys that are derived from it."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from pydantic import SecretStr

__all__ = ["AccessToken", "equal"]

PURPOSE = b"dateline-status: changes, version 1"
"""Separates the key of signatures from other uses of the token."""


class AccessToken:
    """The token as a digest, and signatures that only its holder can make.

    The key of the signatures follows from the token. So they are valid after a restart and in every replica, and
    end when the token changes.
    """

    def __init__(self, secret: SecretStr) -> None:
        token = secret.get_secret_value().encode()
        self._digest = sha256(token).digest()
        self._key = hmac.digest(token, PURPOSE, sha256)

    def matches(self, given: str) -> bool:
        """Compare with the token in constant time."""
        return hmac.compare_digest(sha256(given.encode("utf-8", "replace")).digest(), self._digest)

    def sign(self, purpose: str, text: str) -> str:
        """Return the signature of `text` for one purpose alone."""
        signature = hmac.digest(self._key, f"{purpose}\0{text}".encode(), sha256)
        return urlsafe_b64encode(signature).rstrip(b"=").decode()

    def seal(self, purpose: str, text: str) -> str:
        """Return `text` with its signature, in characters that a cookie can have."""
        return f"{urlsafe_b64encode(text.encode()).rstrip(b'=').decode()}.{self.sign(purpose, text)}"

    def unseal(self, purpose: str, sealed: str) -> str | None:
        """Return the text of `seal`; None if the signature is wrong."""
        encoded, _, signature = sealed.partition(".")
        try:
            text = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
        except ValueError:
            return None
        return text if equal(signature, self.sign(purpose, text)) else None


def equal(given: str, wanted: str) -> bool:
    """Compare two signatures in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
