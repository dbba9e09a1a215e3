"""The client: one guarded request, and the conditional GET that is built on it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp

from dateline_web.answer import Answer, Fetched, Validators
from dateline_web.connectivity.monitor import Connectivity
from dateline_web.connectivity.outcome import Cut
from dateline_web.errors import FetchError
from dateline_web.exchange.attempt import Attempt
from dateline_web.exchange.body import beginning_of, whole_body
from dateline_web.exchange.failures import cut_by_proxy, failures_in_words
from dateline_web.exchange.redirects import Route, followed_by
from dateline_web.exchange.refusal import PAGE_BYTES, refusal
from dateline_web.exchange.transport import Transport
from dateline_web.headers.hints import freshness, retry_after
from dateline_web.hosts import Hosts
from dateline_web.options import ClientOptions

__all__ = ["WebClient"]


@dataclass(frozen=True, slots=True)
class WebClient:
    """Makes requests to addresses from untrusted sources, within limits on bytes, time, redirects and addresses."""

    transport: Transport
    hosts: Hosts | None = None
    """The caller's host table; `fetch` does not follow a redirect to a host on hold."""
    connectivity: Connectivity = field(default_factory=Connectivity)
    """Tells failures of this machine's network from failures of hosts; the caller asks it when to make requests."""

    @classmethod
    @asynccontextmanager
    async def open(
        cls, options: ClientOptions, hosts: Hosts | None = None, connectivity: Connectivity | None = None
    ) -> AsyncIterator["WebClient"]:
        """Open the connection pool that all requests of the client share; cookies are not kept."""
        async with Transport.open(options) as transport:
            yield cls(transport, hosts, connectivity or Connectivity())

    @property
    def options(self) -> ClientOptions:
        """The limits of the client."""
        return self.transport.options

    async def fetch(
        self,
        address: str,
        validators: Validators | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        follow: bool = True,
        max_bytes: int | None = None,
    ) -> Fetched:
        """Fetch the document at `address` with a conditional GET.

        Args:
            address: an http or https address, which may hold a user name and a password.
            validators: those of the copy that the caller has; the answer may then be that it has not changed.
            headers: further headers, such as another `Accept` than that of the options.
            follow: whether redirects are followed; if not, a redirect is returned with its `location`.
            max_bytes: the limit on the body as it is sent; None for that of the options.

        Raises:
            FetchError: the request failed, the answer is neither 200 nor 304, or the body is too large.
        """
        told = {**(headers or {}), **(validators or Validators()).headers()}
        async with self._exchange("GET", address, told, hosts=self.hosts, follow=follow) as (response, route):
            if route.target is not None:
                return Fetched(status=response.status, url=str(response.url), location=route.target)
            if response.status not in (200, 304):
                raise await self._refused(response)
            changed, answered = response.status == 200, response.headers
            return Fetched(
                status=response.status,
                url=str(response.url),
                body=await whole_body(response, self.options, max_bytes) if changed else None,
                encoding=answered.get("Content-Encoding", ""),
                content_type=answered.get("Content-Type"),
                validators=Validators(etag=answered.get("ETag"), last_modified=answered.get("Last-Modified")),
                permanent=route.permanent,
                hint=freshness(answered, datetime.now(UTC)),
                links=tuple(answered.getall("Link", ())) if changed else (),
                mitigated=answered.get("cf-mitigated", ""),
                robots_tags=tuple(answered.getall("X-Robots-Tag", ())),
                tdm_reservation=answered.get("tdm-reservation"),
            )

    async def request(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        data: bytes | Mapping[str, str] | None = None,
        max_bytes: int = PAGE_BYTES,
        max_redirects: int | None = None,
        follow: bool = True,
    ) -> Answer:
        """Make a request and return the answer, whatever its status.

        A GET follows the redirects 301, 302, 303, 307 and 308; another method is repeated with the same body
        after 301, 302, 307 and 308.

        Args:
            method: the HTTP method in upper case.
            address: an http or https address, which may hold a user name and a password.
            headers: further headers; `Authorization` and `Cookie` do not follow a redirect to another server.
            data: the body; a mapping is sent as a form.
            max_bytes: at most this much of the answer's body is read.
            max_redirects: at most this many redirects are followed; None for the limit of the options.
            follow: whether redirects are followed; if not, a redirect is returned with its `location`.

        Raises:
            FetchError: there was no valid answer.
        """
        told = dict(headers or {})
        async with self._exchange(method, address, told, data, max_redirects, follow=follow) as (response, route):
            body, complete = await beginning_of(response, max_bytes)
            return Answer(
                status=response.status,
                url=str(response.url),
                headers=response.headers,
                body=body,
                complete=complete,
                location=route.target,
            )

    @asynccontextmanager
    async def _exchange(
        self,
        method: str,
        address: str,
        headers: dict[str, str],
        data: bytes | Mapping[str, str] | None = None,
        max_redirects: int | None = None,
        hosts: Hosts | None = None,
        *,
        follow: bool = True,
    ) -> AsyncIterator[tuple[aiohttp.ClientResponse, Route]]:
        """Yield the answer at the end of all redirects, or the first; the time limit holds for the block too."""
        limit = self.options.max_redirects if max_redirects is None else max_redirects
        with Attempt(self.connectivity) as attempt, failures_in_words(self.options):
            async with asyncio.timeout(self.options.request_timeout_seconds):
                route = Route.to(address, headers)
                for _ in range(limit + 1):
                    attempt.begin(route.url.host)
                    async with self.transport.send(method, route.url, route.headers, data) as response:
                        if self._cut_by_proxy(response.status) is None:
                            attempt.answered()
                        location, status = response.headers.get("Location"), response.status
                        if not location or status not in followed_by(method):
                            yield response, route
                            return
                        if not follow:
                            route.point_to(location, status)
                            yield response, route
                            return
                    host = route.url.host
                    route.redirect(location, status)
                    if hosts is not None and route.url.host != host:
                        _check_held(hosts, route.url.host or "", status)
        raise FetchError(f"more than {limit} redirects", status, trouble="redirect")

    async def _refused(self, response: aiohttp.ClientResponse) -> FetchError:
        page, _ = await beginning_of(response, PAGE_BYTES)
        trouble, reason = refusal(response.status, response.reason or "", response.headers, page)
        return FetchError(
            reason,
            response.status,
            trouble=trouble,
            retry_after=retry_after(response.headers.get("Retry-After"), datetime.now(UTC)),
            url=str(response.url),
            cut=self._cut_by_proxy(response.status),
        )

    def _cut_by_proxy(self, status: int) -> Cut | None:
        return None if self.options.proxy is None else cut_by_proxy(status)


def _check_held(hosts: Hosts, host: str, status: int) -> None:
    seconds = hosts.held_seconds(host, datetime.now(UTC).timestamp())
    if seconds:
        raise FetchError(
            f"a redirect leads to another host; requests to {host} are paused for another {seconds:.0f} s",
            status,
            trouble="held",
        )
