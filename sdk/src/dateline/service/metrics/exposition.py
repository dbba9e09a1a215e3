"""Writes the figures of a process in the formats of Prometheus."""

from collections.abc import Iterable, Sequence

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from dateline.figures.meter import Meter
from dateline.service.metrics.collector import MeterCollector

__all__ = ["metrics_registry_of", "metrics_text"]


def metrics_registry_of(
    meters: Sequence[Meter], *, service: str, version: str, also: Iterable[Collector] = ()
) -> CollectorRegistry:
    """Return a registry with the figures of `meters`, of the process and of Python, and what `also` collects."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(MeterCollector(meters, service=service, version=version))
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    for each in also:
        registry.register(each)
    return registry


def metrics_text(
    meters: Sequence[Meter], accept: str | None, *, service: str, version: str, also: Iterable[Collector] = ()
) -> tuple[bytes, str]:
    """Return the figures of a process as text, and its media type.

    Args:
        meters: the meters of the process.
        accept: the header `Accept` of the request; it chooses between OpenMetrics, with exemplars, and plain text.
        service: name of the service.
        version: its version.
        also: further collectors.
    """
    encode, media_type = choose_encoder(accept or "")
    return encode(metrics_registry_of(meters, service=service, version=version, also=also)), media_type
