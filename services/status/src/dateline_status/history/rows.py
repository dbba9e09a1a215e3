"""Turns the series of a record into the lines of the plots."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from dateline.figures.catalog import (
    ARTICLES,
    OUTPUTS,
    PAGES,
    POLLS,
    RECORDS,
    SEEN_DEAD_LETTERS,
    SEEN_LAG,
    SINCE_FETCH,
    SINCE_PUBLICATION,
    SINK_ROWS,
)

from dateline_status.history.grid import Row

__all__ = ["counted_rows", "observed_rows"]

MAX_ROWS = 200
"""At most this many lines are taken from a record."""

MAX_LABEL = 100
"""A label has at most this many characters."""

LARGEST = 2.0**63
"""A larger number is not believed."""

SERIES = re.compile(r'([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\]|\\.)*",?)*)\})?')
"""The name of a series as Prometheus writes it."""

LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')
"""A label with its value."""

NO_ARTICLES = frozenset({"ingest"})
"""Services whose groups read no articles."""

OWN_ARTICLES = frozenset({"ingest", "pages"})
"""Services that count the articles that they write themselves."""

Labels = Mapping[str, str]


def _records(service: str, labels: Labels) -> Row | None:
    if labels.get("outcome") == "dead_letter":
        return "dead-letters-new", labels["group"]
    return None if service in NO_ARTICLES else ("articles-in", labels["group"])


def _outputs(service: str, labels: Labels) -> Row | None:
    return None if service in OWN_ARTICLES else ("articles-out", labels["group"])


def _articles(_: str, labels: Labels) -> Row:
    return "articles-out", "pages" if labels["origin"] == "page" else "ingest"


COUNTED: dict[str, Callable[[str, Labels], Row | None]] = {
    RECORDS.name: _records,
    OUTPUTS.name: _outputs,
    ARTICLES.name: _articles,
    POLLS.name: lambda _, labels: ("polls", labels["outcome"]),
    PAGES.name: lambda _, labels: ("pages", labels["outcome"]),
    SINK_ROWS.name: lambda _, labels: ("sink-rows", labels["group"]),
}
"""The line of a counter's series, given the service and its labels."""

MEASURED: dict[str, list[Row]] = {
    metric.name: [(plot, str(number)) for number in range(len(metric.bounds) + 1)]
    for metric, plot in ((SINCE_FETCH, "latency"), (SINCE_PUBLICATION, "latency-published"))
}
"""The lines of a histogram's series, one for each bucket."""

OBSERVED: dict[str, Callable[[str, Labels], Row | None]] = {
    SEEN_LAG.name: lambda _, labels: ("lag", labels["group"]),
    SEEN_DEAD_LETTERS.name: lambda _, __: ("dead-letters", "open"),
}
"""The line of a gauge's series."""


def counted_rows(service: str, figures: Mapping[str, Any]) -> dict[Row, float]:
    """Return the cumulative counts of a record by line; anything unexpected in it is ignored."""
    rows: dict[Row, float] = {}
    for name, value in _mapping(figures.get("counters")).items():
        row = _counted_row(service, name)
        if row is not None and _is_count(value) and (row in rows or len(rows) < MAX_ROWS):
            rows[row] = rows.get(row, 0.0) + value
    for name, spread in _mapping(figures.get("histograms")).items():
        buckets = MEASURED.get(name)
        counts = spread.get("counts") if buckets and isinstance(spread, dict) else None
        if buckets and isinstance(counts, list):
            rows |= {row: count for row, count in zip(buckets, counts, strict=False) if count and _is_count(count)}
    return rows


def observed_rows(figures: Mapping[str, Any]) -> dict[Row, float]:
    """Return what a status service has observed, by line."""
    rows: dict[Row, float] = {}
    for name, value in _mapping(figures.get("gauges")).items():
        row = _row(OBSERVED, "status", name)
        if row is not None and _is_count(value) and len(rows) < MAX_ROWS:
            rows[row] = float(value)
    return rows


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_count(value: Any) -> bool:
    # A truth value is not a count, and NaN is not between two numbers.
    return type(value) in (int, float) and 0 <= value < LARGEST


# The names repeat in every record.
@lru_cache(maxsize=4096)
def _counted_row(service: str, name: str) -> Row | None:
    return _row(COUNTED, service, name)


def _row(table: Mapping[str, Callable[[str, Labels], Row | None]], service: str, name: str) -> Row | None:
    if name.partition("{")[0] not in table or len(name) > 10 * MAX_LABEL:
        return None
    match = SERIES.fullmatch(name)
    if match is None:
        return None
    labels = {label: re.sub(r"\\(.)", _unescaped, value)[:MAX_LABEL] for label, value in LABEL.findall(match[2] or "")}
    try:
        return table[match[1]](service, labels)
    except KeyError:
        return None


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] == "n" else match[1]
