"""The figures of an instance of a service: what it has counted and measured since its start."""

from typing import Literal

from pydantic import Field

from dateline_schemas.contract import Contract, Timestamp

__all__ = ["MAX_FIGURES_BYTES", "EventKind", "FigureEvent", "FigureValues", "Figures", "Spread"]

MAX_FIGURES_BYTES = 8192
"""A record of `figures` has at most this many bytes; series that do not fit are left out and counted."""

EventKind = Literal["started", "stopped", "failed", "assigned", "revoked", "kafka-lost", "kafka-back"]
"""The kind of an event: an instance came or went, its partitions changed, or Kafka stopped or began to answer."""


class FigureEvent(Contract):
    """Something that happened to an instance."""

    at: Timestamp = Field(description="When it happened.")
    kind: str = Field(description="The kind, such as `started` or `assigned`; later versions may add others.")
    text: str = Field(default="", description="What happened, in words.")


class Spread(Contract):
    """The measured values of a histogram: how many fell into each of its fixed buckets."""

    counts: list[int] = Field(
        description="Number of values in each bucket, which is not cumulative; the last bucket has no upper bound. "
        "Buckets after the last one with a value are left out."
    )
    sum: float = Field(description="Sum of all values.")


class FigureValues(Contract):
    """What an instance has counted and measured since its start.

    A series is named as Prometheus writes it: `dateline_polls_total{outcome="failed"}`. Series that are zero are left
    out. The bounds of a histogram's buckets belong to the metric and never change.
    """

    counters: dict[str, float] = Field(default={}, description="Counts since the start, by series.")
    gauges: dict[str, float] = Field(default={}, description="Current values, by series.")
    histograms: dict[str, Spread] = Field(default={}, description="Measured values since the start, by series.")
    events: list[FigureEvent] = Field(
        default=[], description="What happened in the last minutes, oldest first; a record repeats earlier events."
    )
    left_out: int = Field(default=0, ge=0, description="Number of series that did not fit.")


class Figures(FigureValues):
    """Value of `figures`: the figures of an instance, written once a minute."""

    service: str = Field(min_length=1, description="`ingest`, `enrich`, `status`, or a consumer's group.")
    instance: str = Field(min_length=1, description="Identifies the instance within its service.")
    started: Timestamp = Field(description="Start of the process, at which all counts were zero.")
    at: Timestamp = Field(description="Time of these figures.")
    group: str | None = Field(default=None, description="Consumer group, null if it has none.")

    def to_bytes(self) -> bytes:
        """Write the record as compact JSON in UTF-8, without fields that have their default value."""
        return self.__pydantic_serializer__.to_json(self, exclude_defaults=True)
