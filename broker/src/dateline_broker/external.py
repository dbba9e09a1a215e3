"""A broker that somebody else runs."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ExternalBroker"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalBroker:
    """The address of a Kafka that is there already."""

    bootstrap_servers: str
