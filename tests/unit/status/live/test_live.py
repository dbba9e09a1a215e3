import asyncio
import io

import pytest
from click.testing import CliRunner
from dateline.errors import DatelineError
from dateline_status.client import UnansweredError
from dateline_status.commands import status
from dateline_status.history.view import HistoryView, Plot, PlotSeries, TimelineEvent
from dateline_status.live.screen import Look, show
from dateline_status.live.sparkline import sparkline
from dateline_status.live.view import live_view
from dateline_status.report import StatusReport
from rich.console import Console
from support.status_fakes import Clock, FakeKafka, beat, observer_of


async def a_report() -> StatusReport:
    kafka = FakeKafka()
    kafka.write("dateline.heartbeats", b"enrich/a", beat().to_bytes())
    observer = observer_of(kafka, Clock())
    await observer.observe()
    return observer.report()


def a_history() -> HistoryView:
    series = [PlotSeries(label="enrich", values=[0.0, 5.0, 10.0, None])]
    return HistoryView(
        window="15m",
        begin=0,
        end=900,
        step_seconds=5,
        complete=True,
        times=[885, 890, 895, 900],
        plots=[
            Plot(id="articles-in", title="Articles in", unit="articles/s", series=series),
            Plot(id="lag", title="Lag", unit="records", series=[PlotSeries(label="enrich", values=[0.0, 0, 0, 1234])]),
        ],
        events=[TimelineEvent(at=600, kind="started", text="a started", service="enrich")],
    )


def printed(report: StatusReport, history: HistoryView | None, **options: str) -> str:
    console = Console(file=io.StringIO(), width=120)
    console.print(live_view(report, history, width=120, **options))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("values", "width", "row"),
    [
        ([], 10, ""),
        ([None, 0.0, 3.5, 7.0], 10, " ▁▅█"),
        ([0.0, 0.0], 10, "▁▁"),
        ([1.0, 1000.0], 10, "▂█"),
        ([0.0, 7.0, None, None, 1.0, 0.0], 3, "█ ▂"),
    ],
)
def test_values_are_a_row_of_characters(values: list[float | None], width: int, row: str) -> None:
    assert sparkline(values, width) == row


async def test_the_view_has_the_verdict_the_services_and_the_course_of_throughput_and_lag() -> None:
    text = printed(await a_report(), a_history())
    assert "enrich" in text
    assert "▁▅█" in text
    assert "10.0" in text
    assert "1\u202f234" in text
    assert "a started" in text
    assert "Ctrl-C" in text


async def test_without_a_history_the_report_is_still_there() -> None:
    assert "alive" in printed(await a_report(), None)


async def test_what_was_known_stays_while_nobody_answers() -> None:
    stop, looks, report = asyncio.Event(), 0, await a_report()

    class Source:
        async def look(self) -> Look:
            nonlocal looks
            looks += 1
            if looks == 2:
                raise UnansweredError("no status service at http://status")
            if looks == 4:
                stop.set()
            return report, a_history()

    console = Console(file=io.StringIO(), width=120, force_terminal=True, highlight=False)
    await asyncio.wait_for(show(Source(), console, stop, seconds=0), 20)
    assert looks == 4
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert text.count("▁▅█") >= 3
    assert text.count("no status service at http://status; trying again") == 1


def test_without_a_terminal_it_says_so() -> None:
    result = CliRunner().invoke(status, ["--watch"])
    assert isinstance(result.exception, DatelineError)
    assert "needs a terminal" in str(result.exception)


def test_json_is_not_refreshed() -> None:
    result = CliRunner().invoke(status, ["--watch", "--json"])
    assert result.exit_code == 2
    assert "exclude one another" in result.output
