"""A message of a WebSub hub, forwarded to the replica that polls the feed."""

from typing import Literal

from pydantic import Field

from dateline_schemas.contract import Contract, Timestamp

__all__ = ["FeedDelivery"]

DeliveryKind = Literal["document", "ping", "verified", "denied"]
"""The kind of message: a document, a notice that there is one, or a subscription that was verified or denied."""


class FeedDelivery(Contract):
    """Value of `feed-pushes`: one request of a hub, which any replica may have received."""

    kind: DeliveryKind = Field(
        description="`document`: the hub sent a document; `ping`: the feed has changed and has to be polled; "
        "`verified`: the hub began or renewed a subscription; `denied`: it refused or ended one."
    )
    at: Timestamp = Field(description="Time of the hub's request.")
    hub: str = Field(min_length=1, description="Short hash of the hub's address; requests of a former hub are ignored.")
    topic: str = Field(min_length=1, description="Address of the feed at the hub.")
    lease_seconds: int | None = Field(default=None, ge=0, description="Duration of a verified subscription.")
    reason: str | None = Field(default=None, description="Reason for the refusal.")
    content_type: str | None = Field(default=None, description="Media type of the document, as the hub states it.")
    document: str | None = Field(default=None, description="Base64 of the document, without content encoding.")
