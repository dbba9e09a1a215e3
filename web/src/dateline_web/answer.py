"""What a server answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dateline_web.headers.hints import Hint

__all__ = ["Answer", "Fetched", "Validators"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """The validators of a document: opaque values that are sent back unchanged in a conditional GET."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the headers of a conditional GET."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to a request, whatever its status."""

    status: int
    url: str
    """The address that answered, without credentials."""
    headers: Mapping[str, str]
    """The headers; lookups ignore case."""
    body: bytes
    """The beginning of the body, up to the limit of the request; gzip and deflate are undone."""
    complete: bool
    """False if the body is longer than the limit, or broke off."""
    location: str | None = None
    """The absolute target of a redirect that was not followed, without credentials."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A document, or the news that it has not changed."""

    status: int
    """200 or 304; that of a redirect, if redirects are not followed."""
    url: str
    """The address that answered, without credentials."""
    body: bytes | None = None
    """The body as it was sent, None if the document has not changed."""
    encoding: str = ""
    """The `Content-Encoding` of the body, which is not undone."""
    content_type: str | None = None
    validators: Validators = field(default_factory=Validators)
    permanent: str | None = None
    """The target of the permanent redirects that came first, without credentials."""
    hint: Hint | None = None
    """How long the answer stays fresh, if it says so."""
    links: tuple[str, ...] = ()
    """The values of the `Link` headers."""
    mitigated: str = ""
    """The `cf-mitigated` header: Cloudflare sends `challenge` with a page that stands in for the document."""
    location: str | None = None
    """The absolute target of a redirect that was not followed, without credentials."""
    robots_tags: tuple[str, ...] = ()
    """The values of the `X-Robots-Tag` headers."""
    tdm_reservation: str | None = None
    """The `tdm-reservation` header (TDMRep)."""
