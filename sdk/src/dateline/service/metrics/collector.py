"""Turns meters into metric families of prometheus_client."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector
from prometheus_client.samples import Exemplar

from dateline.figures.catalog import METRICS
from dateline.figures.meter import Histogram, Meter
from dateline.figures.metric import Metric

__all__ = ["MeterCollector"]


class MeterCollector(Collector):
    """Collects the series of all meters of a process, and what the process is.

    It may run in another thread than those that count: it sees each number as it is at that moment.

    Args:
        meters: the meters; no two of them have a series in common.
        service: name of the service, for `dateline_build_info`.
        version: its version.
    """

    def __init__(self, meters: Sequence[Meter], *, service: str, version: str) -> None:
        self._meters = meters
        self._service = service
        self._version = version

    def describe(self) -> Iterable[Family]:
        """Return nothing: otherwise the registry would collect everything once more to learn the names."""
        return []

    def collect(self) -> Iterator[Family]:
        """Yield the families that have series, in the order of the catalogue."""
        yield InfoMetricFamily(
            "dateline_build",
            "The service and its version; always 1.",
            value={"service": self._service, "version": self._version},
        )
        for metric in METRICS:
            family = self._family(metric)
            if family.samples:
                yield family

    def _family(self, metric: Metric) -> Family:
        if metric.kind == "counter":
            counter = CounterMetricFamily(metric.name.removesuffix("_total"), metric.text, labels=metric.labels)
            for meter in self._meters:
                for one in list(meter.counters.get(metric, {}).values()):
                    counter.add_metric([one.labels[label] for label in metric.labels], one.value)
            return counter
        if metric.kind == "gauge":
            gauge = GaugeMetricFamily(metric.name, metric.text, labels=metric.labels)
            for meter in self._meters:
                for each in list(meter.gauges.get(metric, {}).values()):
                    gauge.add_metric([each.labels[label] for label in metric.labels], each.current())
            return gauge
        histogram = HistogramMetricFamily(metric.name, metric.text, labels=metric.labels)
        for meter in self._meters:
            for spread in list(meter.histograms.get(metric, {}).values()):
                values = [spread.labels[label] for label in metric.labels]
                histogram.add_metric(values, _buckets(spread), spread.sum)
        return histogram


def _buckets(series: Histogram) -> list[tuple[str, float] | tuple[str, float, Exemplar]]:
    """Return the upper bound of each bucket, how many values are not above it, and an exemplar if there is one."""
    buckets: list[tuple[str, float] | tuple[str, float, Exemplar]] = []
    counts = accumulate(series.counts)
    uppers = (*map(str, series.bounds), "+Inf")
    for upper, count, exemplar in zip(uppers, counts, list(series.exemplars), strict=True):
        if exemplar is None:
            buckets.append((upper, count))
        else:
            trace_id, value, at = exemplar
            buckets.append((upper, count, Exemplar({"trace_id": trace_id}, value, at)))
    return buckets
