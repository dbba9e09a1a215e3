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
from dateline_schemas import Figures, Heartbeat, PartitionProgress, ServiceState
from dateline_schemas.records.figures import MAX_FIGURES_BYTES
from dateline_schemas.topics import FIGURES, HEARTBEATS

from dateline.clock import utc_now
from dateline.concurrency.deadline import bounded, sleep_unless, unless
from dateline.errors import TransientError
from dateline.figures.limit import fitting
from dateline.figures.meter import Meter
from dateline.kafka.cluster import with_instance
from dateline.kafka.connection import discard, producer_options, start_patiently
from dateline.log import get_logger
from dateline.service.repeated_record import RepeatedRecord
from dateline.settings import KafkaSettings

__all__ = ["HeartbeatPublisher", "ServiceStatus", "distribution_version"]

log = get_logger("dateline.heartbeat")

LAST_WORDS_SECONDS = 2.0
"""A stopping service tries to publish each of its last records for this long."""

FIRST_FIGURES_SECONDS = 5.0
"""The first record of figures follows this long after the start."""


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
    meter: Meter = field(default_factory=Meter)
    metrics_url: str | None = None
    """Address of the server for Prometheus, None without one."""

    def heartbeat(self, interval_seconds: float) -> Heartbeat:
        """Return a heartbeat with the current values."""
        shown = {"metrics_url": self.metrics_url} if self.metrics_url else {}
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
            details=self.details() | shown,
            figures=fitting(self.meter.values(), MAX_FIGURES_BYTES),
        )

    def figures(self) -> Figures:
        """Return a record of `figures` with the current values."""
        record = Figures(
            service=self.service,
            instance=self.instance,
            started=self.started,
            at=datetime.now(UTC),
            group=self.group,
        )
        values = fitting(self.meter.values(), MAX_FIGURES_BYTES - len(record.to_bytes()))
        return record.model_copy(update=dict(values))


@dataclass(slots=True, kw_only=True)
class HeartbeatPublisher:
    """Publishes the status and the figures of a service at intervals; a failure to publish never stops the service."""

    status: ServiceStatus
    kafka: KafkaSettings
    interval_seconds: float
    figures_seconds: float = 60.0

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until `stop` is set, and once more after that."""
        producer: AIOKafkaProducer | None = None
        records = self._records()
        try:
            while True:
                stopped, failed = stop.is_set(), False
                try:
                    if producer is None:
                        producer = await self._connect(stop)
                    if producer is None:
                        return
                    seconds = LAST_WORDS_SECONDS if stopped else self.kafka.request_timeout_seconds
                    for each in records:
                        if stopped or not each.seconds_left:
                            await bounded(each.write(producer, self.kafka), seconds, f"a record of {each.topic.name}")
                except (KafkaError, TransientError, OSError, AssertionError) as error:
                    log.debug("no heartbeat", error=f"{type(error).__name__}: {error}")
                    failed = True
                    if producer is not None:
                        await discard(producer)
                    producer = None
                if stopped:
                    return
                left = self.interval_seconds if failed else min(each.seconds_left for each in records)
                await sleep_unless(stop, left)
        finally:
            if producer is not None:
                await discard(producer)

    def _records(self) -> list[RepeatedRecord]:
        figures_seconds = self.figures_seconds
        heartbeat = RepeatedRecord(
            topic=HEARTBEATS,
            make=lambda: self.status.heartbeat(self.interval_seconds),
            interval_seconds=self.interval_seconds,
        )
        figures = RepeatedRecord(
            topic=FIGURES, make=self.status.figures, interval_seconds=figures_seconds, may_lack=True
        )
        figures.due_at = figures.clock() + min(FIRST_FIGURES_SECONDS, figures_seconds)
        return [heartbeat, figures]

    async def _connect(self, stop: asyncio.Event) -> AIOKafkaProducer | None:
        named = await unless(stop, with_instance(self.kafka))
        if named is None:
            return None
        self.kafka = named
        options = producer_options(self.kafka, f"{self.status.instance}-heartbeat")
        return await unless(stop, start_patiently(lambda: AIOKafkaProducer(**options), "heartbeat", self.kafka))
