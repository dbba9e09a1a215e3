"""Signatures of pushes (section 7.1 of the Recommendation)."""

import hmac

__all__ = ["METHODS", "is_signed", "signature"]

METHODS = ("sha256", "sha384", "sha512", "sha1")
"""Hash functions that hubs may sign with.

Collisions of SHA-1 do not break HMAC-SHA1, and large public hubs offer nothing else.
"""


def signature(method: str, secret: str, body: bytes) -> str:
    """Return the value of the `X-Hub-Signature` header for a body."""
    return f"{method}={hmac.new(secret.encode(), body, method).hexdigest()}"


def is_signed(header: str | None, secret: str, body: bytes, *, accept_sha1: bool = True) -> bool:
    """Return whether `header` is a valid signature of `body`; the comparison takes constant time."""
    method, _, given = (header or "").strip().partition("=")
    method = method.lower()
    if method not in METHODS or (method == "sha1" and not accept_sha1):
        return False
    expected = signature(method, secret, body).partition("=")[2]
    return hmac.compare_digest(expected.encode(), given.strip().lower().encode("utf-8", "replace"))
