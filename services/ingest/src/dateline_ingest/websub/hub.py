"""Sends subscription requests to hubs."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from dateline_web.answer import Answer
from dateline_web.client import WebClient
from dateline_web.errors import FetchError
from dateline_web.headers.hints import retry_after

from dateline_ingest.websub.capability import Callback, Capabilities, hub_id
from dateline_ingest.websub.lease import HubAnswer

__all__ = ["HubClient", "Mode"]

Mode = Literal["subscribe", "unsubscribe"]
"""The request to a hub."""

MAX_COMPLAINT_BYTES = 200
"""At most this much of the body of a hub's error is read."""


@dataclass(frozen=True, slots=True)
class HubClient:
    """Sends requests to hubs through the client that feeds are fetched with, so the same limits hold."""

    client: WebClient
    capabilities: Capabilities
    lease_seconds: int
    """The lease that hubs are asked for."""

    @property
    def is_offline(self) -> bool:
        """Whether this machine is cut off from the network, so that no hub can be asked."""
        return self.client.connectivity.state == "offline"

    async def ask(self, mode: Mode, feed: str, hub: str, topic: str) -> HubAnswer:
        """Ask a hub to start, renew or end a subscription; a failure is part of the answer and never raised.

        A request that was cut off is answered when it is decided whether this machine was.

        Args:
            mode: what to ask for.
            feed: the key of the feed.
            hub: the address of the hub.
            topic: the address under which the hub knows the feed.
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
            answer = await self.client.request("POST", hub, data=form, max_bytes=MAX_COMPLAINT_BYTES)
        except FetchError as error:
            reason = f"the hub cannot be asked: {error}"
            network = self.client.connectivity
            is_ours = error.failure is not None and await network.decided(error.failure) == "ours"
            return HubAnswer(hub=hub, topic=topic, error=reason, cut_off=is_ours)
        if 200 <= answer.status < 300:
            return HubAnswer(hub=hub, topic=topic)
        wait = retry_after(answer.headers.get("Retry-After"), datetime.now(UTC))
        return HubAnswer(hub=hub, topic=topic, error=_complaint(answer), retry_after_seconds=wait)


def _complaint(answer: Answer) -> str:
    text = answer.body.decode("utf-8", "replace")
    reason = f": {' '.join(text.split())}" if text and text.isprintable() else ""
    return f"the hub answered {answer.status}{reason}"
