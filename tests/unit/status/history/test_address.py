import httpx
import pytest
from dateline_status.history.view import WINDOW_NAMES, HistoryView, Plot, PlotSeries, WindowName
from dateline_status.http.app import create_app
from dateline_status.http.dashboard import Dashboard
from support.status_fakes import Clock, FakeKafka, observer_of


class FixedHistory:
    """Returns one plot for each window."""

    def view(self, window: WindowName) -> HistoryView:
        plot = Plot(id="lag", title="Lag", unit="records", series=[PlotSeries(label="enrich", values=[None, 2.0])])
        return HistoryView(
            window=window, begin=0, end=120, step_seconds=60, complete=True, times=[60, 120], plots=[plot], events=[]
        )


def client(history: FixedHistory | None) -> httpx.AsyncClient:
    app = create_app(observer_of(FakeKafka(), Clock()), release="1", dashboard=Dashboard(history=history))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://status")


@pytest.mark.parametrize("window", WINDOW_NAMES)
async def test_each_window_can_be_asked_for(window: str) -> None:
    async with client(FixedHistory()) as asking:
        answer = await asking.get("/history", params={"window": window})
    assert answer.status_code == 200
    view = HistoryView.model_validate_json(answer.content)
    assert (view.window, view.times) == (window, [60, 120])
    assert [each.values for plot in view.plots for each in plot.series] == [[None, 2.0]]


async def test_another_window_gets_problem_details_that_name_the_windows() -> None:
    async with client(FixedHistory()) as asking:
        answer = await asking.get("/history", params={"window": "2h"})
        described = (await asking.get("/openapi.json")).json()["paths"]["/history"]["get"]
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "15m, 1h, 6h, 24h, 48h" in answer.json()["detail"]
    assert "application/problem+json" in described["responses"]["422"]["content"]
    assert described["parameters"][0]["schema"]["enum"] == list(WINDOW_NAMES)


async def test_without_a_history_there_is_no_such_address() -> None:
    async with client(None) as asking:
        assert (await asking.get("/history")).status_code == 404
