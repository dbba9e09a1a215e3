"""The streams that keep open pages up to date, over a real connection."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from dateline.service.http_server import address_of, listen, serve
from dateline_status.http.app import create_app
from dateline_status.http.dashboard import Dashboard
from dateline_status.http.fragments import changed_fragments
from dateline_status.observer import Observer
from support.relay_lab import eventually
from support.status_fakes import Clock, FakeKafka, beat, observer_of

STREAM = {"accept": "text/event-stream"}


@dataclass
class Served:
    """A service that answers over HTTP."""

    url: str
    kafka: FakeKafka
    observer: Observer
    dashboard: Dashboard
    ended: "asyncio.Future[None]"

    async def observe(self) -> None:
        await self.observer.observe()
        self.dashboard.pulse.beat()


@pytest.fixture
async def service() -> AsyncIterator[Served]:
    kafka, dashboard = FakeKafka(), Dashboard()
    kafka.write_heartbeat(beat())
    observer = observer_of(kafka, Clock())
    await observer.observe()
    listener = listen("127.0.0.1", 0, setting="PORT")
    url = address_of(listener)
    app = create_app(observer, release="1", dashboard=dashboard)
    ended = asyncio.ensure_future(serve(app, listener, dashboard.stop))
    try:
        yield Served(url, kafka, observer, dashboard, ended)
    finally:
        dashboard.stop.set()
        await ended


async def parts(lines: AsyncIterator[str], until: str) -> list[dict[str, str]]:
    """Return the parts of a stream up to the one with this id."""
    found: list[dict[str, str]] = []
    async with asyncio.timeout(60):
        async for line in lines:
            if line.startswith("data: ") and line != "data: {}":
                found.append(json.loads(line.removeprefix("data: ")))
                if found[-1]["id"] == until:
                    return found
    raise AssertionError(f"the stream ended before {until}")


async def test_a_stream_sends_all_parts_first_and_then_only_what_changed(service: Served) -> None:
    async with httpx.AsyncClient(timeout=60) as client, client.stream("GET", service.url, headers=STREAM) as answer:
        lines = answer.aiter_lines()
        first = await parts(lines, "title")
        assert {"summary", "tiles", "services", "groups"} <= {each["id"] for each in first}
        service.kafka.write_heartbeat(beat(state="retrying", reason="no leader"))
        await service.observe()
        changed = await parts(lines, "title")
        assert {each["id"] for each in changed} == {"summary", "services", "title"}


async def test_streams_end_with_the_service_at_once(service: Served) -> None:
    async with httpx.AsyncClient(timeout=60) as client, client.stream("GET", service.url, headers=STREAM) as answer:
        lines = answer.aiter_lines()
        await parts(lines, "title")
        began = time.monotonic()
        service.dashboard.stop.set()
        async for _ in lines:
            pass
        await service.ended
        # Streams that did not end would be cut off after two seconds; without news they live for ten.
        assert time.monotonic() - began < 9


async def test_the_stream_of_a_client_that_went_away_ends(service: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dateline_status.http.site.STREAMS", 2)
    async with httpx.AsyncClient(timeout=60) as client:
        streams = [
            await client.send(client.build_request("GET", service.url, headers=STREAM), stream=True) for _ in "ab"
        ]
        refused = await client.get(service.url, headers=STREAM)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
        for each in streams:
            await each.aclose()
        await eventually("a free place", lambda: free(client, service.url))


async def free(client: httpx.AsyncClient, url: str) -> bool:
    """Return whether another stream can be opened."""
    async with client.stream("GET", url, headers=STREAM) as answer:
        return answer.status_code == 200


def test_a_new_part_says_what_it_follows_and_a_part_that_is_gone_is_sent_empty() -> None:
    def page(*names: str) -> str:
        return "".join(f"<!--live {name}--><p id={name}></p><!--/live {name}-->" for name in names)

    known: dict[str, str] = {}
    changed_fragments(page("a", "c"), known)
    events = [json.loads(event.split("data: ")[1]) for event in changed_fragments(page("a", "b"), known)]
    assert events == [{"id": "c", "html": "", "after": None}, {"id": "b", "html": "<p id=b></p>", "after": "a"}]
