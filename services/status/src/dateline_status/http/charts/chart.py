"""Places the lines of a plot in a box of 1000 by 100 units."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dateline_status.history.view import HistoryView, Plot
from dateline_status.http.charts.amounts import amount
from dateline_status.http.charts.axis import ticks

__all__ = ["Chart", "ChartLine", "ChartMark", "chart_of"]

WIDTH = 1000.0
"""Width of the box."""

HEIGHT = 100.0
"""Height of the box."""

TIMES = 4
"""This many times stand below a chart, at equal distances."""

DOT = "h.01"
"""A line this short is drawn as a dot, since its ends are round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartLine:
    """One line: its name, its path and its latest value as text."""

    label: str
    path: str
    latest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartMark:
    """An event: its place in the box, and what happened."""

    x: float
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A plot in its box.

    Attributes:
        lines: its lines.
        marks: the events.
        grid: heights of the steps of the axis.
        texts: the texts beside them, from the top to the bottom.
        times: times below the box at equal distances, in seconds since 1970.
    """

    lines: list[ChartLine]
    marks: list[ChartMark]
    grid: list[float]
    texts: list[str]
    times: list[int]


def chart_of(view: HistoryView, plot: Plot, only: str = "") -> Chart | None:
    """Return a plot of `view` as it is drawn without a script, None if nothing is left of it.

    Args:
        view: the times and the events.
        plot: one of its plots.
        only: label of the one series that is drawn; empty means all.
    """
    drawn = [series for series in plot.series if only in ("", series.label)]
    if not drawn:
        return None
    known = [value for series in drawn for value in series.values if value is not None]
    steps = ticks(max(known, default=0.0), plot.unit)
    span = max(view.end - view.begin, 1)
    x = [(at - view.begin) / span * WIDTH for at in view.times]
    lines = [
        ChartLine(
            label=series.label,
            path=_path(x, series.values, steps[-1]),
            latest=_latest(series.values, plot.unit),
        )
        for series in drawn
    ]
    return Chart(
        lines=lines,
        marks=[
            ChartMark(x=round((event.at - view.begin) / span * WIDTH, 1), kind=event.kind, text=event.text)
            for event in view.events
            if view.begin <= event.at <= view.end
        ],
        grid=[round(HEIGHT - step / steps[-1] * HEIGHT, 2) for step in steps],
        texts=[amount(step, plot.unit) for step in reversed(steps)],
        times=[view.begin + span * number // (TIMES - 1) for number in range(TIMES)],
    )


def _latest(values: Sequence[float | None], unit: str) -> str:
    # The last step may not be complete on every instance.
    return next((amount(value, unit) for value in reversed(values[-3:]) if value is not None), "–")


def _path(x: Sequence[float], values: Sequence[float | None], highest: float) -> str:
    return "".join("M" + "L".join(points) + (DOT if len(points) == 1 else "") for points in _pieces(x, values, highest))


def _pieces(x: Sequence[float], values: Sequence[float | None], highest: float) -> Iterator[list[str]]:
    """Return the points of each piece without a gap."""
    piece: list[str] = []
    for place, value in zip(x, values, strict=True):
        if value is None:
            if piece:
                yield piece
            piece = []
        else:
            piece.append(f"{place:.1f} {HEIGHT - value / highest * HEIGHT:.2f}")
    if piece:
        yield piece
