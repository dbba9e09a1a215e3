"""Fetches a document from an address that a stranger may have written."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from dateline.errors import DatelineError
from yarl import URL

from dateline_ingest.network import guarded_sockets
from dateline_ingest.settings import IngestSettings

__all__ = ["FetchError", "Fetched", "Fetcher", "Validators"]

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
"""What is asked for; servers are never taken at their word about what they send."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""Statuses with a `Location` to follow."""

CHUNK_BYTES = 64 * 1024
"""How much of a body is taken at once."""


class FetchError(DatelineError):
    """The document could not be fetched; `status` is that of HTTP, if there was an answer."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


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


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches documents under limits of bytes, time, redirects and addresses."""

    session: aiohttp.ClientSession
    settings: IngestSettings

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: IngestSettings) -> AsyncIterator["Fetcher"]:
        """Open the connections that all fetches share; cookies are not kept."""
        connector = aiohttp.TCPConnector(
            limit=settings.concurrent_polls,
            limit_per_host=settings.polls_per_host,
            socket_factory=guarded_sockets(settings.allow_networks),
        )
        async with aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=settings.connect_timeout_seconds),
            headers={
                "User-Agent": settings.user_agent,
                "Accept": ACCEPT,
                "Accept-Encoding": "gzip, deflate",
            },
        ) as session:
            yield cls(session, settings)

    async def fetch(self, address: str, validators: Validators | None = None) -> Fetched:
        """Fetch `address`, following redirects.

        Raises:
            FetchError: saying what went wrong; never with user name or password of the address.
        """
        seconds = self.settings.fetch_timeout_seconds
        try:
            async with asyncio.timeout(seconds):
                return await self._follow(_web_address(address), validators or Validators())
        except TimeoutError as error:
            # A time-out of the library's own is a subclass and says which step it was.
            step = (
                "connecting took longer than " if isinstance(error, aiohttp.ServerTimeoutError) else "time-out after "
            )
            limit = self.settings.connect_timeout_seconds if step.startswith("connecting") else seconds
            raise FetchError(f"{step}{limit:g} s") from error
        except aiohttp.ClientConnectorDNSError as error:
            raise FetchError(f"the host name {error.host} cannot be resolved") from error
        except aiohttp.ClientConnectorCertificateError as error:
            raise FetchError(f"the certificate of {error.host} is not valid: {error.certificate_error}") from error
        except aiohttp.ClientConnectorError as error:
            reason = error.os_error.strerror or str(error.os_error)
            raise FetchError(f"cannot connect to {error.host}:{error.port}: {reason}") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise FetchError(_describe(error)) from error

    async def _follow(self, url: URL, validators: Validators) -> Fetched:
        auth = _credentials(url)
        for _ in range(self.settings.max_redirects + 1):
            bare = url.with_user(None)
            headers = validators.headers() | auth
            async with self.session.get(bare, headers=headers, allow_redirects=False) as response:
                location = response.headers.get("Location")
                if response.status not in REDIRECTS or not location:
                    return await self._take(response)
            target = _web_address(str(bare.join(URL(location))))
            # What was told to one server is no other's business.
            auth = _credentials(target) or (auth if target.origin() == bare.origin() else {})
            url = target
        raise FetchError(f"more than {self.settings.max_redirects} redirects", response.status)

    async def _take(self, response: aiohttp.ClientResponse) -> Fetched:
        url = str(response.url)
        validators = Validators(etag=response.headers.get("ETag"), last_modified=response.headers.get("Last-Modified"))
        if response.status == 304:
            return Fetched(status=304, url=url, validators=validators)
        if response.status != 200:
            raise FetchError(f"the server answered {response.status} {response.reason or ''}".strip(), response.status)
        return Fetched(
            status=200,
            url=url,
            body=await self._body(response),
            encoding=response.headers.get("Content-Encoding", ""),
            content_type=response.headers.get("Content-Type"),
            validators=validators,
        )

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        most = self.settings.max_feed_bytes
        too_large = FetchError(
            f"the document is larger than {most:,} bytes (DATELINE_INGEST__MAX_FEED_BYTES)", response.status
        )
        if (response.content_length or 0) > most:
            raise too_large
        body = bytearray()
        async for chunk in response.content.iter_chunked(CHUNK_BYTES):
            body += chunk
            if len(body) > most:
                raise too_large
        return bytes(body)


def _web_address(address: str) -> URL:
    try:
        url = URL(address)
    except ValueError as error:
        raise FetchError("the address is not a URL") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise FetchError(f"only http and https addresses are fetched, not {url.scheme or 'this one'}")
    return url


def _credentials(url: URL) -> dict[str, str]:
    if not url.user and not url.password:
        return {}
    return {"Authorization": aiohttp.encode_basic_auth(url.user or "", url.password or "", "utf-8")}


def _describe(error: Exception) -> str:
    names = {
        aiohttp.ServerDisconnectedError: "the server closed the connection",
        aiohttp.ClientPayloadError: "the answer broke off before its end",
        aiohttp.InvalidURL: "the address is not a URL",
    }
    for kind, text in names.items():
        if isinstance(error, kind):
            return text
    return f"{type(error).__name__}: {error}"
