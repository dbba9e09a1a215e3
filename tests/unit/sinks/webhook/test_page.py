"""The receiver that the documentation shows verifies signatures and ignores repetitions."""

import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from dateline_sinks.webhook.message import message_of
from dateline_sinks.webhook.receiver import Receiver
from support.webhook_receiver import SECRET, a_record, options

PAGE = Path(__file__).parents[4] / "docs/sinks-webhooks.md"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (code,) = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEBHOOK_SECRET", SECRET)
    names: dict[str, Any] = {"__name__": "shown"}
    exec(compile(code, str(PAGE), "exec"), names)
    yield names["app"]
    names["database"].close()


async def test_the_page_s_receiver_takes_an_article_once_and_refuses_a_forged_one(app: Any, tmp_path: Path) -> None:
    message, receiver = message_of(a_record(7), "cluster", "binary"), Receiver("https://receiver.example/", options())
    receiver.read()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://receiver.example") as client:

        async def post(body: bytes) -> int:
            headers = message.headers | receiver.headers(message.id, message.body, int(time.time()))
            return (await client.post("/articles", content=body, headers=headers)).status_code

        assert [await post(message.body), await post(message.body), await post(b"{}")] == [204, 204, 401]
    with closing(sqlite3.connect(tmp_path / "received.sqlite")) as database:
        assert database.execute("SELECT webhook_id, title FROM received").fetchall() == [(message.id, "Ferry")]
