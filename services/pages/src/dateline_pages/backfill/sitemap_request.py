"""What `dateline backfill sitemap` does: asks the task of the site for the articles of a sitemap."""

import asyncio
from datetime import datetime
from typing import Any

import click
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from dateline.clock import utc_now
from dateline.concurrency.deadline import bounded
from dateline.errors import DatelineError, TransientError
from dateline.kafka.cluster import with_instance
from dateline.kafka.connection import discard, producer_options, start_patiently
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.events import page_request_output
from dateline.pipeline.layout import TopicLayout
from dateline.service.process import prepare
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_schemas import PageRequest, site_key
from dateline_schemas.topics import PAGE_REQUESTS
from dateline_web.address import web_address, without_credentials
from dateline_web.errors import InvalidAddressError

__all__ = ["ask_for_sitemap", "sitemap_request"]

CLIENT_ID = "dateline-backfill"
"""The client id in requests to the brokers."""

EVENT_SOURCE = "backfill"
"""The service in the CloudEvents `source` of the requests."""

PATIENCE_SECONDS = 10.0
"""How long to wait for a broker that does not answer."""


def ask_for_sitemap(url: str, *, since: datetime | None, limit: int | None) -> None:
    """Ask for the articles of a sitemap, and say how to watch it.

    Raises:
        DatelineError: the address is invalid, or Kafka does not accept the request.
    """
    site, request = sitemap_request(url, since=since, limit=limit, now=utc_now())
    asyncio.run(_send(site, request))
    click.echo(f"{request.url}: asked for; `dateline pages show {site}` tells how far it is")


def sitemap_request(url: str, *, since: datetime | None, limit: int | None, now: datetime) -> tuple[str, PageRequest]:
    """Return the site and the request for the articles of a sitemap.

    Raises:
        DatelineError: the address is invalid.
    """
    try:
        address = web_address(url)
    except InvalidAddressError as error:
        raise DatelineError(f"{without_credentials(url)}: {error}") from error
    if without_credentials(address) != address:
        raise DatelineError("the address contains a user name or a password, which would be stored: leave them out")
    site = site_key(address)
    if site is None:
        raise DatelineError(f"{address}: the address belongs to no site")
    return site, PageRequest(kind="sitemap", url=address, asked=now, patient=True, since=since, limit=limit)


async def _send(site: str, request: PageRequest) -> None:
    kafka, layout, _ = prepare("backfill", KafkaSettings, TopicLayout, RuntimeSettings)
    await ensure_topics(kafka, layout.of_all([PAGE_REQUESTS]), patience_seconds=PATIENCE_SECONDS)
    kafka = await with_instance(kafka, patience_seconds=PATIENCE_SECONDS)
    output = page_request_output(request, site, kafka.topic_prefix, source=kafka.event_source(EVENT_SOURCE))
    producer: Any = await start_patiently(
        lambda: AIOKafkaProducer(**producer_options(kafka, CLIENT_ID)),
        CLIENT_ID,
        kafka,
        patience_seconds=PATIENCE_SECONDS,
    )
    try:
        sent = producer.send_and_wait(output.topic, key=output.key, value=output.value, headers=list(output.headers))
        await bounded(sent, 4 * kafka.request_timeout_seconds, "asking for the sitemap")
    except (KafkaError, TransientError) as error:
        raise DatelineError(f"Kafka did not accept the request: {type(error).__name__}: {error}") from error
    finally:
        await discard(producer)
