"""A broker that runs outside this package."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ExternalBroker"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalBroker:
    """The address of a Kafka that runs already."""

    bootstrap_servers: str
