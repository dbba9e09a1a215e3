"""The settings of ingest."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any

from dateline.heartbeat import distribution_version
from dateline.settings import Section
from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode, SettingsConfigDict

__all__ = ["IngestSettings", "Network"]

Network = IPv4Network | IPv6Network
"""A range of addresses."""

MIB = 1024 * 1024
"""Bytes of a mebibyte."""


def _networks(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = []
    for part in filter(None, (part.strip() for part in value.split(","))):
        try:
            found.append(ip_network(part))
        except ValueError as error:
            raise ValueError(f"{error}; write networks like 127.0.0.0/8, separated by commas") from error
    return tuple(found)


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
        default=900.0, ge=1, description="Time between two polls of a feed that names no interval of its own."
    )
    poll_jitter: float = Field(
        default=0.1,
        ge=0,
        le=0.5,
        description="Share of the interval by which polls are moved at random, so that they spread.",
    )
    backoff_max_seconds: float = Field(
        default=86_400.0, ge=1, description="The longest time between two polls of a feed that fails or is gone."
    )
    concurrent_polls: int = Field(default=16, ge=1, le=1000, description="Feeds that are fetched at the same time.")
    polls_per_host: int = Field(default=2, ge=1, le=100, description="Connections to one host at the same time.")
    connect_timeout_seconds: float = Field(default=10.0, gt=0, description="How long connecting to a server may take.")
    fetch_timeout_seconds: float = Field(
        default=30.0, gt=0, description="How long one fetch may take, redirects and body included."
    )
    max_feed_bytes: int = Field(
        default=10 * MIB, ge=1024, description="Largest feed document, as it comes and after decompression."
    )
    max_redirects: int = Field(default=5, ge=0, le=20, description="Redirects that one fetch follows.")
    max_items: int = Field(default=5000, ge=1, le=10_000, description="Items of one document that are looked at.")
    max_seen: int = Field(
        default=5000,
        ge=0,
        le=15_000,
        description="Items that are remembered of a feed beyond those in its current document.",
    )
    allow_networks: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)] = Field(
        default=(),
        description="Networks that feeds may live in although they are private, loopback or otherwise not public, "
        "such as 127.0.0.0/8, separated by commas.",
    )
    user_agent: str = Field(
        default=f"Dateline/{distribution_version('dateline-ingest')} (feed reader)",
        min_length=1,
        pattern=r"^[\x20-\x7e]+$",
        description="What servers are told about who asks; name a way to reach you.",
    )
