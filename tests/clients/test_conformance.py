"""The servers of ingest and status answer as their OpenAPI documents say, whatever is sent."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import schemathesis
from dateline_ingest.http.app import create_app
from dateline_ingest.http.body import Room
from dateline_ingest.http.settings import HttpSettings
from dateline_ingest.push.description import PushedArticle
from dateline_ingest.push.intake import ArticleIntake, articles_router
from dateline_status.http.app import create_app as status_app
from fastapi import FastAPI
from hypothesis import settings
from schemathesis.specs.openapi.checks import negative_data_rejection
from support.outbox import FakeOutbox
from support.status_fakes import PARSED, Clock, FakeKafka, beat, observer_of

TOKEN = "conformance-token"
OUTBOX = FakeOutbox()
INTAKE = ArticleIntake(
    settings=HttpSettings.model_validate({"push_tokens": TOKEN, "push_rate": 1_000_000, "push_burst": 1_000_000}),
    outbox=OUTBOX,
    room=Room(64_000_000),
    prefix="t.",
    now=lambda: datetime(2024, 6, 27, tzinfo=UTC),
    clock=lambda: 0.0,
)
APP = create_app([articles_router(INTAKE)], unavailable=lambda: None, release="0", described=[PushedArticle])


@schemathesis.serializer("application/x-ndjson")
def json_lines(context: "schemathesis.SerializationContext", value: Any) -> bytes:
    """Write a list as one value per line; anything else, which breaks the description, as it is."""
    return b"\n".join(json.dumps(each).encode() for each in (value if isinstance(value, list) else [value]))


def ingest_document() -> dict[str, Any]:
    """Return the document for the generator of requests.

    A title or a body is required, which the document says in words: generators of clients would make two types of it.
    A body of JSON Lines is described as the list that `json_lines` writes.
    """
    document = APP.openapi()
    document["components"]["schemas"]["PushedArticle"]["anyOf"] = [
        {"required": [name], "properties": {name: {"type": "string", "pattern": "[A-Za-z0-9]"}}}
        for name in ("title", "body")
    ]
    articles = {"type": "array", "items": {"$ref": "#/components/schemas/PushedArticle"}, "minItems": 1}
    document["paths"]["/articles"]["post"]["requestBody"]["content"]["application/x-ndjson"]["schema"] = articles
    return document


def observed() -> FastAPI:
    """Return the application of status after it has read a Kafka without any trouble."""
    kafka = FakeKafka()
    kafka.write_heartbeat(beat())
    where = kafka.create_group("enrich")
    kafka.write(PARSED, b"k", b"v")
    kafka.offsets["enrich", where] = 1
    observer = observer_of(kafka, Clock())
    asyncio.run(observer.observe())
    return status_app(observer, release="0")


INGEST = schemathesis.openapi.from_dict(ingest_document())
INGEST.app = APP
STATUS = schemathesis.openapi.from_asgi("/openapi.json", observed())
BOUNDED = settings(max_examples=40, deadline=None, database=None, derandomize=True)


@INGEST.parametrize()
@BOUNDED
def test_ingest_answers_as_openapi_promises(case: "schemathesis.Case[Any]") -> None:
    # The reader of articles takes more than the body's description, and means to: a single author as text, dates as
    # feeds write them. To describe all of it would give generated clients types that nobody can use.
    is_lenient = (case.method, case.path) == ("POST", "/articles")
    case.call_and_validate(
        headers={"Authorization": f"Bearer {TOKEN}"},
        excluded_checks=[negative_data_rejection] if is_lenient else None,
    )


@STATUS.parametrize()
@BOUNDED
def test_status_answers_as_openapi_promises(case: "schemathesis.Case[Any]") -> None:
    case.call_and_validate()
