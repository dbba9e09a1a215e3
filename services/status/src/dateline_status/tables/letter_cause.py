"""The cause of dead letters: those of one cause fail for the same reason, on different records."""

import re
from dataclasses import dataclass
from hashlib import sha256

__all__ = ["LetterCause", "message_shape"]

LONGEST_SHAPE = 200
"""Messages that differ after this many characters have the same shape."""

VARYING = re.compile(
    r"https?://\S+"
    r"|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
    r"|'[^']*'|\"[^\"]*\"|`[^`]*`"
    r"|\b[0-9a-fA-F]{12,}\b"
    r"|\d+"
)
"""What differs between the messages of one cause: addresses, ids, quoted text and numbers."""


def message_shape(message: str) -> str:
    """Return a message without what differs from record to record."""
    return VARYING.sub("…", " ".join(message.split()))[:LONGEST_SHAPE]


@dataclass(frozen=True, slots=True)
class LetterCause:
    """Why records became dead letters."""

    group: str
    error_type: str
    shape: str

    @property
    def id(self) -> str:
        """Names the cause in an address."""
        return sha256("\0".join((self.group, self.error_type, self.shape)).encode()).hexdigest()[:16]
