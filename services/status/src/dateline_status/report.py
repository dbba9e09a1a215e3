"""What the status service answers: the health of the whole pipeline at one moment."""

from typing import Any, Literal

from dateline_schemas import Timestamp
from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "DeadLetterReport",
    "FeedProblem",
    "FeedReport",
    "GroupReport",
    "HealthStatus",
    "InstanceReport",
    "KafkaReport",
    "LetterCount",
    "LetterReport",
    "Liveness",
    "PartitionLag",
    "PipelineReport",
    "ServiceReport",
    "ServiceVerdict",
    "StatusReport",
    "TopicDifference",
    "TopicState",
    "Verdict",
]

HealthStatus = Literal["pass", "warn", "fail"]
"""The words of the draft on health checks over HTTP."""

Verdict = Literal["OK", "WARN", "STALL", "STOP"]
"""How a group does on a partition, from good to bad: WARN falls behind or was moved back, STALL has an owner that
does not move, STOP has nobody."""

ServiceVerdict = Literal["alive", "late", "stopped", "failed"]
"""How an instance or a service does, by its heartbeats."""


class _Report(BaseModel):
    model_config = ConfigDict(frozen=True)


class KafkaReport(_Report):
    """Whether Kafka answers."""

    bootstrap_servers: str = Field(description="The brokers that are asked first.")
    topic_prefix: str = Field(description="What the names of the pipeline's topics begin with.")
    reachable: bool = Field(description="Whether the last attempt to look at Kafka succeeded.")
    since: Timestamp = Field(description="Since when it has been so.")
    error: str | None = Field(default=None, description="What went wrong last, null while Kafka answers.")


class InstanceReport(_Report):
    """One process of a service, as its heartbeats tell."""

    instance: str = Field(description="Tells the instances of a service apart.")
    host: str = Field(description="Name of the machine.")
    pid: int = Field(description="Process number on that machine.")
    version: str = Field(description="Version of the service.")
    started: Timestamp = Field(description="When the process started.")
    heartbeat: Timestamp = Field(description="When the last heartbeat was sent.")
    silent_seconds: float = Field(description="How long ago that was when Kafka was last looked at.")
    state: str = Field(description="What the instance said that it was doing.")
    verdict: ServiceVerdict = Field(description="What is to be thought of it.")
    reason: str | None = Field(description="Why, null where all is well.")
    replaced: bool = Field(description="Whether a newer instance of the service took its place.")
    group: str | None = Field(description="Its consumer group, if it consumes.")
    partitions: int = Field(description="How many partitions it owns.")
    details: dict[str, Any] = Field(description="What else the service wants to show.")


class ServiceReport(_Report):
    """A service with its instances."""

    service: str = Field(description="Name of the service.")
    verdict: ServiceVerdict = Field(description="The best of what its instances are.")
    status: HealthStatus = Field(description="What that means for the pipeline.")
    reason: str | None = Field(description="Why, null where all is well.")
    instances: list[InstanceReport] = Field(description="Its instances, the newest first.")


class PartitionLag(_Report):
    """How far a group is on one partition."""

    topic: str = Field(description="Full name of the topic.")
    partition: int = Field(description="Number of the partition.")
    offset: int | None = Field(description="Next offset that the group will read, null where it has none.")
    end: int = Field(description="Last stable offset: what a reader of committed records can reach.")
    lag: int | None = Field(
        description="Records between the two that the group has yet to process; null without an offset."
    )
    exact: bool = Field(
        description="Whether they were counted; if not, `lag` is an upper bound that includes marks of transactions "
        "and aborted records."
    )
    verdict: Verdict = Field(description="OK, WARN, STALL or STOP.")
    reason: str | None = Field(description="Why, null where all is well.")
    owner: str | None = Field(description="Client id of the member that has the partition.")
    window: float = Field(description="Share of the window that the verdict could look at, from 0 to 1.")


class GroupReport(_Report):
    """A consumer group."""

    group: str = Field(description="Name of the group.")
    verdict: Verdict = Field(description="The worst of its partitions.")
    reason: str | None = Field(description="Why, null where all is well.")
    members: int = Field(description="Members that the group has now.")
    lag: int = Field(description="Records that it has yet to process on all partitions.")
    exact: bool = Field(description="Whether that is counted on every partition and not an upper bound.")
    partitions: list[PartitionLag] = Field(description="Each partition by itself.")


class TopicDifference(_Report):
    """A setting of a topic that is not what the registry says."""

    setting: str = Field(description="Kafka's name of the setting.")
    wanted: str = Field(description="What it should be.")
    found: str = Field(description="What it is.")


class TopicState(_Report):
    """A topic of the registry beside what Kafka has."""

    name: str = Field(description="Full name.")
    description: str = Field(description="What it is for.")
    exists: bool = Field(description="Whether Kafka has it.")
    partitions: int = Field(description="Number of partitions that it has.")
    records: int = Field(description="Records that it holds.")
    exact: bool = Field(description="Whether they were counted; if not, `records` is an upper bound.")
    ends: list[int] = Field(description="Last stable offset of each partition.")
    status: HealthStatus = Field(description="fail: keys and partitions no longer mean the same.")
    differences: list[TopicDifference] = Field(description="Settings that differ.")


class LetterCount(_Report):
    """Dead letters of one group and type of error."""

    group: str = Field(description="Consumer group, or service, that failed.")
    error_type: str = Field(description="Class of the error.")
    count: int = Field(description="Dead letters, those that were replayed not counted.")
    latest: Timestamp | None = Field(description="When the newest of them failed.")


class LetterReport(_Report):
    """One dead letter."""

    position: str = Field(description="Where it stands, as partition:offset of the dead letters.")
    origin: str = Field(description="Where the record came from.")
    group: str = Field(description="Consumer group, or service, that failed.")
    stage: str = Field(description="Part of it that failed.")
    error_type: str = Field(description="Class of the error.")
    error_message: str = Field(description="What it says.")
    failed_at: Timestamp | None = Field(description="When it failed.")
    replayed: bool = Field(description="Whether it was given back to the group.")


class DeadLetterReport(_Report):
    """Records that could not be processed."""

    open: int = Field(description="Dead letters that were not replayed.")
    recent: int = Field(description="How many of them are younger than a limit.")
    replayed: int = Field(description="Dead letters that were replayed.")
    unread: int = Field(description="Older offsets of the topic that were not looked at, an upper bound.")
    counts: list[LetterCount] = Field(description="Open ones by group and type of error, the most frequent first.")
    last: list[LetterReport] = Field(description="The newest, newest first.")


class FeedProblem(_Report):
    """A feed that is not well."""

    url: str = Field(description="Its address.")
    name: str | None = Field(description="Its name for people.")
    verdict: str = Field(description="QUIET, FAILING or GONE.")
    reason: str | None = Field(description="Why.")
    last_poll: Timestamp | None = Field(description="When it was last polled.")


class FeedReport(_Report):
    """The feeds that are polled."""

    total: int = Field(description="Feeds that are configured.")
    paused: int = Field(description="Feeds that are not to be polled for now.")
    verdicts: dict[str, int] = Field(description="How many feeds have each verdict; NEW: not polled yet.")
    problems: list[FeedProblem] = Field(description="Those that are not well, the worst first, at most twenty.")


class PipelineReport(_Report):
    """What was seen the last time that Kafka answered."""

    observed: Timestamp = Field(description="When that was.")
    seconds: float = Field(description="How long the look took.")
    services: list[ServiceReport] = Field(description="Services by their heartbeats.")
    groups: list[GroupReport] = Field(description="Consumer groups with their lag.")
    topics: list[TopicState] = Field(description="Topics of the pipeline.")
    dead_letters: DeadLetterReport = Field(description="Records that could not be processed.")
    feeds: FeedReport = Field(description="Feeds by verdict.")


class StatusReport(_Report):
    """The health of the pipeline."""

    status: HealthStatus = Field(description="pass, warn or fail: the worst of everything.")
    problems: list[str] = Field(description="What is wrong, one line each, the worst first.")
    generated: Timestamp = Field(description="When this was answered.")
    kafka: KafkaReport = Field(description="Whether Kafka answers.")
    pipeline: PipelineReport | None = Field(
        description="What was seen when Kafka last answered, null where it never has; old while Kafka is down."
    )


class Liveness(_Report):
    """Whether the service itself is well."""

    ok: bool = Field(description="Whether it is.")
    reason: str | None = Field(default=None, description="Why not.")
