"""The HTTP server of ingest: assembles the endpoints for pushed articles and for WebSub hubs, and runs them."""

import asyncio
import socket
import time

from dateline.clock import utc_now
from dateline.concurrency.deadline import unless
from dateline.concurrency.together import run_together
from dateline.figures.meter import Meter
from dateline.kafka.cluster import with_instance
from dateline.kafka.topics import ensure_topics
from dateline.log import get_logger
from dateline.pipeline.layout import TopicLayout
from dateline.service.heartbeat import distribution_version
from dateline.service.http_server import address_of, listen, serve
from dateline.service.process import instance_name
from dateline.settings import KafkaSettings
from dateline.tracing.span import NO_TRACER, Tracer
from dateline_schemas.topics import ARTICLES_PARSED, FEED_PUSHES

from dateline_ingest.figures import IngestFigures
from dateline_ingest.http.app import create_app
from dateline_ingest.http.body import Room
from dateline_ingest.http.outbox import Outbox
from dateline_ingest.http.settings import HttpSettings
from dateline_ingest.push.description import PushedArticle
from dateline_ingest.push.intake import ArticleIntake, articles_router
from dateline_ingest.settings import IngestSettings
from dateline_ingest.websub.callback import HubCalls, callback_router
from dateline_ingest.websub.owned_feeds import OwnedFeeds
from dateline_ingest.websub.settings import WebSubSettings

__all__ = ["listener_of", "run_http"]

log = get_logger("dateline.ingest")


def listener_of(settings: HttpSettings) -> socket.socket | None:
    """Open the socket; None if no port is set.

    Raises:
        SettingsError: the address is not available.
    """
    if settings.http_port is None:
        return None
    return listen(settings.http_host, settings.http_port, setting="DATELINE_INGEST__HTTP_PORT")


async def run_http(
    listener: socket.socket,
    settings: HttpSettings,
    kafka: KafkaSettings,
    layout: TopicLayout,
    stop: asyncio.Event,
    *,
    ingest: IngestSettings,
    websub: WebSubSettings,
    owned: OwnedFeeds,
    meter: Meter | None = None,
    tracer: Tracer = NO_TRACER,
) -> None:
    """Serve until `stop` is set; requests in progress are finished and written before the server ends.

    Args:
        listener: the socket.
        settings: the settings of the server.
        kafka: the cluster to write to.
        layout: the topics' partitions and retention.
        stop: ends it.
        ingest: for the consumer group and the maximum size of a feed.
        websub: whether WebSub is enabled.
        owned: the feeds of the partitions that this replica owns.
        meter: counts what arrives, and is what `/metrics` shows; None means one of its own.
        tracer: makes the spans of requests.

    Raises:
        StageError: the brokers reject the writer permanently.
    """
    # A stable name lets the next process abort the transaction that this one left open.
    outbox = Outbox(kafka=kafka, name=f"{ingest.group}-http-{kafka.instance_id or instance_name('ingest')}")
    room = Room(settings.http_buffer_bytes)
    meter = Meter() if meter is None else meter
    figures = IngestFigures.of(meter)
    intake = ArticleIntake(
        settings=settings,
        outbox=outbox,
        room=room,
        prefix=kafka.topic_prefix,
        now=utc_now,
        clock=time.monotonic,
        tracer=tracer,
        figures=figures,
    )
    release = distribution_version("dateline-ingest")
    routers = [articles_router(intake)]
    capabilities = websub.capabilities
    if capabilities is not None:
        calls = HubCalls(
            capabilities=capabilities,
            outbox=outbox,
            room=room,
            settings=settings,
            feeds=owned,
            prefix=kafka.topic_prefix,
            max_bytes=ingest.max_feed_bytes,
            accept_sha1=websub.accept_sha1,
            now=utc_now,
            figures=figures,
        )
        routers.append(callback_router(calls))
    app = create_app(
        routers, unavailable=lambda: outbox.failure, release=release, described=[PushedArticle], meters=[meter]
    )
    url, push = address_of(listener), "open" if settings.push_tokens else "closed"
    log.info("listening", url=url, push=push, websub="off" if capabilities is None else "on")
    answered = asyncio.Event()

    async def answer() -> None:
        try:
            await serve(
                app,
                listener,
                stop,
                grace_seconds=settings.http_commit_seconds,
                connections=settings.http_connections,
            )
        finally:
            answered.set()

    await run_together(stop, answer(), _write(outbox, layout, answered))


async def _write(outbox: Outbox, layout: TopicLayout, stop: asyncio.Event) -> None:
    if await unless(stop, ensure_topics(outbox.kafka, layout.of_all([ARTICLES_PARSED, FEED_PUSHES]))) is None:
        return
    named = await unless(stop, with_instance(outbox.kafka))
    if named is not None:
        outbox.kafka = named
        await outbox.run(stop)
