"""The models of the answers: the health of the whole pipeline at one moment."""

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
    "LivenessReport",
    "PageReport",
    "PartitionLag",
    "PipelineReport",
    "ServiceReport",
    "ServiceVerdict",
    "SinkReport",
    "StatusReport",
    "TopicDifference",
    "TopicState",
    "Verdict",
]

HealthStatus = Literal["pass", "warn", "fail"]
"""The statuses of the draft on health checks over HTTP."""

Verdict = Literal["OK", "WARN", "STALL", "STOP"]
"""The verdict on a group's progress on a partition, from good to bad.

WARN: the group falls behind, or was moved back. STALL: it has members but makes no progress. STOP: it has no members,
or has lost its offset or records.
"""

ServiceVerdict = Literal["alive", "late", "stopped", "failed"]
"""The verdict on an instance or a service by its heartbeats."""


class _Report(BaseModel):
    model_config = ConfigDict(frozen=True)


class KafkaReport(_Report):
    """Whether Kafka answers."""

    bootstrap_servers: str = Field(description="The brokers that are contacted first.")
    topic_prefix: str = Field(description="Prefix of the names of the pipeline's topics.")
    reachable: bool = Field(description="Whether the last attempt to read Kafka succeeded.")
    since: Timestamp = Field(description="Start of the current state.")
    error: str | None = Field(default=None, description="The last error, null while Kafka answers.")


class InstanceReport(_Report):
    """One process of a service, by its heartbeats."""

    instance: str = Field(description="Identifies the instance within its service.")
    host: str = Field(description="Name of the machine.")
    pid: int = Field(description="Process id on that machine.")
    version: str = Field(description="Version of the service.")
    started: Timestamp = Field(description="When the process started.")
    heartbeat: Timestamp = Field(description="When the last heartbeat was sent.")
    silent_seconds: float = Field(description="Seconds from that heartbeat to the last read of Kafka.")
    state: str = Field(description="State that the instance reported.")
    verdict: ServiceVerdict = Field(description="alive, late, stopped or failed.")
    reason: str | None = Field(description="Reason of the verdict, null if all is well.")
    replaced: bool = Field(description="Whether a newer instance of the service has replaced it.")
    group: str | None = Field(description="Its consumer group, null if it has none.")
    partitions: int = Field(description="Number of partitions that it owns.")
    details: dict[str, Any] = Field(description="Further details that the service reports.")


class ServiceReport(_Report):
    """A service with its instances."""

    service: str = Field(description="Name of the service.")
    own: bool = Field(description="Whether it belongs to the pipeline; a consumer warns at most.")
    verdict: ServiceVerdict = Field(description="The best verdict of its instances.")
    status: HealthStatus = Field(description="Health that follows for the pipeline.")
    reason: str | None = Field(description="Reason of the verdict, null if all is well.")
    instances: list[InstanceReport] = Field(description="Its instances, newest first.")


class PartitionLag(_Report):
    """The progress of a group on one partition."""

    topic: str = Field(description="Full name of the topic.")
    partition: int = Field(description="Number of the partition.")
    offset: int | None = Field(description="Next offset that the group will read, null if it has none.")
    end: int = Field(description="Last stable offset: the end of the committed records.")
    lag: int | None = Field(description="Records that the group has yet to process; null without an offset.")
    exact: bool = Field(
        description="Whether the records were counted; if not, `lag` is an upper bound that includes transaction "
        "markers and aborted records."
    )
    verdict: Verdict = Field(description="OK, WARN, STALL or STOP.")
    reason: str | None = Field(description="Reason of the verdict, null if all is well.")
    owner: str | None = Field(description="Client id of the member that owns the partition, null if none does.")
    window: float = Field(description="Share of the window that the verdict covers, from 0 to 1.")


class GroupReport(_Report):
    """A consumer group."""

    group: str = Field(description="Name of the group.")
    own: bool = Field(
        description="Whether it belongs to the pipeline, whose health it decides; a consumer's group warns at most."
    )
    started: str | None = Field(description="Who started it, when and where; null if that is not known.")
    verdict: Verdict = Field(description="The worst verdict of its partitions.")
    status: HealthStatus = Field(description="Health that follows for the pipeline.")
    reason: str | None = Field(description="Reason of the verdict, null if all is well.")
    members: int = Field(description="Number of its current members.")
    lag: int = Field(description="Records that it has yet to process, on all partitions.")
    exact: bool = Field(description="Whether the lag was counted on every partition; if not, it is an upper bound.")
    partitions: list[PartitionLag] = Field(description="Its progress on each partition.")


class TopicDifference(_Report):
    """A setting of a topic that differs from the registry."""

    setting: str = Field(description="Name of the setting in Kafka.")
    wanted: str = Field(description="Value in the registry.")
    found: str = Field(description="Value in Kafka.")


class TopicState(_Report):
    """A topic of the registry, compared with the one in Kafka."""

    name: str = Field(description="Full name.")
    description: str = Field(description="What it is for.")
    exists: bool = Field(description="Whether the topic exists in Kafka.")
    partitions: int = Field(description="Number of partitions in Kafka.")
    records: int = Field(description="Number of records that it holds.")
    exact: bool = Field(description="Whether the records were counted; if not, `records` is an upper bound.")
    ends: list[int] = Field(description="Last stable offset of each partition.")
    status: HealthStatus = Field(
        description="pass; warn if the topic is missing or a setting differs; fail if the number of partitions or the "
        "cleanup policy differs."
    )
    differences: list[TopicDifference] = Field(description="Settings that differ.")


class LetterCount(_Report):
    """Dead letters of one group and type of error."""

    group: str = Field(description="Consumer group, or service, that failed.")
    error_type: str = Field(description="Class of the error.")
    count: int = Field(description="Number of dead letters that were not replayed.")
    latest: Timestamp | None = Field(description="Time of the newest failure.")


class LetterReport(_Report):
    """One dead letter."""

    position: str = Field(description="Its position in the topic of dead letters, as partition:offset.")
    origin: str = Field(description="Position or file that the record came from.")
    group: str = Field(description="Consumer group, or service, that failed.")
    stage: str = Field(description="Stage of the group that failed.")
    error_type: str = Field(description="Class of the error.")
    error_message: str = Field(description="Message of the error.")
    failed_at: Timestamp | None = Field(description="When it failed.")
    replayed: bool = Field(description="Whether it was replayed to the group.")


class DeadLetterReport(_Report):
    """Records that could not be processed."""

    open: int = Field(description="Number of dead letters that were not replayed.")
    recent: int = Field(description="Number of open dead letters younger than the limit in the settings.")
    replayed: int = Field(description="Number of dead letters that were replayed.")
    unread: int = Field(description="Number of older offsets of the topic that were not read.")
    counts: list[LetterCount] = Field(description="Open dead letters by group and error type, the most frequent first.")
    last: list[LetterReport] = Field(description="The newest dead letters, newest first.")


class FeedProblem(_Report):
    """A feed with a problem."""

    url: str = Field(description="Address of the feed.")
    name: str | None = Field(description="Display name of the feed.")
    verdict: str = Field(description="QUIET, FAILING or GONE.")
    reason: str | None = Field(description="Reason of the verdict.")
    last_poll: Timestamp | None = Field(description="Time of the last poll.")


class FeedReport(_Report):
    """The feeds that are polled."""

    total: int = Field(description="Number of configured feeds.")
    paused: int = Field(description="Number of paused feeds.")
    verdicts: dict[str, int] = Field(description="Number of feeds by verdict; NEW means not polled yet.")
    problems: list[FeedProblem] = Field(description="At most twenty feeds with problems, the worst first.")


class PageReport(_Report):
    """What waits for pages, as the processes that read pages say in their heartbeats."""

    sites: int = Field(description="Number of sites that something waits for.")
    waiting: int = Field(description="Number of articles that wait for their pages.")
    waiting_bytes: int = Field(description="Bytes of these articles.")
    looks: int = Field(description="Number of later looks at pages that are planned.")
    visits: int = Field(description="Number of requests that are under way.")


class SinkReport(_Report):
    """A sink, as the processes that run it say in their heartbeats."""

    group: str = Field(description="Its consumer group.")
    own: bool = Field(description="Whether the pipeline's settings name it.")
    kind: str = Field(description="The kind, such as postgres.")
    target: str = Field(description="Where it writes, without secrets.")
    state: str = Field(
        description="State that a process reported: starting, running, retrying, stopped or failed; silent if it has "
        "gone without a word."
    )
    trouble: str | None = Field(description="What keeps it from writing, or why it has ended; null if all is well.")
    wait_seconds: float = Field(description="Seconds for which it gathers records before it writes them.")
    records_written: int = Field(description="Records written since its processes started.")
    filtered: int = Field(description="Articles that its conditions left out since then.")
    dead_letters: int = Field(description="Records that became dead letters since then.")
    last_write: Timestamp | None = Field(description="When it last wrote records, null if it never has.")


class PipelineReport(_Report):
    """The snapshot of the last time that Kafka answered."""

    observed: Timestamp = Field(description="Time of the snapshot.")
    seconds: float = Field(description="Time that it took to read Kafka.")
    services: list[ServiceReport] = Field(description="The services, by their heartbeats.")
    groups: list[GroupReport] = Field(description="The consumer groups with their lag.")
    sinks: list[SinkReport] = Field(default_factory=list, description="The sinks, by their heartbeats.")
    topics: list[TopicState] = Field(description="The topics of the pipeline.")
    dead_letters: DeadLetterReport = Field(description="Records that could not be processed.")
    feeds: FeedReport = Field(description="The feeds by verdict.")
    pages: PageReport | None = Field(
        default=None, description="What waits for pages, null if no process that reads pages is alive."
    )


class StatusReport(_Report):
    """The health of the pipeline."""

    status: HealthStatus = Field(description="pass, warn or fail: the worst health of all parts.")
    problems: list[str] = Field(description="All problems, one line each, the worst first.")
    generated: Timestamp = Field(description="Time of the answer.")
    kafka: KafkaReport = Field(description="Whether Kafka answers.")
    pipeline: PipelineReport | None = Field(
        description="The snapshot of the last time that Kafka answered, null if it never has; "
        "outdated while Kafka is down."
    )


class LivenessReport(_Report):
    """Whether the service itself works."""

    ok: bool = Field(description="Whether the service works.")
    reason: str | None = Field(default=None, description="Reason if it does not.")
