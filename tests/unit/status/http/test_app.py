import re

import httpx
import pytest
from dateline_schemas import DeadLetter, Feed
from dateline_status.http.app import create_app
from dateline_status.observer import Observer
from jsonschema import Draft202012Validator
from support.status_fakes import PARSED, START, Clock, FakeKafka, beat, observer_of

HOSTILE = "<script>alert(1)</script>"


def client_of(observer: Observer) -> httpx.AsyncClient:
    app = create_app(observer, release="1.2.3")
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://status")


def pipeline() -> FakeKafka:
    kafka = FakeKafka()
    kafka.write_heartbeat(beat(details={"url": "http://127.0.0.1:1"}))
    where = kafka.create_group("enrich")
    kafka.write(PARSED, b"k", b"v")
    kafka.offsets["enrich", where] = 1
    return kafka


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def observed(kafka: FakeKafka, clock: Clock) -> Observer:
    observer = observer_of(kafka, clock)
    await observer.observe()
    return observer


async def test_a_healthy_pipeline_answers_health_json_with_200(clock: Clock) -> None:
    async with client_of(await observed(pipeline(), clock)) as client:
        answer = await client.get("/health")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/health+json"
    body = answer.json()
    assert (body["status"], body["releaseId"], body["version"], body["notes"]) == ("pass", "1.2.3", "1", [])
    assert "output" not in body
    assert body["checks"]["group enrich:lag"] == [
        {
            "componentType": "component",
            "status": "pass",
            "observedValue": 0,
            "observedUnit": "records",
            "time": "2024-06-12T10:00:00Z",
        }
    ]
    assert all(name.count(":") == 1 for name in body["checks"])


async def test_health_is_200_with_warnings_and_503_for_failures(clock: Clock) -> None:
    kafka = pipeline()
    kafka.write_heartbeat(beat(state="retrying", reason="no leader"))
    async with client_of(await observed(kafka, clock)) as client:
        answer = await client.get("/health")
        assert (answer.status_code, answer.json()["status"]) == (200, "warn")
        assert answer.json()["output"] == "enrich: enrich-1: retrying: no leader"
    kafka.write_heartbeat(beat(state="failed", reason="too many dead letters"))
    async with client_of(await observed(kafka, clock)) as client:
        answer = await client.get("/health")
        assert (answer.status_code, answer.json()["status"]) == (503, "fail")


async def test_probes_distinguish_live_from_ready(clock: Clock) -> None:
    kafka = pipeline()
    observer = observer_of(kafka, clock)
    async with client_of(observer) as client:
        assert (await client.get("/livez")).status_code == 200
        assert (await client.get("/readyz")).status_code == 503
        await observer.observe()
        assert (await client.get("/readyz")).status_code == 200
        clock.sleep(31)
        answer = await client.get("/livez")
        assert (answer.status_code, answer.json()["ok"]) == (503, False)


async def test_every_answer_is_valid_by_the_openapi_schema(clock: Clock) -> None:
    observer = await observed(pipeline(), clock)
    async with client_of(observer) as client:
        schema = (await client.get("/openapi.json")).json()
        assert set(schema["paths"]) == {"/livez", "/readyz", "/status", "/health", "/metrics", "/articles/{article}"}
        for path in ("/livez", "/readyz", "/status", "/health"):
            answer = await client.get(path)
            media = answer.headers["content-type"].split(";")[0]
            content = schema["paths"][path]["get"]["responses"][str(answer.status_code)]["content"]
            Draft202012Validator(content[media]["schema"] | {"components": schema["components"]}).validate(
                answer.json()
            )
        assert all(
            "description" in field or "$ref" in field
            for model in schema["components"]["schemas"].values()
            for field in model.get("properties", {}).values()
        )


async def test_metrics_come_as_text_or_openmetrics(clock: Clock) -> None:
    kafka = pipeline()
    kafka.write("dateline.feeds", b"a", Feed(url="https://a.example/", added=START).to_bytes())
    async with client_of(await observed(kafka, clock)) as client:
        text = await client.get("/metrics")
        openmetrics = await client.get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})
    assert text.headers["content-type"].startswith("text/plain")
    assert 'dateline_group_lag_records{group="enrich",partition="0",topic="dateline.articles.parsed"} 0.0' in text.text
    assert "dateline_health 0.0" in text.text
    assert 'dateline_feeds{verdict="NEW"} 1.0' in text.text
    assert openmetrics.headers["content-type"].startswith("application/openmetrics-text")
    assert openmetrics.text.endswith("# EOF\n")


async def test_metrics_show_that_kafka_is_down(clock: Clock) -> None:
    async with client_of(await observed(FakeKafka(down="gone"), clock)) as client:
        text = (await client.get("/metrics")).text
    assert "dateline_kafka_reachable 0.0" in text
    assert "dateline_health 2.0" in text
    assert "dateline_group" not in text


@pytest.mark.parametrize("path", ["/", "/docs", "/status", "/assets/page.css", "/nothing"])
async def test_every_answer_has_a_strict_content_security_policy(path: str, clock: Clock) -> None:
    async with client_of(await observed(pipeline(), clock)) as client:
        headers = (await client.get(path)).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/docs"])
async def test_pages_load_nothing_from_other_hosts(path: str, clock: Clock) -> None:
    async with client_of(await observed(pipeline(), clock)) as client:
        page = (await client.get(path)).text
        loaded = re.findall(r"<(?:link|script|img)[^>]*(?:href|src)=\"([^\"]*)\"", page)
        assert loaded
        for address in loaded:
            assert address.startswith("/assets/")
            assert (await client.get(address)).status_code == 200
    assert "<style" not in page
    assert not re.search(r"\son\w+=|style=", page)


async def test_the_page_escapes_everything_that_comes_from_kafka(clock: Clock) -> None:
    kafka = FakeKafka()
    kafka.write_heartbeat(beat(HOSTILE, HOSTILE, state="failed", reason=HOSTILE, version=HOSTILE))
    kafka.create_group(HOSTILE)
    letter = DeadLetter(
        topic=HOSTILE,
        partition=0,
        offset=0,
        group=HOSTILE,
        stage=HOSTILE,
        error_type=HOSTILE,
        error_message=HOSTILE,
        failed_at=START,
        source=HOSTILE,
    )
    kafka.write("dateline.dead-letters", b"k", b"v", tuple(letter.to_headers()))
    kafka.write("dateline.feeds", b"a", Feed(url="javascript:" + HOSTILE, name=HOSTILE, added=START).to_bytes())
    state = f'{{"url": "{HOSTILE}", "verdict": "GONE", "reason": "{HOSTILE}"}}'
    kafka.write("dateline.feed-state", b"a", state.encode())
    async with client_of(await observed(kafka, clock)) as client:
        page = (await client.get("/")).text
    assert HOSTILE not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 8
    assert 'href="javascript' not in page


async def test_the_page_shows_the_start_of_an_outage_and_its_own_age(clock: Clock) -> None:
    kafka = pipeline()
    observer = await observed(kafka, clock)
    clock.sleep(5)
    kafka.down = "no broker answers"
    await observer.observe()
    clock.sleep(120)
    async with client_of(observer) as client:
        page = (await client.get("/")).text
    since = '<time datetime="2024-06-12T10:00:05Z">2024-06-12 10:00:05 UTC</time>'
    assert f"has not answered since {since}" in page
    assert "the data below is 2 min 5 s old" in page
    assert "no broker answers" in page


async def test_the_page_can_be_shown_before_kafka_was_read(clock: Clock) -> None:
    async with client_of(observer_of(FakeKafka(), clock)) as client:
        assert "Needs help" in (await client.get("/")).text


async def test_the_documentation_page_names_every_address_and_field(clock: Clock) -> None:
    async with client_of(await observed(pipeline(), clock)) as client:
        schema = (await client.get("/openapi.json")).json()
        page = (await client.get("/docs")).text
    for path in schema["paths"]:
        assert path in page
        assert "{" in path or f'href="{path}"' in page
    for field in schema["components"]["schemas"]["PartitionLag"]["properties"]:
        assert f"<code>{field}</code>" in page
