"""The report in short, with the course of throughput and lag."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from dateline_status.formatting import count
from dateline_status.history.view import HistoryView, Plot, PlotSeries
from dateline_status.live.sparkline import sparkline
from dateline_status.report import StatusReport
from dateline_status.terminal import plain_table, short_view

__all__ = ["live_view"]

LEFT_COLUMNS = 58
"""Columns that names and numbers take."""

WIDEST = 90
"""A sparkline has at most this many columns."""

PLOTS = (("articles-in", "in"), ("articles-out", "out"), ("sink-rows", "written"))
"""The plots of throughput, and what they are called."""

EVENTS = 4
"""The newest events are shown, at most this many."""


def live_view(report: StatusReport, history: HistoryView | None, *, width: int, note: str = "") -> RenderableType:
    """Return what the terminal shows.

    Args:
        report: the report.
        history: the history of the last minutes, None if there is none yet.
        width: columns of the terminal.
        note: what went wrong with the last refresh, in words.
    """
    return Group(*_parts(report, history, width, note))


def _parts(report: StatusReport, history: HistoryView | None, width: int, note: str) -> Iterator[RenderableType]:
    yield short_view(report)
    if history is not None and history.plots:
        columns = max(8, min(WIDEST, width - LEFT_COLUMNS))
        minutes = (history.end - history.begin) // 60
        yield Text()
        yield _throughput(history, columns, f"last {minutes} min")
        lag = history.plot("lag")
        if lag is not None:
            yield Text()
            yield _lag(lag, columns)
        for event in history.events[-EVENTS:]:
            ago = max(0, int(report.generated.timestamp()) - event.at)
            yield Text(f"  {ago // 60:>3} min ago  {event.service}: {event.text}", style="dim")
    elif history is not None:
        yield Text("\nNo figures have come yet.", style="dim")
    yield Text()
    yield Text(note or "Ctrl-C ends this.", style="yellow" if note else "dim")


def _throughput(history: HistoryView, columns: int, title: str) -> RenderableType:
    rows = plain_table("stage", "", "now/s", "most/s", title, right=("now/s", "most/s"))
    for name, what in PLOTS:
        plot = history.plot(name)
        for series in plot.series if plot is not None else ():
            now, most = _newest(series), max(filter(None, series.values), default=0.0)
            rows.add_row(
                Text(series.label, style="bold"), what, _rate(now), _rate(most), sparkline(series.values, columns)
            )
    return rows


def _lag(plot: Plot, columns: int) -> RenderableType:
    rows = plain_table("group", "", "lag", "most", "", right=("lag", "most"))
    for series in plot.series:
        now, most = _newest(series), max(filter(None, series.values), default=0.0)
        shown = "" if now is None else count(int(now))
        rows.add_row(Text(series.label, style="bold"), "", shown, count(int(most)), sparkline(series.values, columns))
    return rows


def _newest(series: PlotSeries) -> float | None:
    return next((value for value in reversed(series.values) if value is not None), None)


def _rate(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.1f}" if value < 100 else count(round(value))
