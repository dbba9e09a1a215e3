"""The status service from start to end."""

import asyncio

import structlog
from dateline.service.heartbeat import ServiceStatus, distribution_version
from dateline.service.http_server import address_of, listen, serve
from dateline.service.process import heartbeats, instance_name, prepare, run_service
from dateline.settings import KafkaSettings, RuntimeSettings

from dateline_status.app import create_app
from dateline_status.cluster import Cluster
from dateline_status.observer import Observer
from dateline_status.settings import StatusSettings

__all__ = ["main", "run"]

log = structlog.get_logger("dateline.status")


async def run(kafka: KafkaSettings, runtime: RuntimeSettings, settings: StatusSettings, stop: asyncio.Event) -> None:
    """Observe and answer until `stop` is set.

    Raises:
        SettingsError: when the address to listen on cannot be had.
    """
    listener = listen(settings.host, settings.port, setting="DATELINE_STATUS__PORT")
    url = address_of(listener)
    release = distribution_version("dateline-status")
    observer = Observer(connect=lambda: Cluster.connect(kafka, settings.answer_seconds), kafka=kafka, settings=settings)
    status = ServiceStatus(
        service="status",
        instance=instance_name("status"),
        version=release,
        state="running",
        details=lambda: {"url": url},
    )
    log.info("listening", url=url)
    observing = asyncio.Event()
    async with heartbeats(status, kafka, runtime):
        watching = asyncio.ensure_future(observer.run(observing))
        serving = asyncio.ensure_future(serve(create_app(observer, release=release), listener, stop))
        try:
            # The observer handles whatever Kafka does; if it ends by itself, that is a bug and ends the process.
            await asyncio.wait({watching, serving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.set()
            observing.set()
            await asyncio.gather(serving, watching)
            status.state = "stopped"


def main() -> int:
    """Run the service as a process; return its exit code."""

    async def prepared(stop: asyncio.Event) -> None:
        kafka, runtime, settings = prepare("status", KafkaSettings, RuntimeSettings, StatusSettings)
        await run(kafka, runtime, settings, stop)

    return run_service(prepared)
