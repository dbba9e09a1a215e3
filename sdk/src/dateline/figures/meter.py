"""Holds the figures of one instance; adding to them costs a fraction of a microsecond and needs no lock."""

import math
import time
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dateline_schemas import FigureEvent, FigureValues, Spread
from dateline_schemas.records.figures import EventKind

from dateline.clock import utc_now
from dateline.figures.metric import Metric

__all__ = ["Counter", "Exemplar", "Gauge", "Histogram", "Meter"]

EVENTS = 32
"""At most this many events are kept."""

PENDING_VALUES = 256
"""At most this many values of a histogram wait until they are sorted into the buckets."""

EVENT_AGE = timedelta(minutes=15)
"""Older events are not repeated."""


@dataclass(slots=True)
class Counter:
    """One series of a counter."""

    labels: dict[str, str]
    value: float = 0

    def add(self, amount: float = 1) -> None:
        """Count `amount` more."""
        self.value += amount


@dataclass(slots=True)
class Gauge:
    """One series of a gauge: set, or read when it is needed."""

    labels: dict[str, str]
    value: float = 0
    read: Callable[[], float] | None = None

    def current(self) -> float:
        """Return the current value."""
        return self.value if self.read is None else self.read()


Exemplar = tuple[str, float, float]
"""Id of the trace of a measured value, the value, and the time (seconds since the epoch)."""


class Histogram:
    """One series of a histogram.

    Values are sorted into the buckets many at a time, which takes a fifth of the time.
    """

    __slots__ = ("_counts", "_pending", "_sum", "bounds", "exemplars", "labels")

    def __init__(self, labels: dict[str, str], bounds: tuple[float, ...]) -> None:
        self.labels = labels
        self.bounds = bounds
        self.exemplars: list[Exemplar | None] = [None] * (len(bounds) + 1)
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0
        self._pending: list[float] = []

    @property
    def counts(self) -> list[int]:
        """How many values each bucket has; the last one has no upper bound."""
        self._sort()
        return list(self._counts)

    @property
    def sum(self) -> float:
        """The sum of all values."""
        self._sort()
        return self._sum

    def observe(self, value: float, trace_id: str | None = None) -> None:
        """Add a measured value; `trace_id` names the trace that it belongs to."""
        self._pending.append(value)
        if len(self._pending) >= PENDING_VALUES:
            self._sort()
        if trace_id is not None:
            self.exemplars[bisect_left(self.bounds, value)] = (trace_id, value, time.time())

    def _sort(self) -> None:
        pending, self._pending = self._pending, []
        if not pending:
            return
        pending.sort()
        self._sum += math.fsum(pending)
        below = 0
        for bucket, bound in enumerate(self.bounds):
            upto = bisect_right(pending, bound, below)
            self._counts[bucket] += upto - below
            below = upto
        self._counts[-1] += len(pending) - below


@dataclass(slots=True, kw_only=True)
class Meter:
    """The figures of one instance. Series are made once and kept by whoever adds to them.

    Threads may add to one series: CPython switches between them at calls and jumps, not within an addition.
    """

    now: Callable[[], datetime] = utc_now
    counters: dict[Metric, dict[str, Counter]] = field(default_factory=dict, init=False)
    gauges: dict[Metric, dict[str, Gauge]] = field(default_factory=dict, init=False)
    histograms: dict[Metric, dict[str, Histogram]] = field(default_factory=dict, init=False)
    _events: deque[FigureEvent] = field(default_factory=lambda: deque(maxlen=EVENTS), init=False)

    def counter(self, metric: Metric, **labels: str) -> Counter:
        """Return the series of a counter with these labels, which begins at zero."""
        return self.counters.setdefault(metric, {}).setdefault(metric.series(**labels), Counter(labels))

    def counters_by(self, metric: Metric, label: str, **labels: str) -> dict[str, Counter]:
        """Return all series of a counter by the values of `label`, given its other labels."""
        return {each[label]: self.counter(metric, **each) for each in metric.combinations(**labels)}

    def gauge(self, metric: Metric, read: Callable[[], float] | None = None, **labels: str) -> Gauge:
        """Return the series of a gauge with these labels; `read` returns its value when it is needed."""
        return self.gauges.setdefault(metric, {}).setdefault(metric.series(**labels), Gauge(labels, 0, read))

    def histogram(self, metric: Metric, **labels: str) -> Histogram:
        """Return the series of a histogram with these labels."""
        series = self.histograms.setdefault(metric, {})
        return series.setdefault(metric.series(**labels), Histogram(labels, metric.bounds))

    def event(self, kind: EventKind, text: str = "") -> None:
        """Note that something happened now."""
        self._events.append(FigureEvent(at=self.now(), kind=kind, text=text))

    def events(self) -> Iterator[FigureEvent]:
        """Yield the events of the last minutes, oldest first."""
        oldest = self.now() - EVENT_AGE
        return (event for event in self._events if event.at >= oldest)

    def values(self) -> FigureValues:
        """Return everything that is not zero, for a heartbeat or a record of `figures`."""
        counters = {name: each.value for of in self.counters.values() for name, each in of.items() if each.value}
        gauges = {name: value for of in self.gauges.values() for name, g in of.items() if (value := g.current())}
        spreads = {
            name: Spread(counts=_trimmed(counts), sum=round(each.sum, 6))
            for of in self.histograms.values()
            for name, each in of.items()
            if any(counts := each.counts)
        }
        return FigureValues(counters=counters, gauges=gauges, histograms=spreads, events=list(self.events()))


def _trimmed(counts: list[int]) -> list[int]:
    last = max(index for index, count in enumerate(counts) if count)
    return counts[: last + 1]
