"""The heartbeat of an instance of a service."""

from typing import Any, Literal

from pydantic import Field

from dateline_schemas.contract import Contract, Timestamp
from dateline_schemas.records.figures import FigureValues

__all__ = ["Heartbeat", "PartitionProgress", "ServiceState"]

ServiceState = Literal["starting", "running", "retrying", "stopping", "stopped", "failed"]
"""The state of an instance."""


class PartitionProgress(Contract):
    """The progress of an instance on one partition since the partition was assigned to it."""

    topic: str = Field(description="Full name of the topic.")
    partition: int = Field(ge=0, description="Number of the partition.")
    offset: int | None = Field(default=None, ge=0, description="Next offset to read, null until known.")
    records: int = Field(default=0, ge=0, description="Number of records processed.")
    dead_letters: int = Field(default=0, ge=0, description="Number of records that became dead letters.")
    last_commit: Timestamp | None = Field(default=None, description="Time of the last commit.")


class Heartbeat(Contract):
    """Value of `heartbeats`: an instance of a service is alive, and what it is doing."""

    service: str = Field(min_length=1, description="`ingest`, `enrich`, `status`, or a consumer's group.")
    instance: str = Field(min_length=1, description="Identifies the instance within its service.")
    host: str = Field(description="Name of the machine.")
    pid: int = Field(ge=0, description="Process id on that machine.")
    version: str = Field(description="Version of the service.")
    started: Timestamp = Field(description="Start of the process.")
    at: Timestamp = Field(description="Time of this heartbeat.")
    state: ServiceState = Field(description="State of the instance.")
    reason: str | None = Field(default=None, description="Reason of the state, if it needs one.")
    group: str | None = Field(default=None, description="Consumer group, null if it has none.")
    interval_seconds: float = Field(gt=0, description="Seconds until the next heartbeat is due.")
    partitions: list[PartitionProgress] = Field(
        default_factory=list, description="The partitions that this instance owns."
    )
    details: dict[str, Any] = Field(default_factory=dict, description="Further details that the service reports.")
    figures: FigureValues | None = Field(
        default=None, description="What the instance has counted and measured since its start."
    )
