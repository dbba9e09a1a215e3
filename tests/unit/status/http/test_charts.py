"""Plots as SVG, their axes and their values as text."""

import asyncio
import re

import pytest
from dateline_status.history.view import HistoryView, Plot, PlotSeries, TimelineEvent
from dateline_status.http.access.access import Access
from dateline_status.http.charts.amounts import amount
from dateline_status.http.charts.axis import ticks
from dateline_status.http.charts.chart import chart_of
from dateline_status.http.site import Website
from dateline_status.pulse import Pulse
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0, "records", "0"),
        (0.034, "articles/s", "0.03"),
        (12.34, "records", "12.3"),
        (9999.0, "records", "9999"),
        (12_345.0, "records", "12.3 k"),
        (2_500_000.0, "records", "2.5 M"),
        (0.35, "s", "350 ms"),
        (0.0, "s", "0 s"),
        (90.0, "s", "1.5 min"),
        (7200.0, "s", "2 h"),
    ],
)
def test_values_are_short_and_seconds_have_a_unit_that_fits(value: float, unit: str, text: str) -> None:
    assert amount(value, unit) == text


@given(st.floats(min_value=1e-6, max_value=1e12), st.sampled_from(["records", "s"]))
def test_an_axis_begins_at_zero_covers_everything_and_has_few_steps(highest: float, unit: str) -> None:
    steps = ticks(highest, unit)
    assert steps[0] == 0
    assert steps[-1] >= highest * (1 - 1e-6)
    assert 2 <= len(steps) <= 6


def a_view(*values: float | None) -> HistoryView:
    return HistoryView(
        window="15m",
        begin=1000,
        end=1000 + 10 * len(values),
        step_seconds=10,
        complete=True,
        times=[1000 + 10 * (number + 1) for number in range(len(values))],
        plots=[Plot(id="lag", title="Lag", unit="records", series=[PlotSeries(label="enrich", values=list(values))])],
        events=[TimelineEvent(at=1010, kind="started", text="<b>enrich-1</b> started", service="enrich")],
    )


def test_a_gap_in_the_values_is_a_gap_in_the_line_and_a_single_value_is_a_dot() -> None:
    view = a_view(1.0, 2.0, None, 4.0)
    chart = chart_of(view, view.plots[0])
    assert chart is not None
    assert chart.lines[0].path == "M250.0 75.00L500.0 50.00M1000.0 0.00h.01"
    assert chart.lines[0].latest == "4"
    assert chart.texts[0] == "4"
    assert chart.marks[0].x == 250.0


def test_a_series_that_is_not_there_draws_nothing() -> None:
    view = a_view(1.0)
    assert chart_of(view, view.plots[0], "pages") is None


def test_a_drawn_plot_needs_no_style_and_escapes_its_texts() -> None:
    site = Website(release="1", access=Access(), pulse=Pulse(), stop=asyncio.Event())
    template = site._environment.from_string(
        '{% from "plots.html" import plot, events with context %}'
        '{{ plot(view, "lag") }}{{ plot(view, "polls") }}{{ events(view) }}'
    )
    text = template.render(view=a_view(1.0, None, 3.0))
    assert text.count("<figure") == 1
    assert "style=" not in text
    assert not re.search(r"\son\w+=", text)
    assert "&lt;b&gt;enrich-1&lt;/b&gt; started" in text
    assert "<b>enrich-1" not in text
