"""What a WebSub hub sends of a feed, on its way to whoever polls that feed."""

from typing import Literal

from pydantic import Field

from dateline_schemas.contract import Contract, Timestamp

__all__ = ["FeedDelivery"]

DeliveryKind = Literal["document", "ping", "verified", "denied"]
"""What came: a document, word that there is one, a subscription that was verified, or one that was refused."""


class FeedDelivery(Contract):
    """Value of `feed-pushes`: one call of a hub, which any replica may have answered."""

    kind: DeliveryKind = Field(
        description="`document`: what has changed; `ping`: something has, and the feed is to be polled; "
        "`verified`: the hub began or renewed a subscription; `denied`: it refused or ended one."
    )
    at: Timestamp = Field(description="When the hub called.")
    hub: str = Field(min_length=1, description="Short hash of the hub's address: calls of a former hub do not count.")
    topic: str = Field(min_length=1, description="Address under which the hub knows the feed.")
    lease_seconds: int | None = Field(default=None, ge=0, description="How long a verified subscription lasts.")
    reason: str | None = Field(default=None, description="Why the hub refuses.")
    content_type: str | None = Field(default=None, description="Media type of the document, as the hub states it.")
    document: str | None = Field(default=None, description="Base64 of the document, without content encoding.")
