"""Articles pushed over HTTP into a real Kafka by real processes."""

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from dateline_broker import Broker, RunningBroker
from support.ingest_lab import IngestLab, an_ingest_lab
from support.relay_lab import eventually

pytestmark = pytest.mark.kafka

TOKEN = "correct-horse"
NDJSON = {"Content-Type": "application/x-ndjson"}


@pytest.fixture
async def ingest_lab(kafka_broker: Broker, tmp_path: Path) -> AsyncIterator[IngestLab]:
    async with an_ingest_lab(kafka_broker.bootstrap_servers, f"p{secrets.token_hex(4)}", tmp_path) as lab:
        yield lab


async def start_server(lab: IngestLab, **settings: str) -> str:
    """Start a replica with an HTTP server, and return its address."""
    number = len(lab.processes)
    lab.process(
        DATELINE_INGEST__HTTP_PORT="0",
        DATELINE_INGEST__PUSH_TOKENS=TOKEN,
        DATELINE_INGEST__HTTP_COMMIT_SECONDS="5",
        **settings,
    )
    address = ""

    async def listening() -> bool:
        nonlocal address
        found = re.search(r'"url": ?"([^"]+)"|url=(\S+)', lab.log(number))
        address = (found.group(1) or found.group(2)) if found else ""
        return bool(address)

    await eventually("the server listens", listening)
    return address


def a_client(address: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=address, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30)


async def ready(client: httpx.AsyncClient, status: int = 200) -> None:
    async def answers() -> bool:
        return (await client.get("/readyz")).status_code == status

    await eventually(f"/readyz answers {status}", answers)


def lines(titles: Sequence[str]) -> bytes:
    return b"".join(json.dumps({"title": title}).encode() + b"\n" for title in titles)


async def test_accepted_articles_are_in_kafka_and_refused_bodies_leave_nothing(ingest_lab: IngestLab) -> None:
    async with a_client(await start_server(ingest_lab, DATELINE_INGEST__PUSH_MAX_BODY_BYTES="20000")) as client:
        await ready(client)
        for _ in range(2):
            answer = await client.post("/articles", json={"title": "One", "url": "https://news.example/1"})
            assert answer.status_code == 202, answer.text
        # No waiting: status 202 means that readers see the article.
        first, again = await ingest_lab.articles()
        assert (first.id, first.content_hash) == (again.id, again.content_hash)
        assert answer.json()["ids"] == [first.id]

        async def pieces() -> AsyncIterator[bytes]:
            for title in ("Two", "Three"):
                yield lines([title])

        assert (await client.post("/articles", content=pieces(), headers=NDJSON)).status_code == 202
        wrong = await client.post("/articles", content=lines(["Four"]) + b'{"title": 5}\n', headers=NDJSON)
        assert (wrong.status_code, wrong.json()["errors"][0]["line"]) == (422, 2)
        large = await client.post("/articles", content=lines(["x" * 30_000]), headers=NDJSON)
        assert large.status_code == 413
        unknown = await client.post(
            "/articles", json={"title": "Five"}, headers={"Authorization": "Bearer nobody-at-all"}
        )
        assert unknown.status_code == 401
        titles = sorted(article.title for article in await ingest_lab.articles())
        assert titles == ["One", "One", "Three", "Two"]

        figures = (await client.get("/metrics")).text
        for outcome, count in (("accepted", 3), ("refused", 3), ("unavailable", 0)):
            assert f'dateline_pushes_total{{kind="articles",outcome="{outcome}"}} {count}.0' in figures
        assert 'dateline_articles_total{origin="push"} 4.0' in figures
        # The polls of the same process, and the figures of its group, are there as well.
        assert 'dateline_polls_total{outcome="new"} 0.0' in figures
        assert f'dateline_rebalances_total{{group="{ingest_lab.settings.group}"}}' in figures


async def test_a_slow_body_is_cut_off_while_others_are_served(ingest_lab: IngestLab) -> None:
    address = await start_server(ingest_lab, DATELINE_INGEST__HTTP_BODY_SECONDS="1")
    host, port = address.removeprefix("http://").split(":")
    async with a_client(address) as client:
        await ready(client)
        slow = [await asyncio.open_connection(host, int(port)) for _ in range(20)]
        for _, writer in slow:
            writer.write(
                b"POST /articles HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b"Authorization: Bearer " + TOKEN.encode() + b"\r\nContent-Length: 1000\r\n\r\n{"
            )
        assert (await client.post("/articles", json={"title": "Meanwhile"})).status_code == 202
        for reader, writer in slow:
            assert b" 408 " in await reader.readline()
            writer.close()
            await writer.wait_closed()


async def test_articles_sent_again_after_an_outage_of_kafka_arrive(
    own_kafka_broker: Callable[..., RunningBroker], tmp_path: Path
) -> None:
    broker = await asyncio.to_thread(own_kafka_broker)
    async with an_ingest_lab(broker.bootstrap_servers, "push", tmp_path) as lab:
        async with a_client(await start_server(lab)) as client:
            await ready(client)
            assert (await client.post("/articles", json={"title": "Before"})).status_code == 202
            await asyncio.to_thread(broker.kill)
            for title in ("During", "Still"):
                answer = await client.post("/articles", json={"title": title})
                assert answer.status_code == 429
                assert answer.headers["content-type"] == "application/problem+json"
                assert int(answer.headers["retry-after"]) >= 1
            await ready(client, 503)
            await asyncio.to_thread(broker.restart)

            async def accepted() -> bool:
                return (await client.post("/articles", content=lines(["During", "Still"]), headers=NDJSON)).is_success

            await eventually("articles are accepted again", accepted, 60)
        assert await lab.end(lab.processes[0]) == 0
        assert {article.title for article in await lab.articles()} == {"Before", "During", "Still"}


async def push_until_accepted(client: httpx.AsyncClient, address: Callable[[], str], title: str) -> None:
    """Send an article again until the server answers 202."""
    while True:
        try:
            answer = await client.post(f"{address()}/articles", json={"title": title})
        except httpx.TransportError:
            await asyncio.sleep(0.05)
            continue
        if answer.status_code == 202:
            return
        assert answer.status_code in (429, 503), answer.text
        await asyncio.sleep(0.05)


async def test_a_killed_server_loses_nothing_that_clients_send_again(ingest_lab: IngestLab) -> None:
    address = await start_server(ingest_lab)
    titles = [f"Story {number}" for number in range(60)]
    # All requests share one client: sixty clients would each create a TLS context, which blocks the event loop.
    client = a_client(address)
    pushing = [asyncio.ensure_future(push_until_accepted(client, lambda: address, title)) for title in titles]
    for victim in range(2):

        async def some(wanted: int = 5 * (victim + 1)) -> bool:
            return len(await ingest_lab.articles()) >= wanted

        await eventually("some articles", some)
        ingest_lab.processes[victim].kill()
        address = await start_server(ingest_lab)
    await asyncio.gather(*pushing)
    await client.aclose()
    assert {article.title for article in await ingest_lab.articles()} == set(titles)


async def test_a_stop_finishes_requests_in_progress(ingest_lab: IngestLab) -> None:
    address = await start_server(ingest_lab)
    async with a_client(address) as client:
        await ready(client)
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    body = lines(["First", "Second"])
    writer.write(
        b"POST /articles HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nExpect: 100-continue\r\n"
        b"Authorization: Bearer " + TOKEN.encode() + b"\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n"
    )
    # Status 100 means that the server waits for the body, so the request is in progress.
    assert b" 100 " in await reader.readline()
    ending = asyncio.ensure_future(ingest_lab.end(ingest_lab.processes[0]))
    writer.write(body[:20])
    await ingest_lab.articles()
    writer.write(body[20:])
    assert b" 202 " in await reader.read()
    writer.close()
    await writer.wait_closed()
    assert await ending == 0
    assert {article.title for article in await ingest_lab.articles()} == {"First", "Second"}


async def test_a_port_in_use_ends_the_service_with_a_readable_line(ingest_lab: IngestLab) -> None:
    address = await start_server(ingest_lab)
    second: Any = ingest_lab.process(DATELINE_INGEST__HTTP_PORT=address.rpartition(":")[2])
    assert await asyncio.to_thread(second.wait, 30) == 2
    assert "DATELINE_INGEST__HTTP_PORT" in ingest_lab.log(1)
