"""The trace of an article through real processes, as a collector of OpenTelemetry gets it."""

import asyncio
import re
import secrets
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from dateline.tracing.trace_context import TraceContext
from dateline_broker import Broker
from dateline_schemas.topics import ARTICLES_ENRICHED
from support.news_site import news_site
from support.otlp_receiver import OtlpReceiver, ReceivedSpan, otlp_receiver
from support.page_site import Page, an_article_page, page_site
from support.pipeline_lab import PipelineLab, a_pipeline_lab, teasers
from support.relay_lab import eventually

pytestmark = pytest.mark.kafka

TOKEN = "correct-horse"

SECONDS = 150
"""Four services and a consumer start at once, which takes long on a machine with other work."""

CONSUMER = """
from dateline import Context, TransientError, consumer
from dateline_schemas import EnrichedArticle
from opentelemetry import trace

@consumer(topic="articles.enriched", group="{group}")
def headlines(article: EnrichedArticle, context: Context) -> None:
    with trace.get_tracer("mine").start_as_current_span("my own step"):
        if context.attempt == 1:
            raise TransientError("not yet")
"""


@pytest.fixture
async def receiver(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OtlpReceiver]:
    async with otlp_receiver() as made:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", made.url)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
        yield made


@pytest.fixture
async def lab(kafka_broker: Broker, tmp_path: Path) -> AsyncIterator[PipelineLab]:
    async with a_pipeline_lab(kafka_broker.bootstrap_servers, f"o{secrets.token_hex(4)}", tmp_path) as opened:
        yield opened


def only(spans: list[ReceivedSpan], *, below: ReceivedSpan | None = None) -> ReceivedSpan:
    """Return the only span, which has to be right below another one."""
    (span,) = spans
    if below is not None:
        assert (span.trace_id, span.parent_id) == (below.trace_id, below.span_id)
    return span


async def push(lab: PipelineLab, title: str, place: TraceContext) -> None:
    """Push an article as part of a trace."""
    address = ""

    async def is_ready() -> bool:
        nonlocal address
        found = re.search(r'"url": ?"(http[^"]+)"', lab.ingest.log(0))
        address = found.group(1) if found else ""
        return bool(address) and (await client.get(f"{address}/readyz")).status_code == 200

    headers = {"Authorization": f"Bearer {TOKEN}", "traceparent": place.traceparent, "tracestate": place.state or ""}
    async with httpx.AsyncClient() as client:
        await eventually("the server is ready", is_ready, SECONDS)
        answer = await client.post(f"{address}/articles", json={"title": title, "body": "It rained."}, headers=headers)
    assert answer.status_code == 202, answer.text


def came(receiver: OtlpReceiver, prefix: str) -> Iterator[bool]:
    """Yield for each step whether its spans came: processes send them at their own times."""
    yield bool(receiver.named("poll feed", dateline__articles=1))
    yield bool(receiver.named("visit page"))
    yield bool(receiver.named("POST /articles"))
    yield len(receiver.named(f"send {prefix}articles.enriched")) == 2
    yield len(receiver.named(f"process {prefix}articles.enriched", dateline__attempt=2)) == 2


@pytest.mark.timeout(480)
async def test_one_trace_leads_from_the_feed_to_the_consumer_also_after_a_retry(
    lab: PipelineLab, receiver: OtlpReceiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix, group = lab.pages.kafka.topic_prefix, f"{lab.pages.name}.headlines"
    (tmp_path / "headlines.py").write_text(CONSUMER.format(group=group))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("DATELINE_RUNTIME__RETRY_INITIAL_SECONDS", "0.01")
    followed, ignored = TraceContext("a" * 32, "b" * 16, 1, "congo=1"), TraceContext("c" * 32, "d" * 16, 0, "congo=2")
    lab.pages.pause_seconds = 0.1
    async with news_site() as feeds, page_site() as site:
        site.pages["news/plain"] = Page(body=an_article_page("plain"))
        feeds.documents["feed"] = teasers([site.url("news/plain")])
        lab.start_enrich()
        lab.pages.process()
        await lab.ingest.beat("pages")
        await lab.ingest.add(feeds.url("feed"), interval_seconds=60, full_text="auto")
        lab.ingest.process(DATELINE_INGEST__HTTP_PORT="0", DATELINE_INGEST__PUSH_TOKENS=TOKEN)
        log = (tmp_path / "headlines.log").open("wb")
        consumer = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "dateline", "run", "headlines:headlines"), env=lab.pages.environment, stderr=log
        )
        log.close()
        try:
            await push(lab, "followed", followed)
            await push(lab, "ignored", ignored)
            await lab.wait_enriched(
                "all articles", lambda found: {"plain", "followed", "ignored"} <= found.keys(), SECONDS
            )
            await eventually("all spans came", lambda: all(came(receiver, prefix)), SECONDS)
        finally:
            consumer.terminate()
            await consumer.wait()

    # The poll, and the article's trace, which is linked to it.
    poll = only([each for each in receiver.named("poll feed") if each.attributes["dateline.articles"] == 1])
    assert [(each.name, each.kind) for each in receiver.below(poll)] == [("GET", "client")]
    asked = only(receiver.named(f"send {prefix}page-requests"))
    assert (asked.service, asked.kind, asked.parent_id) == ("dateline-ingest", "producer", "")
    assert asked.links == [(poll.trace_id, poll.span_id)]
    assert asked.trace_id != poll.trace_id

    # The page.
    taken = only(receiver.named(f"process {prefix}page-requests"), below=asked)
    assert (taken.service, taken.kind) == ("dateline-pages", "consumer")
    visit = only(receiver.named("visit page"), below=taken)
    assert [each.name for each in receiver.below(visit)] == ["GET", "read page"]
    assert receiver.below(visit)[0].attributes["http.response.status_code"] == 200
    published = only([each for each in receiver.below(taken) if each.kind == "producer"], below=taken)
    assert published.name == f"send {prefix}articles.parsed"

    # The enrichment, with a span an enricher.
    enrich = only(receiver.below(published), below=published)
    assert enrich.name == f"process {prefix}articles.parsed"
    assert enrich.schema_url == "https://opentelemetry.io/schemas/1.43.0"
    assert enrich.attributes | {"messaging.kafka.offset": 0, "messaging.destination.partition.id": ""} == {
        "messaging.system": "kafka",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": f"{prefix}articles.parsed",
        "messaging.destination.partition.id": "",
        "messaging.kafka.offset": 0,
        "messaging.kafka.message.key": published.attributes["messaging.kafka.message.key"],
        "messaging.message.id": published.attributes["messaging.message.id"],
        "messaging.consumer.group.name": f"{lab.pages.name}.enrich",
        "dateline.attempt": 1,
        "dateline.outcome": "committed",
    }
    sent = only([each for each in receiver.below(enrich) if each.kind == "producer"])
    assert sent.name == f"send {prefix}articles.enriched"
    assert "enrich dates" in [each.name for each in receiver.below(enrich)]

    # The consumer: its first attempt says so, and its own spans are below ours.
    attempts = sorted(receiver.below(sent), key=lambda each: int(each.attributes["dateline.attempt"]))
    assert [each.attributes["dateline.outcome"] for each in attempts] == ["retried", "committed"]
    assert [each.failed for each in attempts] == [True, False]
    assert attempts[0].attributes["error.type"] == "TransientError"
    assert [[each.name for each in receiver.below(span)] for span in attempts] == [["my own step"]] * 2
    log_text = (tmp_path / "headlines.log").read_text()
    assert re.search(rf'"trace_id": ?"{sent.trace_id}"', log_text), log_text

    # What stands in the headers of a record was sent as a span, unless the trace is not sampled.
    places = [TraceContext.of_headers(each.headers) for each in await lab.pages.records(ARTICLES_ENRICHED)]
    by_trace = {place.trace_id: place for place in places if place is not None}
    assert by_trace[sent.trace_id].span_id == sent.span_id
    assert (by_trace["a" * 32].flags, by_trace["a" * 32].state) == (1, "congo=1")
    assert by_trace["a" * 32].span_id in {each.span_id for each in receiver.spans}
    assert (by_trace["c" * 32].flags, by_trace["c" * 32].state) == (0, "congo=2")
    assert not [each for each in receiver.spans if each.trace_id == "c" * 32]
    request = only([each for each in receiver.named("POST /articles") if each.trace_id == "a" * 32])
    assert (request.kind, request.parent_id, request.trace_state) == ("server", "b" * 16, "congo=1")
