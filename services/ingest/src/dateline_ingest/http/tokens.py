"""Authenticates senders by bearer tokens (RFC 6750), compared in constant time."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from pydantic import SecretStr

__all__ = ["Tokens", "parse_tokens"]

MIN_CHARS = 8
"""Minimum length of a token; shorter ones can be guessed."""

DEFAULT_NAME = "push"
"""Name of a sender whose token has no name."""

TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


def parse_tokens(text: str) -> dict[str, bytes]:
    """Return the digest of each token by the name of its sender.

    Raises:
        ValueError: a token or name is invalid; the message does not reveal the token.
    """
    found: dict[str, bytes] = {}
    parts = [part.strip() for part in text.split(",")]
    for number, part in enumerate(filter(None, parts), start=1):
        name, sign, token = part.rpartition(":")
        if sign and not NAME.fullmatch(name):
            raise ValueError(f"the name of token {number} has characters other than letters, digits, '.', '_' and '-'")
        if not TOKEN.fullmatch(token):
            raise ValueError(
                f"token {number} has characters that a bearer token cannot have; try `openssl rand -hex 24`"
            )
        if len(token) < MIN_CHARS:
            raise ValueError(f"token {number} has fewer than {MIN_CHARS} characters; try `openssl rand -hex 24`")
        if not name:
            name = DEFAULT_NAME if DEFAULT_NAME not in found else f"{DEFAULT_NAME}-{number}"
        if name in found:
            raise ValueError(f"two tokens are named {name}")
        found[name] = sha256(token.encode()).digest()
    return found


@dataclass(frozen=True, slots=True)
class Tokens:
    """The valid tokens, as digests: comparing digests does not reveal the length of a token."""

    digests: Mapping[str, bytes]

    @classmethod
    def of(cls, secret: SecretStr | None) -> "Tokens":
        """Return the tokens in a setting."""
        return cls(parse_tokens(secret.get_secret_value()) if secret else {})

    def sender(self, authorization: str | None) -> str | None:
        """Return the sender of the token in an `Authorization` header; None if the token is unknown."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        given = sha256(token.strip().encode("utf-8", "replace")).digest()
        found = None
        # Compare with all tokens, so that the time does not reveal which one matched.
        for name, digest in self.digests.items():
            if hmac.compare_digest(given, digest):
                found = name
        return found

    def __bool__(self) -> bool:
        return bool(self.digests)
