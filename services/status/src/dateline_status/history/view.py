"""The history as it is drawn: plots over a window of time, and what happened in it."""

from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["WINDOW_NAMES", "History", "HistoryView", "Plot", "PlotSeries", "TimelineEvent", "WindowName"]

WindowName = Literal["15m", "1h", "6h", "24h", "48h"]
"""The windows that can be asked for."""

WINDOW_NAMES: tuple[WindowName, ...] = ("15m", "1h", "6h", "24h", "48h")
"""All windows, the shortest first."""


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class PlotSeries(_View):
    """One line of a plot."""

    label: str = Field(description="What it shows, such as a group or an outcome.")
    values: list[float | None] = Field(description="One value for each of the times; null where nothing is known.")


class Plot(_View):
    """A plot with data."""

    id: str = Field(description="Identifies the plot, such as `lag`.")
    title: str = Field(description="What it shows, in words.")
    unit: str = Field(description="Unit of the values, such as `articles/s`, `records` or `s`.")
    series: list[PlotSeries] = Field(description="Its lines, at least one; `others` sums up those that did not fit.")


class TimelineEvent(_View):
    """Something that happened to an instance, to the partitions of a group, or to Kafka."""

    at: int = Field(description="When it happened, in seconds since 1970 (UTC); several merged ones began then.")
    kind: str = Field(
        description="started, stopped, failed, silent, assigned, revoked, kafka-lost or kafka-back; later versions "
        "may add others."
    )
    text: str = Field(description="What happened, in words.")
    service: str = Field(description="The service whose instance it happened to.")
    count: int = Field(default=1, description="Number of events that were merged into this one.")


class HistoryView(_View):
    """What the pipeline did in a window of time.

    A time is the end of a step; a value belongs to the step that ends then.
    """

    window: WindowName = Field(description="The window.")
    begin: int = Field(description="Begin of the window, in seconds since 1970 (UTC).")
    end: int = Field(description="End of the last step.")
    step_seconds: int = Field(description="Length of a step.")
    complete: bool = Field(description="Whether everything has been read that Kafka still has of this window.")
    times: list[int] = Field(description="The end of each step, in seconds since 1970 (UTC), ascending.")
    plots: list[Plot] = Field(description="The plots; one without data is left out.")
    events: list[TimelineEvent] = Field(description="What happened, oldest first.")

    def plot(self, name: str) -> Plot | None:
        """Return the plot with this id, None if it has no data."""
        return next((plot for plot in self.plots if plot.id == name), None)


class History(Protocol):
    """The source of the history."""

    def view(self, window: WindowName) -> HistoryView:
        """Return what is known of a window; this is quick and reads nothing."""
        ...
