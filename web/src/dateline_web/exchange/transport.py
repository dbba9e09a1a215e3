"""Sends single requests: through the address guard, or through a proxy."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from yarl import URL

from dateline_web.errors import FetchError
from dateline_web.network import ForbiddenAddressError, guarded_sockets, literal_address_allowed, unguarded_socket
from dateline_web.options import ClientOptions

__all__ = ["Transport"]

MAX_LINE_BYTES = 16 * 1024
"""Limit on one line of a header."""


@dataclass(frozen=True, slots=True)
class Transport:
    """The connections of a client."""

    session: aiohttp.ClientSession
    options: ClientOptions

    @classmethod
    @asynccontextmanager
    async def open(cls, options: ClientOptions) -> AsyncIterator["Transport"]:
        """Open the connection pool; cookies are not kept."""
        if options.proxy is None:
            per_host = options.connections_per_host
            sockets = guarded_sockets(options.allowed_networks, options.setting_names.get("allowed_networks"))
        else:
            # All connections lead to the proxy.
            per_host, sockets = 0, unguarded_socket
        connector = aiohttp.TCPConnector(limit=options.connections, limit_per_host=per_host, socket_factory=sockets)
        async with aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=options.connect_timeout_seconds, sock_read=options.silence_timeout_seconds
            ),
            max_line_size=MAX_LINE_BYTES,
            max_field_size=MAX_LINE_BYTES,
            headers={
                "User-Agent": options.user_agent,
                "Accept": options.accept,
                "Accept-Encoding": "gzip, deflate",
            },
        ) as session:
            yield cls(session, options)

    @asynccontextmanager
    async def send(
        self, method: str, url: URL, headers: Mapping[str, str], data: bytes | Mapping[str, str] | None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Send one request, and yield the answer to it, whose header is within the limits.

        Raises:
            FetchError: the header of the answer is too large, or the address may not be asked for at the proxy.
        """
        own, proxy, connect = dict(headers), None, None
        if self.options.proxy is not None:
            self._check_before_proxy(url)
            proxy = URL(self.options.proxy)
            credentials = _proxy_credentials(proxy)
            # With https the proxy gets them with CONNECT, and the server behind it never sees them.
            if url.scheme == "http":
                own |= credentials
            else:
                connect = credentials
            proxy = proxy.with_user(None)
        body = dict(data) if isinstance(data, Mapping) else data
        async with self.session.request(
            method, url, headers=own, data=body, allow_redirects=False, proxy=proxy, proxy_headers=connect
        ) as response:
            self._check_header(response)
            yield response

    def _check_before_proxy(self, url: URL) -> None:
        host = url.host or ""
        if not literal_address_allowed(host, self.options.allowed_networks):
            raise ForbiddenAddressError(host, self.options.setting_names.get("allowed_networks"))

    def _check_header(self, response: aiohttp.ClientResponse) -> None:
        size = sum(len(name) + len(value) for name, value in response.raw_headers)
        if size > self.options.max_header_bytes:
            raise FetchError(
                f"the header of the answer has {size:,} bytes{self.options.hint('max_header_bytes')}", response.status
            )


def _proxy_credentials(proxy: URL) -> dict[str, str]:
    if not proxy.user and not proxy.password:
        return {}
    return {"Proxy-Authorization": aiohttp.encode_basic_auth(proxy.user or "", proxy.password or "", "utf-8")}
