"""Who may push: bearer tokens (RFC 6750), compared in constant time."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from pydantic import SecretStr

__all__ = ["Tokens", "parse_tokens"]

SHORTEST = 8
"""Characters of a token; anything shorter is guessed."""

UNNAMED = "push"
"""Name of the sender whose token has none."""

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


def parse_tokens(text: str) -> dict[str, bytes]:
    """Return the digest of each token by its sender's name.

    Raises:
        ValueError: when one cannot be a token; the message does not repeat it.
    """
    found: dict[str, bytes] = {}
    parts = [part.strip() for part in text.split(",")]
    for number, part in enumerate(filter(None, parts), start=1):
        name, sign, token = part.rpartition(":")
        if sign and not _NAME.fullmatch(name):
            raise ValueError(f"the name of token {number} has characters other than letters, digits, '.', '_' and '-'")
        if not _TOKEN.fullmatch(token):
            raise ValueError(f"token {number} has characters that no bearer token has; try `openssl rand -hex 24`")
        if len(token) < SHORTEST:
            raise ValueError(f"token {number} has fewer than {SHORTEST} characters; try `openssl rand -hex 24`")
        if not name:
            name = UNNAMED if UNNAMED not in found else f"{UNNAMED}-{number}"
        if name in found:
            raise ValueError(f"two tokens are named {name}")
        found[name] = sha256(token.encode()).digest()
    return found


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens that are known, as digests: comparing those says nothing of a token's length."""

    digests: Mapping[str, bytes]

    @classmethod
    def of(cls, secret: SecretStr | None) -> "Tokens":
        """Return the tokens of a setting."""
        return cls(parse_tokens(secret.get_secret_value()) if secret else {})

    def sender(self, authorization: str | None) -> str | None:
        """Return whose token the header `Authorization` holds, None where it is nobody's."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        given = sha256(token.strip().encode("utf-8", "replace")).digest()
        found = None
        # All are compared, also behind a match: the time does not tell which it was.
        for name, digest in self.digests.items():
            if hmac.compare_digest(given, digest):
                found = name
        return found

    def __bool__(self) -> bool:
        return bool(self.digests)
