import re
from collections.abc import AsyncIterator

import httpx
import pytest
from dateline.errors import DatelineError, TransientError
from dateline_schemas import DeadLetter
from dateline_status.groups.desk import ForgetPlan
from dateline_status.history.view import HistoryView, Plot, PlotSeries, WindowName
from dateline_status.http.access.access import Access
from dateline_status.http.app import create_app
from dateline_status.http.dashboard import Dashboard
from pydantic import SecretStr
from support.status_fakes import PARSED, START, Clock, FakeKafka, beat, observer_of

TOKEN = "a-token-that-nobody-guesses"
PAGE = {"accept": "text/html", "sec-fetch-site": "same-origin"}
HOSTILE = "<b>&'\"?"


class Forgetting:
    """Forgets groups, or says why not."""

    def __init__(self) -> None:
        self.lines: tuple[str, ...] = ("mine reads t[0]", "deleted: its offsets")
        self.problem: Exception | None = None
        self.forgotten: list[str] = []

    async def plan(self, group: str) -> ForgetPlan:
        if self.problem is not None:
            raise self.problem
        return ForgetPlan(group, self.lines)

    async def forget(self, group: str, digest: str) -> str:
        if digest != (await self.plan(group)).digest:
            raise DatelineError("it has changed meanwhile")
        self.forgotten.append(group)
        return f"{group} is forgotten."


class OneHistory:
    """A history with the lag of one group."""

    def view(self, window: WindowName) -> HistoryView:
        lag = Plot(id="lag", title="Lag", unit="records", series=[PlotSeries(label="enrich", values=[1.0, 2.0])])
        return HistoryView(
            window=window, begin=0, end=20, step_seconds=10, complete=True, times=[10, 20], plots=[lag], events=[]
        )


class Groups:
    """A status service with groups, and a browser."""

    def __init__(self) -> None:
        self.kafka = FakeKafka()
        self.observer = observer_of(self.kafka, Clock())
        self.forgetting = Forgetting()
        dashboard = Dashboard(groups=self.forgetting, access=Access.of(SecretStr(TOKEN)), history=OneHistory())
        app = create_app(self.observer, release="1", dashboard=dashboard)
        self.browser = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://status", headers=PAGE, follow_redirects=True
        )

    async def sign_in(self) -> None:
        assert (await self.browser.post("/sign-in", data={"token": TOKEN})).status_code == 200

    async def page(self, path: str) -> str:
        answer = await self.browser.get(path)
        assert answer.status_code == 200
        return answer.text


@pytest.fixture
async def groups() -> AsyncIterator[Groups]:
    groups = Groups()
    groups.kafka.create_group("enrich")
    groups.kafka.create_group(HOSTILE + "/a")
    groups.kafka.write(PARSED, b"k", b"v")
    about = DeadLetter(
        topic="t", partition=0, offset=0, group="enrich", stage="s", error_type="E", error_message="m", failed_at=START
    )
    groups.kafka.write("dateline.dead-letters", b"k", b"v", tuple(about.to_headers()))
    groups.kafka.create_group("archive")
    sink = {"sink": "parquet", "target": "/data/<b>", "records_written": 1200, "last_write": START.isoformat()}
    groups.kafka.write_heartbeat(beat("archive", group="archive", details=sink))
    await groups.observer.observe()
    yield groups
    await groups.browser.aclose()


async def test_a_group_has_a_page_with_its_partitions_lag_and_letters(groups: Groups) -> None:
    listed = await groups.page("/groups")
    assert 'href="/groups/enrich"' in listed
    assert "<b>&'" not in listed
    page = await groups.page("/groups/enrich?window=6h")
    for shown in ("dateline.articles.parsed[0]", "1 open", 'data-only="enrich"', 'data-window="6h"', "enrich-1"):
        assert shown in page
    assert "/forget" not in page, "nobody is signed in"
    links = re.findall(r'href="(/groups/[^"]+)"', listed)
    hostile = await groups.browser.get(links[0])
    assert hostile.status_code == 200
    assert "<b>&'" not in hostile.text
    machine = {"accept": "application/json"}
    assert (await groups.browser.get("/groups/enrich", headers=machine)).json()["group"] == "enrich"
    assert [each["group"] for each in (await groups.browser.get("/groups", headers=machine)).json()] == [
        HOSTILE + "/a",
        "archive",
        "enrich",
    ]
    answer = await groups.browser.get("/groups/unknown", headers=machine)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_a_group_is_forgotten_after_a_page_that_says_what_is_removed(groups: Groups) -> None:
    answer = await groups.browser.get("/groups/archive/forget")
    assert answer.url.path == "/sign-in"
    await groups.sign_in()
    assert "/forget" not in await groups.page("/groups/enrich"), "it belongs to the pipeline"
    page = await groups.page("/groups/archive")
    assert 'href="/groups/archive/forget"' in page
    assert "parquet /data/&lt;b&gt;" in page
    assert "1\u202f200 records" in page
    page = await groups.page("/groups/archive/forget")
    assert "parquet /data/&lt;b&gt;" in page
    assert "deleted: its offsets" in page
    form = re.search(r'action="/groups/archive/forget">(.*?)</form>', page, re.DOTALL)
    assert form is not None
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[1]))
    groups.forgetting.lines = (*groups.forgetting.lines, "deleted: more")
    answer = await groups.browser.post("/groups/archive/forget", data=fields)
    assert "Not done:</b> it has changed meanwhile" in answer.text
    assert groups.forgetting.forgotten == []
    groups.forgetting.lines = groups.forgetting.lines[:2]
    answer = await groups.browser.post("/groups/archive/forget", data=fields)
    assert (answer.url.path, groups.forgetting.forgotten) == ("/groups", ["archive"])
    assert "archive is forgotten." in answer.text


async def test_a_group_that_cannot_be_forgotten_has_the_reason_and_no_button(groups: Groups) -> None:
    await groups.sign_in()
    groups.forgetting.problem = DatelineError("group 'enrich' has 1 member: x; stop them first")
    page = await groups.page("/groups/archive/forget")
    assert "has 1 member" in page
    assert 'action="/groups/' not in page
    groups.forgetting.problem = TransientError("no leader")
    assert (await groups.browser.get("/groups/archive/forget")).status_code == 503


async def test_a_group_with_any_name_can_be_forgotten(groups: Groups) -> None:
    await groups.sign_in()
    (link,) = re.findall(r'href="(/groups/[^"]+)"', (await groups.page("/groups")).split("enrich</strong>")[0])[:1]
    page = await groups.page(link + "/forget")
    action = re.search(r'action="(/groups/[^"]+)"', page)
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    plan = ForgetPlan("", groups.forgetting.lines).digest
    assert action
    assert token
    await groups.browser.post(action[1], data={"form_token": token[1], "plan": plan})
    assert groups.forgetting.forgotten == [HOSTILE + "/a"]
