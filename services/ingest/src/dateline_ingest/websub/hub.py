"""Asks hubs for subscriptions, and to end them."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import aiohttp
from dateline_web.client import Fetcher
from dateline_web.network import literal_address_allowed
from yarl import URL

from dateline_ingest.polling.hints import retry_after
from dateline_ingest.websub.capability import Callback, Capabilities, hub_id
from dateline_ingest.websub.lease import Answer

__all__ = ["HubClient", "Mode"]

Mode = Literal["subscribe", "unsubscribe"]
"""What a hub is asked for."""

REDIRECTS = frozenset({301, 302, 307, 308})
"""Statuses after which the same request is made elsewhere.

The Recommendation names 307 and 308; hubs behind a web server that moved answer with the others.
"""

LONGEST_COMPLAINT = 200
"""Bytes of a hub's complaint that are read."""


@dataclass(frozen=True, slots=True)
class HubClient:
    """Asks hubs, under the same guard and limits as feeds are fetched."""

    fetcher: Fetcher
    capabilities: Capabilities
    lease_seconds: int

    async def ask(self, mode: Mode, feed: str, hub: str, topic: str) -> Answer:
        """Ask `hub` to begin, renew or end the subscription of a feed to `topic`; whatever fails is in the answer.

        Args:
            mode: what to ask for.
            feed: key of the feed.
            hub: address of the hub.
            topic: what it calls the feed.
        """
        callback = Callback(feed, hub_id(hub), topic)
        form = {
            "hub.callback": self.capabilities.address(callback),
            "hub.mode": mode,
            "hub.topic": topic,
            "hub.secret": self.capabilities.hub_secret(callback),
            "hub.lease_seconds": str(self.lease_seconds),
        }
        try:
            async with asyncio.timeout(self.fetcher.settings.fetch_timeout_seconds):
                error, wait = await self._post(hub, form)
        except TimeoutError:
            error, wait = "the hub did not answer in time", None
        except aiohttp.ClientConnectorError as failure:
            error, wait = f"cannot connect to the hub: {failure.os_error.strerror or failure.os_error}", None
        except (aiohttp.ClientError, OSError, ValueError) as failure:
            error, wait = f"the hub cannot be asked: {type(failure).__name__}: {failure}", None
        return Answer(hub=hub, topic=topic, error=error, retry_after=wait)

    async def _post(self, hub: str, form: dict[str, str]) -> tuple[str | None, float | None]:
        url = URL(hub)
        settings = self.fetcher.settings
        for _ in range(settings.max_redirects + 1):
            if url.scheme not in ("http", "https") or not url.host:
                return "a redirect of the hub leads out of the web", None
            if settings.proxy is not None and not literal_address_allowed(url.host, settings.allow_networks):
                return f"the address {url.host} is not public", None
            async with self.fetcher.session.post(
                url.with_user(None), data=form, allow_redirects=False, **self._through_proxy()
            ) as response:
                location = response.headers.get("Location")
                if response.status in REDIRECTS and location:
                    url = url.join(URL(location))
                    continue
                if 200 <= response.status < 300:
                    return None, None
                wait = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
                complaint = (await response.content.read(LONGEST_COMPLAINT)).decode("utf-8", "replace")
                said = f": {' '.join(complaint.split())}" if complaint.isprintable() and complaint else ""
                return f"the hub answered {response.status}{said}", wait
        return f"more than {settings.max_redirects} redirects of the hub", None

    def _through_proxy(self) -> dict[str, Any]:
        if self.fetcher.settings.proxy is None:
            return {}
        proxy = URL(self.fetcher.settings.proxy.get_secret_value())
        auth = aiohttp.encode_basic_auth(proxy.user, proxy.password or "", "utf-8") if proxy.user else None
        return {"proxy": proxy.with_user(None), "proxy_headers": {"Proxy-Authorization": auth} if auth else None}
