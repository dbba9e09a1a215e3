"""Publishes that a service is alive, and what it is doing."""

import asyncio
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from dateline_schemas import Heartbeat, PartitionProgress, ServiceState
from dateline_schemas.headers import event_headers
from dateline_schemas.topics import HEARTBEATS

from dateline.clock import utc_now
from dateline.concurrency.deadline import bounded, sleep_unless, unless
from dateline.errors import TransientError
from dateline.kafka.cluster import with_instance
from dateline.kafka.connection import discard, producer_options, start_patiently
from dateline.log import get_logger
from dateline.settings import KafkaSettings

__all__ = ["HeartbeatPublisher", "ServiceStatus", "distribution_version"]

log = get_logger("dateline.heartbeat")

LAST_WORDS_SECONDS = 2.0
"""A stopping service tries to publish its last heartbeat for this long."""


def distribution_version(name: str) -> str:
    """Return the version of an installed distribution, or `unknown`."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"


@dataclass(slots=True, kw_only=True)
class ServiceStatus:
    """The content of a service's heartbeats, which the service keeps up to date."""

    service: str
    instance: str
    version: str = "unknown"
    group: str | None = None
    state: ServiceState = "starting"
    reason: str | None = None
    started: datetime = field(default_factory=utc_now)
    partitions: Callable[[], list[PartitionProgress]] = list
    details: Callable[[], dict[str, Any]] = dict

    def heartbeat(self, interval_seconds: float) -> Heartbeat:
        """Return a heartbeat with the current values."""
        return Heartbeat(
            service=self.service,
            instance=self.instance,
            host=socket.gethostname(),
            pid=os.getpid(),
            version=self.version,
            started=self.started,
            at=datetime.now(UTC),
            state=self.state,
            reason=self.reason,
            group=self.group,
            interval_seconds=interval_seconds,
            partitions=self.partitions(),
            details=self.details(),
        )


@dataclass(slots=True, kw_only=True)
class HeartbeatPublisher:
    """Publishes the status of a service at intervals; a failure to publish never stops the service."""

    status: ServiceStatus
    kafka: KafkaSettings
    interval_seconds: float

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until `stop` is set, and once more after that."""
        producer: AIOKafkaProducer | None = None
        try:
            while True:
                stopped = stop.is_set()
                try:
                    if producer is None:
                        producer = await self._connect(stop)
                    if producer is None:
                        return
                    seconds = LAST_WORDS_SECONDS if stopped else self.kafka.request_timeout_seconds
                    await bounded(self._publish(producer), seconds, "a heartbeat")
                except (KafkaError, TransientError, OSError) as error:
                    log.debug("no heartbeat", error=f"{type(error).__name__}: {error}")
                    if producer is not None:
                        await discard(producer)
                    producer = None
                if stopped:
                    return
                await sleep_unless(stop, self.interval_seconds)
        finally:
            if producer is not None:
                await discard(producer)

    async def _connect(self, stop: asyncio.Event) -> AIOKafkaProducer | None:
        named = await unless(stop, with_instance(self.kafka))
        if named is None:
            return None
        self.kafka = named
        options = producer_options(self.kafka, f"{self.status.instance}-heartbeat")
        return await unless(stop, start_patiently(lambda: AIOKafkaProducer(**options), "heartbeat", self.kafka))

    async def _publish(self, producer: AIOKafkaProducer) -> None:
        topic = HEARTBEATS
        beat = self.status.heartbeat(self.interval_seconds)
        key = f"{beat.service}/{beat.instance}"
        source = self.kafka.event_source(beat.service)
        headers = event_headers(topic, id=f"{key}/{beat.at.isoformat()}", source=source, time=beat.at)
        await producer.send_and_wait(
            topic.named(self.kafka.topic_prefix), key=key.encode(), value=beat.to_bytes(), headers=headers
        )
