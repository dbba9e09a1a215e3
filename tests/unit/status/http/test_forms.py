"""Pages for people, JSON for machines, and the same errors for both."""

import asyncio
import json

import httpx
import pytest
from dateline.figures.catalog import SEEN_DEAD_LETTERS
from dateline.figures.meter import Meter
from dateline_status.http.app import create_app
from dateline_status.http.dashboard import Dashboard
from fastapi import FastAPI, HTTPException
from fastapi.routing import APIRoute
from support.status_fakes import PARSED, Clock, FakeKafka, beat, observer_of

PEOPLE = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


async def an_app(kafka: FakeKafka | None = None, **parts: object) -> FastAPI:
    observer = observer_of(kafka or FakeKafka(), Clock())
    await observer.observe()
    return create_app(observer, release="1.2.3", dashboard=Dashboard(**parts))  # type: ignore[arg-type]


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://status")


@pytest.mark.parametrize(
    ("path", "media_type"), [("/status", "application/json"), ("/health", "application/health+json")]
)
async def test_reports_are_pages_for_people_and_json_for_machines(path: str, media_type: str) -> None:
    async with client_of(await an_app()) as client:
        for headers in ({}, {"accept": "*/*"}, {"accept": "application/json"}):
            assert (await client.get(path, headers=headers)).headers["content-type"] == media_type
        page = await client.get(path, headers=PEOPLE)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["vary"] == "Accept"
    assert "<h1>" in page.text


async def test_health_has_the_same_status_for_people() -> None:
    async with client_of(await an_app(FakeKafka(down="gone"))) as client:
        for headers in ({}, PEOPLE):
            assert (await client.get("/health", headers=headers)).status_code == 503


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/nothing", "GET", 404), ("/assets/nothing.js", "GET", 404), ("/status", "DELETE", 405)],
)
async def test_errors_are_problem_details_for_machines_and_a_page_for_people(
    path: str, method: str, status: int
) -> None:
    async with client_of(await an_app()) as client:
        problem = await client.request(method, path)
        page = await client.request(method, path, headers=PEOPLE)
    assert (problem.status_code, problem.headers["content-type"]) == (status, "application/problem+json")
    assert problem.json()["status"] == status
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert problem.json()["title"] in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


async def test_invalid_parameters_and_bugs_are_problem_details_too() -> None:
    app = await an_app()

    @app.get("/numbers/{number}")
    async def numbers(number: int) -> int:
        return 1 // number

    async with client_of(app) as client:
        invalid, bug = await client.get("/numbers/many"), await client.get("/numbers/0")
        schema = (await client.get("/openapi.json")).json()
    assert (invalid.status_code, bug.status_code) == (422, 500)
    for answer in (invalid, bug):
        assert answer.headers["content-type"] == "application/problem+json"
    assert "path number" in invalid.json()["detail"]
    assert "ValidationError" not in json.dumps(schema)
    described = schema["paths"]["/numbers/{number}"]["get"]["responses"]["422"]["content"]
    assert list(described) == ["application/problem+json"]


async def test_head_works_at_every_address_that_answers_get() -> None:
    app = await an_app()
    paths = {route.path for route in app.routes if isinstance(route, APIRoute) and "GET" in (route.methods or ())}
    paths |= {"/assets/page.css", "/openapi.json", "/nothing"}
    assert {"/", "/status", "/health", "/metrics", "/docs", "/livez", "/topics"} <= paths
    async with client_of(app) as client:
        for path in paths:
            address = path.replace("{article:path}", "1865c9a5-854a-58db-82be-d8ed3c735b63")
            got, head = await client.get(address), await client.head(address)
            assert (head.status_code, head.content) == (got.status_code, b""), path
            assert head.headers["content-type"] == got.headers["content-type"], path


async def test_head_of_a_page_ends_even_if_a_stream_is_preferred() -> None:
    async with client_of(await an_app()) as client, asyncio.timeout(30):
        assert (await client.head("/", headers={"accept": "text/event-stream"})).status_code == 200


async def test_path_parameters_state_their_format() -> None:
    app = await an_app()
    for path, operations in app.openapi()["paths"].items():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path":
                    text = json.dumps(parameter["schema"])
                    assert any(word in text for word in ('"format"', '"pattern"', '"enum"')), (path, parameter)


async def test_health_marks_upper_bounds() -> None:
    kafka = FakeKafka()
    kafka.write_heartbeat(beat())
    where = kafka.create_group("enrich")
    for _ in range(1500):
        kafka.write(PARSED, b"k", b"v")
    async with client_of(await an_app(kafka)) as client:
        checks = (await client.get("/health")).json()["checks"]
        assert checks["group enrich:lag"][0]["observedUnit"] == "records (upper bound)"
        assert checks["dateline.articles.parsed:topic"][0]["observedUnit"] == "records (upper bound)"
    kafka.offsets["enrich", where] = 1499
    async with client_of(await an_app(kafka)) as client:
        checks = (await client.get("/health")).json()["checks"]
        assert checks["group enrich:lag"][0]["observedUnit"] == "records"


async def test_metrics_have_the_figures_of_the_process() -> None:
    meter = Meter()
    meter.gauge(SEEN_DEAD_LETTERS).value = 7.0
    async with client_of(await an_app(figures=meter)) as client:
        text = (await client.get("/metrics")).text
    assert "dateline_seen_dead_letters 7.0" in text
    assert 'dateline_build_info{service="status",version="1.2.3"} 1.0' in text
    assert "process_cpu_seconds_total" in text
    assert "dateline_health" in text


async def test_the_error_page_escapes_what_was_asked_for() -> None:
    app = await an_app()

    @app.get("/refused")
    async def refused(text: str) -> None:
        raise HTTPException(400, f"not {text}")

    async with client_of(app) as client:
        page = (await client.get("/refused", params={"text": "<script>"}, headers=PEOPLE)).text
    assert "not &lt;script&gt;" in page
