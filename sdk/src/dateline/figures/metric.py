"""The definition of a metric: its name, its labels, and the bounds of its buckets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Literal

__all__ = ["Metric", "MetricKind"]

MetricKind = Literal["counter", "gauge", "histogram"]
"""The kinds of metrics, in the terms of Prometheus."""


# Compared by identity: each metric is defined once.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Metric:
    """A metric. Its name and labels follow the conventions of Prometheus.

    Attributes:
        name: the name with its base unit; that of a counter ends in `_total`.
        kind: what it is.
        text: what it says, in words.
        labels: names of its labels; none of them has values without bound.
        values: the values of those labels that have a fixed set of them; such series exist from the start, at zero.
        bounds: upper bounds of a histogram's buckets, ascending, without infinity.
    """

    name: str
    kind: MetricKind
    text: str
    labels: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bounds: tuple[float, ...] = ()

    def series(self, **labels: str) -> str:
        """Return the name of a series as Prometheus writes it.

        Raises:
            ValueError: the labels are not those of the metric.
        """
        if set(labels) != set(self.labels):
            raise ValueError(f"{self.name} has the labels {self.labels}, not {tuple(labels)}")
        inner = ",".join(f'{label}="{_escaped(labels[label])}"' for label in self.labels)
        return f"{self.name}{{{inner}}}" if inner else self.name

    def combinations(self, **known: str) -> list[dict[str, str]]:
        """Return the labels of all series that exist from the start, given the values of the other labels."""
        free = [label for label in self.labels if label not in known]
        return [known | dict(zip(free, each, strict=True)) for each in product(*(self.values[n] for n in free))]


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
