"""The settings of ingest."""

import re
from ipaddress import ip_network
from typing import Annotated, Any

from dateline.service.heartbeat import distribution_version
from dateline.settings import Section
from dateline_web.hosts import Hosts
from dateline_web.network import Network
from dateline_web.options import ClientOptions
from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

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

MAIL = re.compile(r"[^@/:]+@[^@/:]+")
PROXY = re.compile(r"https?://[^\s/]+/?")


def _networks(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    networks = []
    for part in filter(None, (part.strip() for part in value.split(","))):
        try:
            networks.append(ip_network(part))
        except ValueError as error:
            raise ValueError(f"{error}; write networks like 127.0.0.0/8, separated by commas") from error
    return tuple(networks)


class IngestSettings(Section):
    """How articles are read and feeds are polled."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_INGEST__")

    group: str = Field(
        default="ingest",
        pattern=r"^[A-Za-z0-9._-]{1,200}$",
        description="The consumer group whose members share the feeds; another group polls them all anew and "
        "keeps a table of its own. Pipelines that share a Kafka need different ones.",
    )
    max_document_bytes: int = Field(
        default=10 * MIB,
        ge=1024,
        description="Largest file, and largest line of a JSON Lines file, that is read.",
    )
    poll_interval_seconds: float = Field(
        default=900.0,
        ge=1,
        description="Time between two polls of a feed that publishes once an hour, or whose rhythm is not known yet; "
        "of others it follows the square root of theirs. A feed may be given an interval of its own.",
    )
    poll_min_seconds: float = Field(
        default=300.0, ge=1, description="The shortest time between two polls of a feed, whatever its rhythm and hints."
    )
    poll_max_seconds: float = Field(
        default=43_200.0,
        ge=1,
        description="The longest time between two polls of a feed that works, whatever its rhythm and hints.",
    )
    poll_jitter: float = Field(
        default=0.1,
        ge=0,
        le=0.5,
        description="Share of the interval by which polls are put off at random, at most, so that they spread.",
    )
    backoff_max_seconds: float = Field(
        default=86_400.0,
        ge=1,
        description="The longest time between two polls of a feed that fails, and the longest Retry-After.",
    )
    missing_max_seconds: float = Field(
        default=604_800.0, ge=1, description="The longest time between two polls of a feed that is not found (404)."
    )
    full_fetch_seconds: float = Field(
        default=86_400.0,
        ge=0,
        description="A feed that has been unchanged for so long is asked for as a whole, whatever its validators say.",
    )
    redirect_polls: int = Field(
        default=3,
        ge=1,
        le=100,
        description="Good polls at the end of a permanent redirect after which that address is polled instead.",
    )
    quiet_seconds: float = Field(
        default=604_800.0, ge=0, description="No feed is called QUIET before so long a silence, whatever its rhythm."
    )
    concurrent_polls: int = Field(default=64, ge=1, le=2000, description="Feeds that are fetched at the same time.")
    polls_per_host: int = Field(default=2, ge=1, le=100, description="Requests to one host at the same time.")
    host_pause_seconds: float = Field(
        default=1.0, ge=0, description="The least time between the beginnings of two requests to one host."
    )
    connect_timeout_seconds: float = Field(default=10.0, gt=0, description="How long connecting to a server may take.")
    silence_timeout_seconds: float = Field(
        default=15.0, gt=0, description="How long a server may be silent before its first byte, and between two."
    )
    fetch_timeout_seconds: float = Field(
        default=30.0, gt=0, description="How long one fetch may take, redirects and body included."
    )
    max_feed_bytes: int = Field(
        default=10 * MIB, ge=1024, description="Largest feed document, as it comes and after decompression."
    )
    max_ratio: int = Field(
        default=200, ge=2, le=2000, description="Bytes for each byte that a compressed document may unpack to."
    )
    max_header_bytes: int = Field(
        default=32 * 1024, ge=1024, le=MIB, description="Largest header of an answer, all its lines together."
    )
    max_redirects: int = Field(default=5, ge=0, le=20, description="Redirects that one fetch follows.")
    max_items: int = Field(default=5000, ge=1, le=10_000, description="Items of one document that are looked at.")
    max_seen: int = Field(
        default=50_000,
        ge=512,
        le=1_000_000,
        description="Items that are remembered of a feed at most; five times its largest document is enough.",
    )
    allow_networks: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)] = Field(
        default=(),
        description="Networks that feeds may live in although they are private, loopback or otherwise not public, "
        "such as 127.0.0.0/8, separated by commas.",
    )
    proxy: SecretStr | None = Field(
        default=None,
        description="Proxy that all feeds are fetched through, such as http://user:password@proxy.example:3128. "
        "It has to refuse addresses that are not public: what a name leads to cannot be checked before it.",
    )
    contact: str | None = Field(
        default=None,
        min_length=3,
        pattern=r"^[\x21-\x7e]+$",
        description="Where to complain: an address of the web or of mail that every server is told.",
    )
    user_agent: str = Field(
        default=f"Dateline/{distribution_version('dateline-ingest')}",
        min_length=1,
        pattern=r"^[\x20-\x7e]+$",
        description="What servers are told about who asks; the contact is added.",
    )

    @property
    def agent(self) -> str:
        """The `User-Agent` header: who asks, and where to complain."""
        if self.contact is None:
            return f"{self.user_agent} (feed reader)"
        contact = f"mailto:{self.contact}" if MAIL.fullmatch(self.contact) else self.contact
        return f"{self.user_agent} (feed reader; +{contact})"

    @property
    def client_options(self) -> ClientOptions:
        """The options of the HTTP client that feeds are fetched with."""
        variables = {field: name for name, field in self.names().items()}
        return ClientOptions(
            user_agent=self.agent,
            accept=ACCEPT,
            connections=self.concurrent_polls,
            connections_per_host=self.polls_per_host,
            connect_timeout_seconds=self.connect_timeout_seconds,
            silence_timeout_seconds=self.silence_timeout_seconds,
            request_timeout_seconds=self.fetch_timeout_seconds,
            max_body_bytes=self.max_feed_bytes,
            max_header_bytes=self.max_header_bytes,
            max_redirects=self.max_redirects,
            allowed_networks=self.allow_networks,
            proxy=None if self.proxy is None else self.proxy.get_secret_value(),
            setting_names={option: variables[field] for option, field in CLIENT_SETTINGS.items()},
        )

    def new_hosts(self) -> Hosts:
        """Return an empty table of hosts with the limits for one host."""
        return Hosts(limit=self.polls_per_host, pause_seconds=self.host_pause_seconds)

    @field_validator("proxy")
    @classmethod
    def _proxy_is_an_address(cls, proxy: SecretStr | None) -> SecretStr | None:
        if proxy is not None and not PROXY.fullmatch(proxy.get_secret_value()):
            # Without the value: it may hold a password.
            raise ValueError("a proxy is written like http://proxy.example:3128")
        return proxy

    @model_validator(mode="after")
    def _consistent(self) -> "IngestSettings":
        if self.poll_min_seconds > self.poll_max_seconds:
            raise ValueError(
                f"poll_min_seconds ({self.poll_min_seconds:g}) must not be above "
                f"poll_max_seconds ({self.poll_max_seconds:g})"
            )
        return self
