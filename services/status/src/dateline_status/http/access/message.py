"""What has happened, in a sentence that the next page shows once."""

import json
from dataclasses import dataclass
from typing import Literal

from dateline_status.http.access.token import AccessToken

__all__ = ["Message", "Tone", "open_message", "seal_message"]

Tone = Literal["pass", "fail"]
"""Whether something was done, or was not."""

LONGEST_BYTES = 2000
"""A cookie has room for a text of this many bytes, encoded and signed."""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for the next page."""

    text: str
    tone: Tone = "pass"


def seal_message(token: AccessToken, message: Message) -> str:
    """Return the value of a cookie with the message, signed so that only this service can say something."""
    text = message.text.encode("utf-8", "replace")
    shown = text.decode() if len(text) <= LONGEST_BYTES else text[:LONGEST_BYTES].decode(errors="ignore") + "…"
    return token.seal("message", json.dumps([shown, message.tone], ensure_ascii=False))


def open_message(token: AccessToken, cookie: str | None) -> Message | None:
    """Return the message of a cookie; None if there is none."""
    text = token.unseal("message", cookie) if cookie else None
    if text is None:
        return None
    words, tone = json.loads(text)
    return Message(words, tone)
