"""Fetches a document from an address that a stranger may have written."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
from dateline_ingest.polling.hints import freshness, retry_after
from dateline_ingest.settings import IngestSettings
from yarl import URL

from dateline_web.answers import PAGE_BYTES, refusal
from dateline_web.fetched import Fetched, FetchError, Validators
from dateline_web.hosts import Hosts
from dateline_web.network import guarded_sockets, literal_address_allowed, socket_of

__all__ = ["FetchError", "Fetched", "Fetcher", "Validators"]

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
"""What is asked for; servers are never taken at their word about what they send."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""Statuses with a `Location` to follow."""

PERMANENT = frozenset({301, 308})
"""Redirects that say to ask elsewhere from now on."""

LONGEST_LINE = 16 * 1024
"""Bytes of one line of a header."""

CHUNK_BYTES = 64 * 1024
"""How much of a body is taken at once."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches documents under limits of bytes, time, redirects and addresses."""

    session: aiohttp.ClientSession
    settings: IngestSettings
    hosts: Hosts

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: IngestSettings) -> AsyncIterator["Fetcher"]:
        """Open the connections that all fetches share; cookies are not kept."""
        proxied = settings.proxy is not None
        connector = aiohttp.TCPConnector(
            limit=settings.concurrent_polls,
            # The proxy is the only host then.
            limit_per_host=0 if proxied else settings.polls_per_host,
            socket_factory=socket_of if proxied else guarded_sockets(settings.allow_networks),
        )
        async with aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(
                total=None,
                sock_connect=settings.connect_timeout_seconds,
                sock_read=settings.silence_timeout_seconds,
            ),
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_LINE,
            headers={
                "User-Agent": settings.agent,
                "Accept": ACCEPT,
                "Accept-Encoding": "gzip, deflate",
            },
        ) as session:
            hosts = Hosts(limit=settings.polls_per_host, pause=settings.host_pause_seconds)
            yield cls(session, settings, hosts)

    async def fetch(self, address: str, validators: Validators | None = None) -> Fetched:
        """Fetch `address`, following redirects.

        Raises:
            FetchError: saying what went wrong; never with user name or password of the address.
        """
        seconds = self.settings.fetch_timeout_seconds
        try:
            async with asyncio.timeout(seconds):
                return await self._follow(_web_address(address), validators or Validators())
        except aiohttp.ConnectionTimeoutError as error:
            raise FetchError(f"connecting took longer than {self.settings.connect_timeout_seconds:g} s") from error
        except aiohttp.SocketTimeoutError as error:
            raise FetchError(f"the server was silent for {self.settings.silence_timeout_seconds:g} s") from error
        except TimeoutError as error:
            raise FetchError(f"time-out after {seconds:g} s") from error
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
        permanent: str | None = None
        temporary = False
        for _ in range(self.settings.max_redirects + 1):
            bare = url.with_user(None).with_fragment(None)
            headers = validators.headers() | auth
            async with self._get(bare, headers) as response:
                self._check_header(response)
                location = response.headers.get("Location")
                if response.status not in REDIRECTS or not location:
                    return await self._take(response, permanent)
                status = response.status
            target = _target(bare, location, status)
            temporary = temporary or status not in PERMANENT
            if not temporary:
                permanent = str(target.with_user(None).with_fragment(None))
            # What was told to one server is no other's business.
            auth = _credentials(target) or (auth if target.origin() == bare.origin() else {})
            held = self.hosts.held(target.host or "", _now()) if target.host != bare.host else None
            if held is not None:
                raise FetchError(f"a redirect leads to another host, and {held}", status, trouble="held")
            url = target
        raise FetchError(f"more than {self.settings.max_redirects} redirects", status, trouble="redirect")

    def _get(self, url: URL, headers: dict[str, str]) -> "aiohttp.client._RequestContextManager":
        if self.settings.proxy is None:
            return self.session.get(url, headers=headers, allow_redirects=False)
        # The proxy connects, and all that can be checked before it is an address that stands in the URL.
        if not literal_address_allowed(url.host or "", self.settings.allow_networks):
            raise FetchError(f"the address {url.host} is not public")
        proxy = URL(self.settings.proxy.get_secret_value())
        told = {f"Proxy-{name}": value for name, value in _credentials(proxy).items()}
        # With https the proxy is told before the tunnel, and who is asked through it never sees it.
        mine, its = (headers | told, {}) if url.scheme == "http" else (headers, told)
        return self.session.get(
            url, headers=mine, allow_redirects=False, proxy=proxy.with_user(None), proxy_headers=its
        )

    def _check_header(self, response: aiohttp.ClientResponse) -> None:
        size = sum(len(name) + len(value) for name, value in response.raw_headers)
        if size > self.settings.max_header_bytes:
            raise FetchError(
                f"the header of the answer has {size:,} bytes (DATELINE_INGEST__MAX_HEADER_BYTES)", response.status
            )

    async def _take(self, response: aiohttp.ClientResponse, permanent: str | None) -> Fetched:
        url = str(response.url)
        headers = response.headers
        if response.status not in (200, 304):
            raise await _refused(response)
        changed = response.status == 200
        return Fetched(
            status=response.status,
            url=url,
            body=await self._body(response) if changed else None,
            encoding=headers.get("Content-Encoding", ""),
            content_type=headers.get("Content-Type"),
            validators=Validators(etag=headers.get("ETag"), last_modified=headers.get("Last-Modified")),
            permanent=permanent,
            hint=freshness(headers, datetime.now(UTC)),
            links=tuple(headers.getall("Link", ())) if changed else (),
            mitigated=headers.get("cf-mitigated", ""),
        )

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        most = self.settings.max_feed_bytes
        too_large = FetchError(
            f"the document is larger than {most:,} bytes (DATELINE_INGEST__MAX_FEED_BYTES)",
            response.status,
            trouble="document",
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
        raise FetchError("the address is not a URL", trouble="redirect") from error
    if url.scheme not in ("http", "https") or not url.host:
        reason = f"only http and https addresses are fetched, not {url.scheme or 'this one'}"
        raise FetchError(reason, trouble="redirect")
    return url


def _target(base: URL, location: str, status: int) -> URL:
    try:
        return _web_address(str(base.join(URL(location))))
    except ValueError as error:
        raise FetchError("a redirect leads to what is not a URL", status, trouble="redirect") from error


def _now() -> float:
    return datetime.now(UTC).timestamp()


async def _refused(response: aiohttp.ClientResponse) -> FetchError:
    try:
        page = _unpacked(await response.content.read(PAGE_BYTES), response.headers.get("Content-Encoding", ""))
    except (aiohttp.ClientError, OSError):
        page = b""
    trouble, reason = refusal(response.status, response.reason or "", response.headers, page)
    return FetchError(
        reason,
        response.status,
        trouble=trouble,
        retry_after=retry_after(response.headers.get("Retry-After"), datetime.now(UTC)),
        url=str(response.url),
    )


def _unpacked(page: bytes, encoding: str) -> bytes:
    if "gzip" not in encoding.lower():
        return page
    try:
        return zlib.decompressobj(31).decompress(page, PAGE_BYTES)
    except zlib.error:
        return page


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
    if isinstance(error, aiohttp.ClientResponseError):
        return f"the answer is no proper HTTP: {error.message[:200]}"
    return f"{type(error).__name__}: {error}"
