"""Limits the size of the figures of an instance in a record."""

from collections.abc import Iterator, Sequence

from dateline_schemas import FigureEvent, FigureValues, Spread
from pydantic_core import to_json

from dateline.figures.catalog import METRICS

__all__ = ["fitting"]

EVENTS_SHARE = 4
"""Events take at most this part of the bytes, as a divisor, so that many of them do not displace the figures."""

FRAME = len('{"counters":{},"gauges":{},"histograms":{},"events":[],"left_out":99999}')
"""The bytes around the series and events."""


def fitting(values: FigureValues, most_bytes: int) -> FigureValues:
    """Return as much of `values` as fits into `most_bytes` of compact JSON.

    The oldest events are left out first, then series from the end of the catalogue, which are counted.
    """
    if len(values.model_dump_json(exclude_defaults=True).encode()) <= most_bytes:
        return values
    events = _last_events(values.events, most_bytes // EVENTS_SHARE)
    room = most_bytes - FRAME - sum(_size(event) for event in events)
    series = list(_in_order(values))
    kept: dict[str, dict[str, float | Spread]] = {"counters": {}, "gauges": {}, "histograms": {}}
    for kind, name, value in series:
        room -= _size({name: value})
        if room < 0:
            break
        kept[kind][name] = value
    left_out = len(series) - sum(map(len, kept.values()))
    return FigureValues.model_validate(kept | {"events": events, "left_out": left_out})


def _size(value: object) -> int:
    """Return the bytes of an event or a series with the comma that follows it."""
    return len(to_json(value)) + 1


def _last_events(events: Sequence[FigureEvent], most_bytes: int) -> list[FigureEvent]:
    kept: list[FigureEvent] = []
    for event in reversed(events):
        most_bytes -= _size(event)
        if most_bytes < 0:
            break
        kept.insert(0, event)
    return kept


def _in_order(values: FigureValues) -> Iterator[tuple[str, str, float | Spread]]:
    """Yield the kind, the name and the value of each series, in the order of the catalogue."""
    found: dict[str, list[tuple[str, str, float | Spread]]] = {}
    for kind in ("counters", "gauges", "histograms"):
        for name, value in getattr(values, kind).items():
            found.setdefault(name.partition("{")[0], []).append((kind, name, value))
    for metric in METRICS:
        yield from found.get(metric.name, ())
