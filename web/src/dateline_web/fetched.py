"""What a fetch brings: an answer, or the reason why there is none."""

from dataclasses import dataclass, field

from dateline.errors import DatelineError
from dateline_ingest.polling.hints import Hint

from dateline_web.answers import Trouble

__all__ = ["FetchError", "Fetched", "Validators"]


class FetchError(DatelineError):
    """The document could not be fetched.

    Attributes:
        status: that of HTTP, None if there was no answer.
        trouble: whose fault it is.
        retry_after: seconds that the server asks to be left alone.
        url: where it was in the end, without credentials, None for the address that was asked.
    """

    def __init__(
        self,
        reason: str,
        status: int | None = None,
        *,
        trouble: Trouble = "unreachable",
        retry_after: float | None = None,
        url: str | None = None,
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.trouble = trouble
        self.retry_after = retry_after
        self.url = url


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server wants to hear to tell whether a document has changed: opaque, sent back as it came."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the headers of a conditional GET."""
        found = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer: a body as it came, or None where the document has not changed since."""

    status: int
    url: str
    """Where it was in the end, without credentials."""
    body: bytes | None = None
    encoding: str = ""
    """Content encoding of the body; it is still to be undone."""
    content_type: str | None = None
    validators: Validators = field(default_factory=Validators)
    permanent: str | None = None
    """Where permanent redirects led, without credentials; what came behind a temporary one does not count."""
    hint: Hint | None = None
    """How long it says that it stays fresh."""
    links: tuple[str, ...] = ()
    """The headers `Link`, as they came."""
    mitigated: str = ""
    """Who stands before the server, as the headers say."""
