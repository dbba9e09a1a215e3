"""The errors of the client."""

from typing import Literal

from dateline_web.connectivity.outcome import Cut, Outcome

__all__ = ["CompressionError", "FetchError", "InvalidAddressError", "Trouble", "WebError"]

Trouble = Literal[
    "unreachable", "origin", "busy", "refused", "challenge", "missing", "gone", "redirect", "document", "held"
]
"""Why a request failed.

- unreachable: the server did not answer, or the connection broke.
- origin: the server failed.
- busy: the server asks for fewer requests, or for a later one.
- refused: the server denies access, or asks for credentials.
- challenge: a guard in front of the server admits only browsers.
- missing: the document does not exist.
- gone: the document has been removed for good.
- redirect: the redirects loop, are too many, or lead to an invalid address.
- document: the body exceeds a limit.
- held: a redirect leads to a host that is backing off (`Hosts.hold`).
"""


class WebError(Exception):
    """The root of all errors that this package raises."""


class InvalidAddressError(WebError, ValueError):
    """The text is not an http or https address; the message says why."""


class CompressionError(WebError):
    """A document cannot be unpacked within the limits; the message says why."""


class FetchError(WebError):
    """The request failed; the message says why, without any user name or password.

    Attributes:
        status: the HTTP status, None if there was no answer.
        trouble: the kind of failure.
        retry_after: the seconds that the server asks to wait, None if it does not say.
        url: the address that answered, without credentials; None if it is not known.
        cut: how the request was cut off, None if it was not; then it may be this machine that is cut off.
        failure: the same for `Connectivity.blame`, which decides; None if the request was not cut off.
    """

    def __init__(
        self,
        reason: str,
        status: int | None = None,
        *,
        trouble: Trouble = "unreachable",
        retry_after: float | None = None,
        url: str | None = None,
        cut: Cut | None = None,
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.trouble = trouble
        self.retry_after = retry_after
        self.url = url
        self.cut = cut
        self.failure: Outcome | None = None
