import re
from collections.abc import AsyncIterator

import httpx
import pytest
from dateline.errors import DatelineError
from dateline.feeds.address import typed_address
from dateline_schemas import FullText
from dateline_status.feed_changes.desk import UnknownFeedError
from dateline_status.http.access.access import Access
from dateline_status.http.app import create_app
from dateline_status.http.dashboard import Dashboard
from pydantic import SecretStr
from structlog.testing import capture_logs
from support.status_fakes import Clock, FakeKafka, observer_of

TOKEN = "a-token-that-nobody-guesses"
BEARER = {"authorization": f"Bearer {TOKEN}", "accept": "application/json"}
PAGE = {"accept": "text/html", "sec-fetch-site": "same-origin"}
KEY = "0" * 32


class Changes:
    """Notes changes of feeds."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    async def add(self, text: str, *, name: str | None, full_text: FullText | None) -> str:
        address = typed_address(text)
        self.asked.append(("add", address, str(name), str(full_text)))
        return "added."

    async def pause(self, key: str) -> str:
        self.asked.append(("pause", key))
        return "paused."

    async def resume(self, key: str) -> str:
        raise UnknownFeedError("there is no feed")

    async def poll(self, key: str) -> str:
        raise DatelineError("it is paused")


@pytest.fixture
def changes() -> Changes:
    return Changes()


@pytest.fixture
async def browser(changes: Changes) -> AsyncIterator[httpx.AsyncClient]:
    dashboard = Dashboard(actions=changes, access=Access.of(SecretStr(TOKEN)))
    app = create_app(observer_of(FakeKafka(), Clock()), release="1", dashboard=dashboard)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://status", follow_redirects=True
    ) as browser:
        yield browser


async def test_a_machine_changes_feeds_and_gets_reasons(browser: httpx.AsyncClient, changes: Changes) -> None:
    for path, fields, status, words in (
        ("/feeds/add", {"url": "news.example/feed", "full_text": "never"}, 200, "added."),
        ("/feeds/add", {}, 422, "the field url is missing: the address of the feed"),
        ("/feeds/add", {"url": "ftp://a.example"}, 422, "ftp://a.example: the address must begin with"),
        ("/feeds/add", {"url": "a.example", "full_text": "some"}, 422, "full_text is one of"),
        ("/feeds/add", {"url": "a.example", "name": "x" * 301}, 422, "more than 300 characters"),
        (f"/feeds/{KEY}/pause", {}, 200, "paused."),
        (f"/feeds/{KEY}/resume", {}, 404, "there is no feed"),
        (f"/feeds/{KEY}/poll", {}, 409, "it is paused"),
        ("/feeds/x/poll", {}, 422, "32 hexadecimal digits"),
    ):
        answer = await browser.post(path, json=fields, headers=BEARER)
        assert answer.status_code == status
        assert words in answer.json()["detail"]
    assert changes.asked == [("add", "https://news.example/feed", "None", "never"), ("pause", KEY)]


async def test_a_person_adds_a_feed_by_a_form_that_keeps_what_was_typed(
    browser: httpx.AsyncClient, changes: Changes
) -> None:
    browser.headers.update(PAGE)
    assert (await browser.get("/feeds/add")).url.path == "/sign-in"
    answer = await browser.post("/sign-in", data={"token": TOKEN, "next": "/feeds/add"})
    token = re.search(r'name="form_token" value="([^"]+)"', answer.text)
    assert token is not None
    assert 'http-equiv="refresh"' not in answer.text
    fields = {"form_token": token[1], "next": "/", "full_text": "always"}
    wrong = fields | {"url": 'ftp://u:secret@a.example/"', "name": "<b>"}
    with capture_logs() as entries:
        answer = await browser.post("/feeds/add", data=wrong)
    assert answer.url.path == "/feeds/add"
    assert "Not done:</b> ftp://a.example/" in answer.text
    assert 'value="ftp://a.example/&#34;"' in answer.text
    assert 'value="&lt;b&gt;"' in answer.text
    assert '<option value="always" selected>' in answer.text
    assert "secret" not in answer.text + str(answer.url) + str(entries)
    answer = await browser.post("/feeds/add", data=fields | {"url": "a.example"})
    assert (answer.url.path, changes.asked) == ("/", [("add", "https://a.example", "None", "always")])
    assert "Done:</b> added." in answer.text
