"""The process of the status service."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

from dateline.concurrency.together import run_together
from dateline.log import get_logger
from dateline.pipeline.layout import TopicLayout
from dateline.service.heartbeat import ServiceStatus, distribution_version
from dateline.service.http_server import address_of, listen, serve
from dateline.service.process import instance_name, prepare_service, run_service
from dateline.service.workers import heartbeats
from dateline.settings import KafkaSettings, RuntimeSettings

from dateline_status.feed_changes.desk import FeedDesk
from dateline_status.feeds.catalog import FeedCatalog
from dateline_status.feeds.reader import FeedReader
from dateline_status.groups.desk import GroupDesk
from dateline_status.history.follower import HistoryFollower
from dateline_status.history.sightings import Sightings
from dateline_status.history.store import HistoryStore
from dateline_status.http.access.access import Access
from dateline_status.http.app import create_app
from dateline_status.http.dashboard import Dashboard
from dateline_status.kafka.cluster import KafkaCluster
from dateline_status.letters.desk import LetterDesk
from dateline_status.observer import Observer
from dateline_status.pulse import Pulse
from dateline_status.recent.articles import RecentArticles
from dateline_status.settings import StatusSettings

__all__ = ["main", "run"]

log = get_logger("dateline.status")

REDRAW_SECONDS = 1.0
"""A plot that is looked at by many is drawn at most this often, since that takes some milliseconds."""


async def run(
    kafka: KafkaSettings,
    layout: TopicLayout,
    runtime: RuntimeSettings,
    settings: StatusSettings,
    stop: asyncio.Event,
) -> None:
    """Observe Kafka and answer requests until `stop` is set.

    Raises:
        SettingsError: the service cannot listen on its address.
    """
    listener = listen(settings.host, settings.port, setting="DATELINE_STATUS__PORT")
    url = address_of(listener)
    release = distribution_version("dateline-status")

    def connect() -> Awaitable[KafkaCluster]:
        return KafkaCluster.connect(kafka, layout, settings.answer_seconds)

    pulse = Pulse()
    sightings = Sightings()

    def observed() -> None:
        sightings.note(observer.report())
        pulse.beat()

    observer = Observer(connect=connect, kafka=kafka, settings=settings, changed=observed)
    history = HistoryStore(own_groups=lambda: sightings.own_groups, redraw_seconds=REDRAW_SECONDS)
    follower = HistoryFollower(kafka=kafka, store=history, changed=pulse.beat)
    status = ServiceStatus(
        service="status",
        instance=instance_name("status"),
        version=release,
        state="running",
        details=lambda: {"url": url},
        meter=sightings.meter,
    )
    dashboard = Dashboard(
        pulse=pulse,
        stop=stop,
        history=history,
        figures=sightings.meter,
        access=_access(settings),
        letters=LetterDesk(kafka=kafka, table=lambda: observer.letters, connect=connect, changed=pulse.beat),
        groups=GroupDesk(kafka, pulse.beat),
        actions=FeedDesk(kafka=kafka, directory=lambda: observer.feeds, connect=connect),
        feeds=FeedCatalog(
            lambda: observer.feeds,
            FeedReader(connect, kafka, search_records=settings.search_records, outage=lambda: observer.ready().reason),
        ),
    )
    articles = None
    if settings.recent_articles:
        articles = RecentArticles(connect, kafka, settings.recent_articles, arrived=pulse.beat)
        dashboard.articles = articles
    log.info("listening", url=url)
    answered = asyncio.Event()

    async def answer() -> None:
        try:
            await serve(create_app(observer, release=release, dashboard=dashboard), listener, stop)
        finally:
            answered.set()

    async with heartbeats(status, kafka, runtime):
        try:
            # The observer handles every failure of Kafka; if it ends by itself, that is a bug and ends the process.
            works = [
                observer.run(answered),
                follower.run(answered),
                *([articles.run(answered)] if articles is not None else []),
            ]
            await run_together(stop, answer(), *works)
        finally:
            status.state = "stopped"


def _access(settings: StatusSettings) -> Access:
    return Access.of(
        settings.token,
        session_length=timedelta(seconds=settings.session_seconds),
        only_https=settings.cookie_https_only,
    )


def main() -> int:
    """Run the service as a process; return its exit code."""

    async def prepared(stop: asyncio.Event) -> None:
        kafka, layout, runtime, settings = prepare_service(
            "status", KafkaSettings, TopicLayout, RuntimeSettings, StatusSettings
        )
        await run(kafka, layout, runtime, settings, stop)

    return run_service(prepared)
