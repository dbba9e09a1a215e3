"""The series of a group: what its tasks count and measure."""

import re
from collections import Counter as Tally
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Self

from aiokafka import TopicPartition
from dateline_schemas.headers import TRACEPARENT, header
from dateline_schemas.topics import DEAD_LETTERS

from dateline.figures.catalog import (
    BATCH_RECORDS,
    COMMIT_SECONDS,
    FAILED_COMMITS,
    OUTPUTS,
    REBALANCES,
    RECORDS,
    RESTORE_SECONDS,
    RETRIES,
    WORK_SECONDS,
)
from dateline.figures.meter import Counter, Histogram, Meter
from dateline.kafka.records import Headers, Output

__all__ = ["SLOW_SECONDS", "GroupFigures", "trace_id_of"]

TRACE = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-")
"""The beginning of a W3C `traceparent`. Records may come from anywhere, and an exemplar has little room."""

EVENT_CHARACTERS = 160
"""The text of an event is cut after this many characters."""

SLOW_SECONDS = 0.1
"""A call of a consumer's function that takes this long is kept as an exemplar, with the trace of its record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFigures:
    """The series of a group; parts of a process that share a meter share them, too."""

    meter: Meter
    group: str
    prefix: str
    processed: Counter
    dead_letters: Counter
    batch_records: Histogram
    commit_seconds: Histogram
    work_seconds: Histogram
    restore_seconds: Histogram
    retries: Counter
    failed_commits: Counter
    rebalances: Counter

    @classmethod
    def of(cls, meter: Meter, group: str, prefix: str = "", *, output: str | None = None) -> Self:
        """Return the series of `group`, which begin at zero.

        Args:
            meter: the meter.
            group: the consumer group.
            prefix: what the names of topics begin with.
            output: full name of the topic of its results; None if there is none.
        """
        records = meter.counters_by(RECORDS, "outcome", group=group)
        found = cls(
            meter=meter,
            group=group,
            prefix=prefix,
            processed=records["processed"],
            dead_letters=records["dead_letter"],
            batch_records=meter.histogram(BATCH_RECORDS, group=group),
            commit_seconds=meter.histogram(COMMIT_SECONDS, group=group),
            work_seconds=meter.histogram(WORK_SECONDS, group=group),
            restore_seconds=meter.histogram(RESTORE_SECONDS, group=group),
            retries=meter.counter(RETRIES, group=group),
            failed_commits=meter.counter(FAILED_COMMITS, group=group),
            rebalances=meter.counter(REBALANCES, group=group),
        )
        if output is not None:
            found.outputs(output)
        return found

    def outputs(self, topic: str) -> Counter:
        """Return the counter of the records that were written to `topic`, a full name."""
        return self.meter.counter(OUTPUTS, group=self.group, topic=topic.removeprefix(self.prefix))

    def worked(self, seconds: float, traceparent: str | None) -> None:
        """Add a call of the consumer's function, for a record of this trace."""
        self.work_seconds.observe(seconds, _trace_id(traceparent) if seconds >= SLOW_SECONDS else None)

    def committed(self, seconds: float, outputs: Sequence[Output]) -> None:
        """Add a transaction that wrote `outputs`, besides the state."""
        self.commit_seconds.observe(seconds, trace_id_of(outputs[0].headers) if outputs else None)
        # The topic is the first field; by its name it takes twice as long.
        for topic, count in Tally(map(itemgetter(0), outputs)).items():
            if topic != DEAD_LETTERS.named(self.prefix):
                self.outputs(topic).add(count)

    def assigned(self, partitions: Collection[TopicPartition]) -> None:
        """Add an assignment of partitions."""
        self.rebalances.add()
        self.meter.event("assigned", self._in_words(partitions))

    def revoked(self, partitions: Collection[TopicPartition]) -> None:
        """Note that partitions were released."""
        self.meter.event("revoked", self._in_words(partitions))

    def _in_words(self, partitions: Collection[TopicPartition]) -> str:
        if not partitions:
            return "no partitions"
        topic = next(iter(partitions)).topic.removeprefix(self.prefix)
        numbers = _ranges(partition.partition for partition in partitions)
        return f"{topic}: {'partition' if len(partitions) == 1 else 'partitions'} {numbers}"[:EVENT_CHARACTERS]


def trace_id_of(headers: Headers | None) -> str | None:
    """Return the id of the trace that the headers of a record name; None if they name none."""
    return _trace_id(header(headers, TRACEPARENT)) if headers else None


def _trace_id(traceparent: str | None) -> str | None:
    match = TRACE.match(traceparent or "")
    return match[1] if match else None


def _ranges(numbers: Iterable[int]) -> str:
    """Return numbers such as `0-3, 7`."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1][1:] = [number]
        else:
            ranges.append([number])
    return ", ".join("-".join(map(str, each)) for each in ranges)
