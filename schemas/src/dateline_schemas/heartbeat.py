"""A service's sign of life."""

from typing import Any, Literal

from pydantic import Field

from dateline_schemas.contract import Contract, Timestamp

__all__ = ["Heartbeat", "PartitionProgress", "ServiceState"]

ServiceState = Literal["starting", "running", "retrying", "stopping", "stopped", "failed"]
"""What a service is doing."""


class PartitionProgress(Contract):
    """What an instance has done with one partition since it got it."""

    topic: str = Field(description="Full name of the topic.")
    partition: int = Field(ge=0, description="Number of the partition.")
    offset: int | None = Field(default=None, ge=0, description="Next offset to read, null until known.")
    records: int = Field(default=0, ge=0, description="Records done.")
    dead_letters: int = Field(default=0, ge=0, description="Records that became dead letters.")
    last_commit: Timestamp | None = Field(default=None, description="When it last committed.")


class Heartbeat(Contract):
    """Value of `heartbeats`: an instance of a service says that it lives, and what it does."""

    service: str = Field(min_length=1, description="`ingest`, `enrich`, `status`, or a consumer's group.")
    instance: str = Field(min_length=1, description="Tells the instances of a service apart.")
    host: str = Field(description="Name of the machine.")
    pid: int = Field(ge=0, description="Process number on that machine.")
    version: str = Field(description="Version of the service.")
    started: Timestamp = Field(description="When the process started.")
    at: Timestamp = Field(description="When this heartbeat was sent.")
    state: ServiceState = Field(description="What the service is doing.")
    reason: str | None = Field(default=None, description="Why, where the state calls for it.")
    group: str | None = Field(default=None, description="Consumer group, if it consumes.")
    interval_seconds: float = Field(gt=0, description="Seconds until the next heartbeat is due.")
    partitions: list[PartitionProgress] = Field(
        default_factory=list, description="The partitions that this instance owns."
    )
    details: dict[str, Any] = Field(default_factory=dict, description="What else the service wants to show.")
