"""The trace of an article through real processes, as a collector of OpenTelemetry gets it."""

import asyncio
import re
import secrets
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from dateline.tracing.trace_context import TraceContext
from dateline_broker import Broker
from dateline_schemas import EnrichedArticle
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


def above(receiver: OtlpReceiver, span: ReceivedSpan) -> ReceivedSpan:
    """Return the span that `span` is right below; it has to be in the same trace."""
    (found,) = [each for each in receiver.spans if each.span_id == span.parent_id]
    assert found.trace_id == span.trace_id
    return found


async def sent_spans(lab: PipelineLab, receiver: OtlpReceiver) -> dict[str, ReceivedSpan]:
    """Return by title the spans that the headers of enriched articles name, as far as they came."""
    found: dict[str, ReceivedSpan] = {}
    for record in await lab.pages.records(ARTICLES_ENRICHED):
        title = EnrichedArticle.from_bytes(record.value or b"").article.title
        place = TraceContext.of_headers(record.headers)
        for span in receiver.spans:
            if place is not None and span.span_id == place.span_id:
                found[title] = span
    return found


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

            async def came() -> bool:
                # A transaction that is late is done again, so there may be more spans than one of each kind.
                sent = await sent_spans(lab, receiver)
                done = [
                    any(each.attributes.get("dateline.outcome") == "committed" for each in receiver.below(span))
                    for span in sent.values()
                ]
                named = ("visit page", "POST /articles", "poll feed")
                return sent.keys() == {"plain", "followed"} and all(done) and all(map(receiver.named, named))

            await eventually("all spans came", came, SECONDS)
        finally:
            consumer.terminate()
            await consumer.wait()

    sent = (await sent_spans(lab, receiver))["plain"]
    enrich = above(receiver, sent)
    published = above(receiver, enrich)
    taken = above(receiver, published)
    asked = above(receiver, taken)
    ((poll_trace, poll_id),) = asked.links
    (poll,) = [each for each in receiver.spans if each.span_id == poll_id]
    assert [(each.service, each.kind, each.name.replace(prefix, "")) for each in (poll, asked, taken)] == [
        ("dateline-ingest", "internal", "poll feed"),
        ("dateline-ingest", "producer", "send page-requests"),
        ("dateline-pages", "consumer", "process page-requests"),
    ]
    assert [(each.service, each.kind, each.name.replace(prefix, "")) for each in (published, enrich, sent)] == [
        ("dateline-pages", "producer", "send articles.parsed"),
        ("dateline-enrich", "consumer", "process articles.parsed"),
        ("dateline-enrich", "producer", "send articles.enriched"),
    ]

    # The poll has a trace of its own, and its request is below it; the article's trace begins with it.
    assert (poll.trace_id, poll.parent_id, asked.parent_id) == (poll_trace, "", "")
    assert poll.trace_id != asked.trace_id
    assert poll.attributes["dateline.articles"] == 1
    assert [(each.name, each.kind) for each in receiver.below(poll)] == [("GET", "client")]

    # The visit continues the trace that waited, and each enricher has a span.
    visit = next(each for each in receiver.below(taken) if each.name == "visit page")
    assert [each.name for each in receiver.below(visit)] == ["GET", "read page"]
    assert receiver.below(visit)[0].attributes["http.response.status_code"] == 200
    assert "enrich dates" in [each.name for each in receiver.below(enrich)]
    assert enrich.schema_url == "https://opentelemetry.io/schemas/1.43.0"
    assert enrich.attributes["messaging.destination.name"] == f"{prefix}articles.parsed"
    assert enrich.attributes["messaging.consumer.group.name"] == f"{lab.pages.name}.enrich"
    assert enrich.attributes["messaging.message.id"] == published.attributes["messaging.message.id"]

    # The consumer: an attempt that failed says so, and the spans of its function are below it.
    attempts = receiver.below(sent)
    first = next(each for each in attempts if each.attributes["dateline.attempt"] == 1)
    last = next(each for each in attempts if each.attributes["dateline.outcome"] == "committed")
    assert (first.attributes["dateline.outcome"], first.attributes["error.type"]) == ("retried", "TransientError")
    assert (first.failed, last.failed, last.attributes["dateline.attempt"]) == (True, False, 2)
    assert [[each.name for each in receiver.below(span)] for span in (first, last)] == [["my own step"]] * 2
    assert re.search(rf'"trace_id": ?"{sent.trace_id}"', (tmp_path / "headlines.log").read_text())

    # Pushed articles continue the trace of the caller, with its flag and its state.
    places = [TraceContext.of_headers(each.headers) for each in await lab.pages.records(ARTICLES_ENRICHED)]
    by_trace = {place.trace_id: place for place in places if place is not None}
    assert (by_trace["a" * 32].flags, by_trace["a" * 32].state) == (1, "congo=1")
    assert (by_trace["c" * 32].flags, by_trace["c" * 32].state) == (0, "congo=2")
    assert not [each for each in receiver.spans if each.trace_id == "c" * 32]
    (request,) = receiver.named("POST /articles")
    assert (request.kind, request.trace_id, request.parent_id) == ("server", "a" * 32, "b" * 16)
    assert request.trace_state == "congo=1"
