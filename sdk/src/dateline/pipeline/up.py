"""What `dateline up` does: runs Kafka and all services in the foreground."""

import asyncio
import contextlib
import os
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from dateline.concurrency.together import until_first_ends
from dateline.errors import StageError
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.pipeline.processes import (
    Pipeline,
    embedded_broker,
    metrics_ports,
    own_kafka,
    service_modules,
    service_url,
)
from dateline.service.process import prepare, run_service
from dateline.settings import BOOTSTRAP, KafkaSettings, all_sections, load

__all__ = ["ServiceLines", "run_pipeline", "run_up"]

COLOURS = ("cyan", "green", "magenta", "yellow", "blue")
"""Colours of the services' names, used in turn."""


class ServiceLines:
    """Prints each line after the name of its service; each name has its own colour."""

    def __init__(self, console: Console, names: list[str]) -> None:
        self._console = console
        self._width = max(map(len, names), default=0)
        self._colours = {name: COLOURS[number % len(COLOURS)] for number, name in enumerate(names)}

    def show(self, name: str, line: str) -> None:
        """Print one line of the service `name`."""
        text = Text(f"{name:<{self._width}} ", style=f"bold {self._colours.get(name, 'white')}")
        text.append(line, style="not bold default")
        self._console.print(text, soft_wrap=True)


def run_up(data: Path) -> int:
    """Check all settings, then run Kafka and all services until a signal arrives; return the exit code.

    Args:
        data: the folder of the embedded broker, which is started unless another Kafka is set.

    Raises:
        SettingsError: a setting of any service is wrong; nothing was started.
    """
    prepare("up", *all_sections())

    async def main(stop: asyncio.Event) -> None:
        async with contextlib.AsyncExitStack() as stack:
            address = own_kafka()
            if address is None:
                broker = await stack.enter_async_context(embedded_broker(data))
                address = os.environ[BOOTSTRAP] = broker.bootstrap_servers
            await run_pipeline(stop, address)

    return run_service(main)


async def run_pipeline(stop: asyncio.Event, address: str) -> None:
    """Create the topics and run every service until `stop` is set.

    Raises:
        StageError: a service stopped itself.
    """
    kafka, layout = load(KafkaSettings, TopicLayout)
    await ensure_topics(kafka, layout.of_registry())
    modules = service_modules()
    ports = metrics_ports(modules)
    lines = ServiceLines(Console(stderr=True), list(modules))
    addresses = {"kafka": address} | {name: url for name in modules if (url := service_url(name))}
    for name, url in addresses.items():
        lines.show(name, url)
    environment = {} if "DATELINE_RUNTIME__LOG_FORMAT" in os.environ else {"DATELINE_RUNTIME__LOG_FORMAT": "console"}
    async with Pipeline(show=lines.show, environment=environment) as pipeline:
        for name, module in modules.items():
            pipeline.start(name, module, metrics_port=ports.get(name))
        await until_first_ends(stop.wait(), pipeline.failed.wait())
        click.echo("stopping", err=True)
    if pipeline.failure:
        raise StageError(pipeline.failure)
