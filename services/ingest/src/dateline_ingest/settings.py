"""The settings of ingest."""

from typing import TYPE_CHECKING, ClassVar

from dateline.service.heartbeat import distribution_version
from dateline.settings.http_client import HttpClientSection
from dateline_schemas import FullText
from dateline_web.options import ClientOptions
from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

if TYPE_CHECKING:
    from dateline_web.hosts import Hosts

__all__ = ["IngestSettings"]

MIB = 1024 * 1024
"""Bytes of a mebibyte."""

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
"""The `Accept` header of requests for feeds; what a server sends is read whatever type it declares."""

CLIENT_SETTINGS = {
    "max_body_bytes": "max_feed_bytes",
    "max_header_bytes": "max_header_bytes",
    "allowed_networks": "allow_networks",
}
"""Options of the HTTP client that its error messages mention, and the settings that they come from."""


class IngestSettings(HttpClientSection):
    """Limits for reading articles, and rules for polling feeds."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_INGEST__")
    role: ClassVar[str] = "feed reader"

    group: str = Field(
        default="ingest",
        pattern=r"^[A-Za-z0-9._-]{1,200}$",
        description="Consumer group whose members share the feeds. Another group polls all feeds itself and keeps a "
        "table of its own. Pipelines that share a Kafka need different groups.",
    )
    max_document_bytes: int = Field(
        default=10 * MIB,
        ge=1024,
        description="Limit on the size of a file, and of one line of a JSON Lines file.",
    )
    poll_interval_seconds: float = Field(
        default=900.0,
        ge=1,
        description="Time between two polls of a feed that publishes once an hour, or whose rhythm is not known yet. "
        "For other feeds it grows with the square root of the time between their articles. An interval set on a feed "
        "takes precedence.",
    )
    poll_min_seconds: float = Field(
        default=300.0, ge=1, description="Minimum time between two polls of a feed, whatever its rhythm and hints."
    )
    poll_max_seconds: float = Field(
        default=43_200.0,
        ge=1,
        description="Maximum time between two polls of a working feed, whatever its rhythm and hints.",
    )
    poll_jitter: float = Field(
        default=0.1,
        ge=0,
        le=0.5,
        description="Each poll is delayed by a random share of the interval, at most this one, so that polls spread.",
    )
    backoff_max_seconds: float = Field(
        default=86_400.0,
        ge=1,
        description="Maximum time between two polls of a failing feed, and limit on Retry-After.",
    )
    missing_max_seconds: float = Field(
        default=604_800.0, ge=1, description="Maximum time between two polls of a feed that is not found (404)."
    )
    full_fetch_seconds: float = Field(
        default=86_400.0,
        ge=0,
        description="A feed that has not changed for this long is fetched whole, without its validators.",
    )
    redirect_polls: int = Field(
        default=3,
        ge=1,
        le=100,
        description="Number of successful polls at the target of a permanent redirect after which the target is polled "
        "instead.",
    )
    quiet_seconds: float = Field(
        default=604_800.0,
        ge=0,
        description="A feed is not called QUIET before a silence of this length, whatever its rhythm.",
    )
    concurrent_polls: int = Field(
        default=64, ge=1, le=2000, description="Number of feeds that are fetched at the same time."
    )
    polls_per_host: int = Field(default=2, ge=1, le=100, description="Number of concurrent requests to one host.")
    host_pause_seconds: float = Field(
        default=1.0, ge=0, description="Minimum time between the starts of two requests to one host."
    )
    max_feed_bytes: int = Field(
        default=10 * MIB, ge=1024, description="Limit on the size of a feed document, before and after decompression."
    )
    max_redirects: int = Field(default=5, ge=0, le=20, description="Number of redirects that one fetch follows.")
    max_items: int = Field(default=5000, ge=1, le=10_000, description="Number of items of one document that are read.")
    max_seen: int = Field(
        default=50_000,
        ge=512,
        le=1_000_000,
        description="Number of a feed's items that are remembered; five times its largest document is enough.",
    )
    full_text: FullText = Field(
        default="auto",
        description="Whether the pages of the articles of new feeds are read: never, auto (where the feed lacks the "
        "whole text) or always. Each feed keeps the value that it was added with until it is changed.",
    )
    user_agent: str = Field(
        default=f"Dateline/{distribution_version('dateline-ingest')}",
        min_length=1,
        pattern=r"^[\x20-\x7e]+$",
        description="Name of the program that is sent to every server, and that its robots.txt may name; the contact "
        "is added to it.",
    )

    @property
    def client_options(self) -> ClientOptions:
        """The options of the HTTP client that feeds are fetched with."""
        return ClientOptions(
            **self.client_values(CLIENT_SETTINGS),
            accept=ACCEPT,
            connections=self.concurrent_polls,
            connections_per_host=self.polls_per_host,
            max_body_bytes=self.max_feed_bytes,
            max_redirects=self.max_redirects,
        )

    def new_hosts(self) -> "Hosts":
        """Return an empty table of hosts with the limits for one host."""
        # Imported here: it brings structlog, which the verbs that only read the registry need not wait for.
        from dateline_web.hosts import Hosts

        return Hosts(limit=self.polls_per_host, pause_seconds=self.host_pause_seconds)

    @model_validator(mode="after")
    def _consistent(self) -> "IngestSettings":
        if self.poll_min_seconds > self.poll_max_seconds:
            raise ValueError(
                f"poll_min_seconds ({self.poll_min_seconds:g}) must not be above "
                f"poll_max_seconds ({self.poll_max_seconds:g})"
            )
        return self
