"""`POST /articles` without a network and without Kafka."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from dateline.figures.meter import Meter
from dateline.tracing.trace_context import TraceContext
from dateline_ingest.figures import IngestFigures
from dateline_ingest.http.app import create_app
from dateline_ingest.http.body import Room
from dateline_ingest.http.settings import HttpSettings
from dateline_ingest.http.tokens import parse_tokens
from dateline_ingest.push.description import PushedArticle
from dateline_ingest.push.intake import ArticleIntake, articles_router
from fastapi import FastAPI
from support.outbox import FakeOutbox

TOKEN = "correct-horse"
ONE = {"title": "Talks resume", "body": "They met on June 11.", "url": "https://news.example/1"}


@dataclass(slots=True)
class Clock:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass(slots=True)
class Endpoint:
    """The application with a fake outbox, and clients that have a token."""

    outbox: FakeOutbox = field(default_factory=FakeOutbox)
    clock: Clock = field(default_factory=Clock)
    settings: dict[str, Any] = field(default_factory=dict)
    meter: Meter = field(default_factory=Meter)
    room: Room = field(init=False)
    app: FastAPI = field(init=False)

    def client(self, **settings: Any) -> httpx.AsyncClient:
        found = HttpSettings.model_validate({"push_tokens": TOKEN, **settings})
        self.room = Room(found.http_buffer_bytes)
        intake = ArticleIntake(
            settings=found,
            outbox=self.outbox,
            room=self.room,
            prefix="t.",
            now=lambda: datetime(2024, 6, 27, tzinfo=UTC),
            clock=self.clock,
            figures=IngestFigures.of(self.meter),
        )
        self.app = create_app(
            [articles_router(intake)],
            unavailable=lambda: self.outbox.failure,
            release="0",
            described=[PushedArticle],
            meters=[self.meter],
        )
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app),
            base_url="http://ingest",
            headers={"Authorization": f"Bearer {TOKEN}"},
        )


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


def refused(answer: httpx.Response, status: int) -> Any:
    """Assert that a response is a refusal with problem details, and return them."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["type"] == "about:blank"
    return problem


def lines(*values: Any) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


NDJSON = {"Content-Type": "application/x-ndjson"}


async def test_an_article_is_accepted_with_its_id(endpoint: Endpoint) -> None:
    async with endpoint.client() as client:
        answer = await client.post("/articles", json=ONE)
    assert answer.status_code == 202
    (article,) = endpoint.outbox.articles
    assert answer.json() == {"accepted": 1, "ids": [article.id]}
    assert (article.title, article.url) == (ONE["title"], ONE["url"])
    assert (article.source.kind, article.source.uri) == ("push", "push")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_repeated_push_has_the_same_id_and_content(endpoint: Endpoint) -> None:
    async with endpoint.client() as client:
        first, again = [(await client.post("/articles", json=ONE)).json() for _ in range(2)]
    assert first == again
    assert len({(article.id, article.content_hash) for article in endpoint.outbox.articles}) == 1


async def test_lines_and_lists_are_accepted_in_order(endpoint: Endpoint) -> None:
    values = [{"title": f"Story {number}"} for number in range(3)]
    async with endpoint.client() as client:
        for body, headers in ((lines(*values), NDJSON), (json.dumps(values).encode(), {})):
            headers = {"Content-Type": "application/json", **headers}
            answer = await client.post("/articles", content=b"\xef\xbb\xbf" + body, headers=headers)
            assert answer.json()["accepted"] == 3
    assert [article.title for article in endpoint.outbox.articles] == [value["title"] for value in values] * 2


async def test_a_body_may_be_chunked_and_compressed(endpoint: Endpoint) -> None:
    packed = gzip.compress(lines({"title": "One"})) + gzip.compress(lines({"title": "Two"}))

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(packed), 7):
            yield packed[start : start + 7]

    async with endpoint.client() as client:
        answer = await client.post("/articles", content=pieces(), headers={**NDJSON, "Content-Encoding": "gzip"})
    assert answer.json()["accepted"] == 2
    assert endpoint.room.taken == 0


async def test_without_tokens_pushing_is_disabled_and_the_answer_names_the_setting(endpoint: Endpoint) -> None:
    async with endpoint.client(push_tokens=None) as client:
        problem = refused(await client.post("/articles", json=ONE), 403)
    assert "DATELINE_INGEST__PUSH_TOKENS" in problem["detail"]


@pytest.mark.parametrize("header", [None, "Bearer wrong-horse", f"Basic {TOKEN}", "Bearer", f"Bearer {TOKEN}x"])
async def test_a_sender_without_a_valid_token_is_refused(endpoint: Endpoint, header: str | None) -> None:
    async with endpoint.client() as client:
        del client.headers["Authorization"]
        answer = await client.post("/articles", json=ONE, headers={"Authorization": header} if header else {})
    refused(answer, 401)
    assert answer.headers["www-authenticate"].startswith('Bearer realm="dateline"')
    assert endpoint.outbox.written == []


async def test_the_name_of_the_token_is_the_default_source(endpoint: Endpoint) -> None:
    async with endpoint.client(push_tokens=f"wire:{TOKEN},desk:another-horse") as client:
        await client.post("/articles", json=ONE)
        await client.post(
            "/articles", json={"title": "A", "source": "radio"}, headers={"Authorization": "bearer another-horse"}
        )
    assert [article.source.uri for article in endpoint.outbox.articles] == ["wire", "radio"]


async def test_every_invalid_line_is_reported_and_nothing_is_published(endpoint: Endpoint) -> None:
    body = lines({"title": "Good"}, {"title": 7}) + b"{oops\n\n" + lines({"body": "x", "published": "soon"}, {}, [])
    async with endpoint.client() as client:
        problem = refused(await client.post("/articles", content=body, headers=NDJSON), 400)
    assert [(each["line"], each.get("field")) for each in problem["errors"]] == [
        (2, "title"),
        (3, None),
        (5, "published"),
        (6, None),
        (7, None),
    ]
    assert problem["errors"][1]["detail"].startswith("invalid JSON")
    assert all(each["remedy"] for each in problem["errors"])
    assert "nothing was published" in problem["detail"]
    assert endpoint.outbox.written == []


async def test_invalid_articles_are_distinguished_from_invalid_json(endpoint: Endpoint) -> None:
    async with endpoint.client() as client:
        refused(await client.post("/articles", json={"title": ["x"]}), 422)
        refused(await client.post("/articles", json=[ONE, {"summary": "x"}]), 422)
        headers = {"Content-Type": "application/json"}
        for wrong in (b"{", b"\xff", b"", b"[]", b"NaN", b"[" * 100_000):
            problem = refused(await client.post("/articles", content=wrong, headers=headers), 400)
            assert problem["detail"]


async def test_at_most_a_hundred_errors_are_reported(endpoint: Endpoint) -> None:
    async with endpoint.client() as client:
        problem = refused(await client.post("/articles", content=b"{\n" * 500, headers=NDJSON), 400)
    assert len(problem["errors"]) == 100
    assert problem["detail"].startswith("at least 100")


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json; charset=utf-8", 202),
        ("APPLICATION/JSON", 202),
        ("application/json; charset=latin-1", 415),
        ("application/x-www-form-urlencoded", 415),
        ("", 415),
    ],
)
async def test_only_json_in_utf_8_is_accepted(endpoint: Endpoint, content_type: str, status: int) -> None:
    async with endpoint.client() as client:
        answer = await client.post("/articles", content=json.dumps(ONE), headers={"Content-Type": content_type})
    assert answer.status_code == status
    if status == 415:
        assert "application/x-ndjson" in refused(answer, 415)["detail"]
        assert "application/json" in answer.headers["accept-post"]


async def test_bodies_beyond_the_limit_are_refused_with_or_without_content_length_and_compressed(
    endpoint: Endpoint,
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 100

    bomb = gzip.compress(b" " * 1_000_000)
    async with endpoint.client(push_max_body_bytes=2000) as client:
        refused(await client.post("/articles", content=b" " * 2001, headers=NDJSON), 413)
        refused(await client.post("/articles", content=pieces(), headers=NDJSON), 413)
        refused(await client.post("/articles", content=bomb, headers={**NDJSON, "Content-Encoding": "gzip"}), 413)
    assert endpoint.room.taken == 0


@pytest.mark.parametrize("packed", [b"no gzip", gzip.compress(lines(ONE))[:-9]], ids=["not gzip", "truncated"])
async def test_damaged_gzip_is_refused(endpoint: Endpoint, packed: bytes) -> None:
    async with endpoint.client() as client:
        answer = await client.post("/articles", content=packed, headers={**NDJSON, "Content-Encoding": "gzip"})
    assert "gzip" in refused(answer, 400)["detail"]


async def test_other_encodings_are_refused_with_a_list_of_supported_ones(endpoint: Endpoint) -> None:
    async with endpoint.client() as client:
        answer = await client.post("/articles", content=b"", headers={**NDJSON, "Content-Encoding": "br"})
    refused(answer, 415)
    assert answer.headers["accept-encoding"] == "gzip, identity"


async def test_articles_beyond_the_limit_are_reported(endpoint: Endpoint) -> None:
    large = {"title": "Long", "body": "x" * 3000}
    async with endpoint.client(push_max_article_bytes=2000, push_max_articles=3) as client:
        problem = refused(await client.post("/articles", content=lines(ONE, large), headers=NDJSON), 413)
        assert [each["line"] for each in problem["errors"]] == [2]
        problem = refused(await client.post("/articles", json=[ONE, large]), 413)
        assert [each["article"] for each in problem["errors"]] == [2]
        problem = refused(await client.post("/articles", content=lines(*[ONE] * 4), headers=NDJSON), 413)
        assert "more than 3 articles" in problem["detail"]


async def test_a_sender_above_its_rate_has_to_wait_and_others_do_not(endpoint: Endpoint) -> None:
    tokens = f"{TOKEN},desk:another-horse"
    async with endpoint.client(push_tokens=tokens, push_rate=2, push_burst=3) as client:
        body = lines(*[ONE] * 9)
        assert (await client.post("/articles", content=body, headers=NDJSON)).status_code == 202
        answer = await client.post("/articles", json=ONE)
        refused(answer, 429)
        assert answer.headers["retry-after"] == "4"
        other = {"Authorization": "Bearer another-horse"}
        assert (await client.post("/articles", json=ONE, headers=other)).status_code == 202
        endpoint.clock.seconds += 4
        assert (await client.post("/articles", json=ONE)).status_code == 202


async def test_invalid_requests_count_against_the_rate(endpoint: Endpoint) -> None:
    async with endpoint.client(push_rate=0.5, push_burst=1) as client:
        refused(await client.post("/articles", json={}), 422)
        refused(await client.post("/articles", json=ONE), 429)


async def test_while_kafka_is_unavailable_clients_get_retry_after(endpoint: Endpoint) -> None:
    async with endpoint.client() as client:
        endpoint.outbox.failure = "Kafka does not answer"
        answer = await client.post("/articles", json=ONE)
        assert "Kafka does not answer" in refused(answer, 429)["detail"]
        assert answer.headers["retry-after"] == "5"
        probe = await client.get("/readyz")
        assert (probe.status_code, probe.json()) == (503, {"ok": False, "reason": "Kafka does not answer"})
        assert (await client.get("/livez")).status_code == 200
        endpoint.outbox.failure, endpoint.outbox.late = None, True
        refused(await client.post("/articles", json=ONE), 429)
        assert (await client.get("/readyz")).status_code == 200


async def test_memory_of_all_requests_together_is_limited(endpoint: Endpoint) -> None:
    async with endpoint.client() as client:
        endpoint.room.taken = endpoint.room.max_bytes - 10
        answer = await client.post("/articles", json=ONE)
        assert "waiting for Kafka" in refused(answer, 429)["detail"]
        assert endpoint.room.taken == endpoint.room.max_bytes - 10


async def test_a_body_that_does_not_arrive_is_refused(endpoint: Endpoint) -> None:
    async def never() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    # httpx collects the whole body before it calls the application, so the test calls it directly.
    sent: list[Any] = []
    pieces = never()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": await anext(pieces), "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"authorization", f"Bearer {TOKEN}".encode()), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/articles", "query_string": b"", "headers": headers}
    async with endpoint.client(http_body_seconds=0.05):
        await endpoint.app(scope, receive, send)
    assert sent[0]["status"] == 408


async def test_other_methods_and_paths_are_answered_with_problem_details(endpoint: Endpoint) -> None:
    async with endpoint.client() as client:
        refused(await client.get("/articles"), 405)
        refused(await client.get("/nothing"), 404)


async def test_the_openapi_document_describes_the_endpoint(endpoint: Endpoint) -> None:
    async with endpoint.client() as client:
        described = (await client.get("/openapi.json")).json()
    operation = described["paths"]["/articles"]["post"]
    assert set(operation["responses"]) >= {"202", "400", "401", "403", "408", "413", "415", "422", "429"}
    assert operation["security"] == [{"bearer": []}]
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/RefusalDetails"}}}
    assert [operation["responses"][status]["content"] for status in ("400", "422", "429")] == [problem] * 3
    body = operation["requestBody"]["content"]["application/json"]
    assert body["schema"]["anyOf"][0] == {"$ref": "#/components/schemas/PushedArticle"}
    assert {"PushedArticle", "PushedSource", "PushedMedia", "BodyError"} <= described["components"]["schemas"].keys()
    assert described["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


async def test_pushes_count_by_outcome_and_articles_when_kafka_has_them(endpoint: Endpoint) -> None:
    async with endpoint.client() as client:
        before = (await client.get("/metrics")).text
        await client.post("/articles", json=[ONE, ONE])
        await client.post("/articles", json={})
        endpoint.outbox.late = True
        await client.post("/articles", json=ONE)
        endpoint.outbox.failure = "Kafka does not answer"
        await client.post("/articles", json=ONE)
        answer = await client.get("/metrics")
    pushes = 'dateline_pushes_total{kind="articles",outcome="%s"} %.1f'
    assert answer.headers["content-type"].startswith("text/plain")
    for outcome, count in (("accepted", 1), ("refused", 1), ("unavailable", 2)):
        assert pushes % (outcome, 0) in before
        assert pushes % (outcome, count) in answer.text
    assert 'dateline_articles_total{origin="push"} 2.0' in answer.text
    assert 'dateline_polls_total{outcome="new"} 0.0' in before, "all series exist at zero"
    assert 'dateline_build_info{service="ingest",version="0"} 1.0' in before


async def test_head_answers_like_get_without_a_body_and_is_documented(endpoint: Endpoint) -> None:
    async with endpoint.client() as client:
        described = (await client.get("/openapi.json")).json()["paths"]
        for path in ("/livez", "/readyz", "/metrics", "/openapi.json"):
            get, head = await client.get(path), await client.head(path)
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["content-type"] == get.headers["content-type"]
        refused(await client.get("/articles"), 405)
        assert (await client.head("/articles")).status_code == 405
    for path in ("/livez", "/readyz", "/metrics"):
        assert described[path]["head"]["operationId"] != described[path]["get"]["operationId"]
        assert "content" not in described[path]["head"]["responses"]["200"]
    assert "head" not in described["/articles"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("short", "fewer than 8 characters"),
        ("has space in it", "characters that a bearer token cannot have"),
        ("a b:long-enough", "the name of token 1"),
        ("a:long-enough,a:long-enough-2", "two tokens are named a"),
    ],
)
def test_invalid_tokens_are_refused_without_being_shown(text: str, what: str) -> None:
    with pytest.raises(ValueError, match=what) as caught:
        HttpSettings.model_validate({"push_tokens": text})
    message = caught.value.errors(include_input=False)[0]["msg"]  # type: ignore[attr-defined]
    assert text not in message


async def test_examples_of_the_openapi_document_are_accepted(endpoint: Endpoint) -> None:
    async with endpoint.client() as client:
        described = (await client.get("/openapi.json")).json()
        body = described["paths"]["/articles"]["post"]["requestBody"]["content"]["application/json"]
        for example in body["examples"].values():
            answer = await client.post("/articles", json=example["value"])
            assert answer.status_code == 202, answer.text


def test_tokens_without_names_get_distinct_names() -> None:
    assert list(parse_tokens("long-enough-1, long-enough-2==")) == ["push", "push-2"]


def test_every_setting_is_described_and_documented() -> None:
    text = (Path(__file__).parents[4] / "docs" / "push.md").read_text("utf-8")
    for name, field_name in HttpSettings.names().items():
        assert HttpSettings.model_fields[field_name].description
        assert f"| `{name}` |" in text, f"docs/push.md does not name {name}"


def traces_of(endpoint: Endpoint) -> list[TraceContext]:
    """Return the places of the records that were written, in their traces."""
    places = [TraceContext.of_headers(output.headers) for output in endpoint.outbox.written]
    return [place for place in places if place is not None]


@pytest.mark.parametrize("flags", ["00", "01"])
async def test_articles_continue_the_trace_of_the_caller_with_its_flag_and_state(
    endpoint: Endpoint, flags: str
) -> None:
    headers = [
        ("traceparent", f"00-{'a' * 32}-{'b' * 16}-{flags}"),
        ("tracestate", "congo=1"),
        ("tracestate", "rojo=2"),
    ]
    async with endpoint.client() as client:
        await client.post("/articles", json=[ONE, {"title": "Another"}], headers=headers)

    first, second = traces_of(endpoint)
    assert {(each.trace_id, each.flags, each.state) for each in (first, second)} == {
        ("a" * 32, int(flags), "congo=1,rojo=2")
    }
    assert len({first.span_id, second.span_id, "b" * 16}) == 3


@pytest.mark.parametrize(
    "headers", [[], [("traceparent", "mine")], [("traceparent", f"00-{'a' * 32}-{'b' * 16}-01")] * 2]
)
async def test_articles_without_a_valid_trace_begin_one_each(
    endpoint: Endpoint, headers: list[tuple[str, str]]
) -> None:
    async with endpoint.client() as client:
        await client.post("/articles", json=[ONE, {"title": "Another"}], headers=headers)

    first, second = traces_of(endpoint)
    assert len({first.trace_id, second.trace_id, "a" * 32}) == 3
