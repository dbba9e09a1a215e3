"""The series of a sink: what it counts and measures."""

from dataclasses import dataclass
from typing import Self

from dateline.figures.catalog import RECORDS, SINK_RETRIES, SINK_ROWS, SINK_WRITE_SECONDS
from dateline.figures.meter import Counter, Histogram, Meter

__all__ = ["SinkFigures"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SinkFigures:
    """The series of a sink, of all its partitions together."""

    processed: Counter
    dead_letters: Counter
    rows: Counter
    write_seconds: Histogram
    retries: Counter

    @classmethod
    def of(cls, meter: Meter, group: str, kind: str) -> Self:
        """Return the series of the sink of `group`, which begin at zero; `kind` is the name of its kind."""
        records = meter.counters_by(RECORDS, "outcome", group=group)
        return cls(
            processed=records["processed"],
            dead_letters=records["dead_letter"],
            rows=meter.counter(SINK_ROWS, group=group, kind=kind),
            write_seconds=meter.histogram(SINK_WRITE_SECONDS, group=group, kind=kind),
            retries=meter.counter(SINK_RETRIES, group=group, kind=kind),
        )
