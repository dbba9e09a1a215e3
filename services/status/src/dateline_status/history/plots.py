"""Draws the plots of a window from the values of its resolution."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from dateline.figures.catalog import SINCE_FETCH, SINCE_PUBLICATION

from dateline_status.history.grid import OTHERS, Grid
from dateline_status.history.quantiles import quantile
from dateline_status.history.view import Plot, PlotSeries

__all__ = ["MAX_LINES", "plots_of"]

MAX_LINES = 12
"""A plot has at most this many lines; the smallest are added up as `others`."""

QUANTILES = (("p50", 0.5), ("p95", 0.95))
"""The quantiles that are drawn."""

MEASURED_SECONDS = 60
"""A quantile is taken over at least this much time, since a few seconds have few articles."""

CARRIED_SECONDS = 20
"""What was observed holds for this long if nobody has observed since, or for one step."""

Values = list[float | None]


@dataclass(frozen=True, slots=True)
class _Counts:
    """A plot of what was counted, per `seconds`."""

    id: str
    title: str
    unit: str
    seconds: int


STAGES = (
    _Counts("articles-in", "Articles in", "articles/s", 1),
    _Counts("articles-out", "Articles out", "articles/s", 1),
)
"""The plots of the stages."""

OUTCOMES = (
    _Counts("dead-letters-new", "New dead letters", "letters/min", 60),
    _Counts("polls", "Polls by outcome", "polls/min", 60),
    _Counts("pages", "Pages by outcome", "pages/min", 60),
    _Counts("sink-rows", "Rows written by sinks", "rows/s", 1),
)
"""The other plots of counts."""


KEPT = (*STAGES, OUTCOMES[-1])
"""The plots whose lines stay while nothing is counted: stages and sinks that stand still are what people look for."""


def plots_of(grid: Grid, steps: range, own: Collection[str]) -> list[Plot]:
    """Return the plots that have data, in their order.

    Args:
        grid: the values.
        steps: the steps that are drawn.
        own: the pipeline's groups; of other groups, those without lag are not drawn.
    """
    plots = [
        *(_counts(grid, steps, each) for each in STAGES),
        _lag(grid, steps, own),
        _latency(grid, steps, "latency", "From feed to enriched", SINCE_FETCH.bounds),
        _latency(grid, steps, "latency-published", "From publication to enriched", SINCE_PUBLICATION.bounds),
        _letters(grid, steps),
        *(_counts(grid, steps, each) for each in OUTCOMES),
    ]
    return [plot for plot in plots if plot is not None]


def _counts(grid: Grid, steps: range, plot: _Counts) -> Plot | None:
    factor = plot.seconds / grid.tier.step_seconds
    lines = {label: list(grid.counted((plot.id, label), steps)) for label in _labels(grid.counts, plot.id)}
    scaled = {
        label: [None if value is None else value * factor for value in values]
        for label, values in lines.items()
        # A stage that stands still keeps its line.
        if any(values) or (plot in KEPT and _known(values))
    }
    return _plot(plot.id, plot.title, plot.unit, scaled, _sum)


def _lag(grid: Grid, steps: range, own: Collection[str]) -> Plot | None:
    labels = {*own, *_labels(grid.levels, "lag")}
    lines = {label: _carried(grid, list(grid.seen(("lag", label), steps))) for label in labels}
    shown = {label: line for label, line in lines.items() if any(line) or (label in own and _known(line))}
    return _plot("lag", "Lag", "records", shown, lambda line: (_own(line, own), max(filter(None, line[1]), default=0)))


def _letters(grid: Grid, steps: range) -> Plot | None:
    line = _carried(grid, list(grid.seen(("dead-letters", "open"), steps)))
    shown = {"open": line} if _known(line) else {}
    return _plot("dead-letters", "Dead letters that were not replayed", "letters", shown, _sum)


def _latency(grid: Grid, steps: range, name: str, title: str, bounds: Sequence[float]) -> Plot | None:
    spread = max(1, MEASURED_SECONDS // grid.tier.step_seconds)
    longer = range(steps.start - spread + 1, steps.stop)
    if not _labels(grid.counts, name):
        return None
    buckets = [list(grid.counted((name, str(number)), longer)) for number in range(len(bounds) + 1)]
    sums = [list(_sums(bucket, spread)) for bucket in buckets]
    measured = list(zip(*sums, strict=True))
    lines: dict[str, Values] = {
        label: [quantile(share, bounds, counts) for counts in measured] for label, share in QUANTILES
    }
    return _plot(name, title, "s", lines if _known(lines["p50"]) else {}, lambda line: line[0] == "p50")


def _labels(rows: Collection[tuple[str, str]], plot: str) -> list[str]:
    return [label for name, label in rows if name == plot]


def _known(line: Values) -> bool:
    return any(value is not None for value in line)


def _sum(line: tuple[str, Values]) -> float:
    return sum(filter(None, line[1]))


def _own(line: tuple[str, Values], own: Collection[str]) -> bool:
    return line[0] in own


def _sums(values: Values, length: int) -> Iterator[float]:
    """Yield the sum of each `length` values that follow one another."""
    for last in range(length - 1, len(values)):
        yield sum(filter(None, values[last - length + 1 : last + 1]))


def _carried(grid: Grid, values: Values) -> Values:
    """Fill short holes with the value before them."""
    longest = max(1, CARRIED_SECONDS // grid.tier.step_seconds)
    last, age = None, 0
    for index, value in enumerate(values):
        if value is not None:
            last, age = value, 0
        elif (age := age + 1) <= longest:
            values[index] = last
    return values


def _plot(
    name: str, title: str, unit: str, lines: dict[str, Values], rank: Callable[[tuple[str, Values]], object]
) -> Plot | None:
    if not lines:
        return None
    # By name first, so that lines of the same rank have an order.
    ranked: list[tuple[str, Values]] = sorted(lines.items())
    ranked.sort(key=rank, reverse=True)  # type: ignore[arg-type]
    left = [line for line in ranked if line[0] != OTHERS]
    others = [values for label, values in left[MAX_LINES:]] + [values for label, values in ranked if label == OTHERS]
    series = [PlotSeries(label=label, values=_rounded(values)) for label, values in sorted(left[:MAX_LINES])]
    if others:
        together: Values = [
            None if set(each) == {None} else sum(filter(None, each)) for each in zip(*others, strict=True)
        ]
        series.append(PlotSeries(label=OTHERS, values=_rounded(together)))
    return Plot(id=name, title=title, unit=unit, series=series)


def _rounded(values: Values) -> Values:
    return [None if value is None else round(value, 4) for value in values]
