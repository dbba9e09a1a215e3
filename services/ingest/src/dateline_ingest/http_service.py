"""Ingest's own HTTP server beside the polling: what it is made of, and how it ends."""

import asyncio
import socket
import time

import structlog
from dateline.deadline import unless
from dateline.heartbeat import distribution_version
from dateline.http_server import address_of, listen, serve
from dateline.service import instance_name
from dateline.settings import KafkaSettings
from dateline.topics import ensure_topics
from dateline_schemas.topics import ARTICLES_PARSED

from dateline_ingest.outbox import Outbox
from dateline_ingest.poller import utc_now
from dateline_ingest.push.app import create_app
from dateline_ingest.push.body import Room
from dateline_ingest.push.intake import ArticleIntake, articles_router
from dateline_ingest.push.settings import HttpSettings

__all__ = ["listener_of", "run_http"]

log = structlog.get_logger("dateline.ingest")


def listener_of(settings: HttpSettings) -> socket.socket | None:
    """Open the socket; None where no port is set.

    Raises:
        SettingsError: when the address cannot be had.
    """
    if settings.http_port is None:
        return None
    return listen(settings.http_host, settings.http_port, setting="DATELINE_INGEST__HTTP_PORT")


async def run_http(
    listener: socket.socket, settings: HttpSettings, kafka: KafkaSettings, stop: asyncio.Event, *, group: str
) -> None:
    """Answer until `stop` is set; what was begun is then finished and written first.

    Raises:
        StageError: when the brokers refuse for good.
    """
    # A name that is kept over restarts lets the next process end what this one left open.
    outbox = Outbox(kafka=kafka, name=f"{group}-http-{kafka.instance_id or instance_name('ingest')}")
    intake = ArticleIntake(
        settings=settings,
        outbox=outbox,
        room=Room(settings.http_buffer_bytes),
        prefix=kafka.topic_prefix,
        now=utc_now,
        clock=time.monotonic,
    )
    release = distribution_version("dateline-ingest")
    app = create_app([articles_router(intake)], unavailable=lambda: outbox.failure, release=release)
    log.info("listening", url=address_of(listener), push="open" if settings.push_tokens else "closed")
    answered = asyncio.Event()
    writing = asyncio.ensure_future(_write(outbox, answered))
    serving = asyncio.ensure_future(
        serve(
            app,
            listener,
            stop,
            grace_seconds=settings.http_commit_seconds,
            connections=settings.http_connections,
        )
    )
    try:
        await asyncio.wait({writing, serving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop.set()
        await asyncio.wait({serving})
        answered.set()
        await asyncio.gather(serving, writing)


async def _write(outbox: Outbox, stop: asyncio.Event) -> None:
    if await unless(stop, ensure_topics(outbox.kafka, [ARTICLES_PARSED])) is not None:
        await outbox.run(stop)
