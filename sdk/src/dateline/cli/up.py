"""`dateline up`."""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

import click
from dateline_schemas import TOPICS
from rich.console import Console
from rich.text import Text

from dateline.errors import StageError
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.processes import Pipeline, embedded_broker, own_kafka, service_modules, service_url
from dateline.service.process import prepare, run_service
from dateline.settings import BOOTSTRAP, KafkaSettings, RuntimeSettings

__all__ = ["ServiceLines", "up"]

COLOURS = ("cyan", "green", "magenta", "yellow", "blue")
"""Services take these in turn."""


class ServiceLines:
    """Prints each line with the name of its service before it, in a colour of its own."""

    def __init__(self, console: Console, names: list[str]) -> None:
        self._console = console
        self._width = max(map(len, names), default=0)
        self._colours = {name: COLOURS[number % len(COLOURS)] for number, name in enumerate(names)}

    def show(self, name: str, line: str) -> None:
        """Print one line of the service `name`."""
        text = Text(f"{name:<{self._width}} ", style=f"bold {self._colours.get(name, 'white')}")
        text.append(line, style="not bold default")
        self._console.print(text, soft_wrap=True)


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".dateline/kafka"),
    show_default=True,
    help="Where the embedded broker keeps its data.",
)
def up(data: Path) -> None:
    """Run Kafka and all services in the foreground until Ctrl-C.

    With DATELINE_KAFKA__BOOTSTRAP_SERVERS set, or a broker of `dateline broker start` running, no
    Kafka is started. A service that dies is started again.

    \b
    Example:
      dateline up
    """
    prepare("up", KafkaSettings, RuntimeSettings)

    async def main(stop: asyncio.Event) -> None:
        async with contextlib.AsyncExitStack() as stack:
            address = own_kafka()
            if address is None:
                broker = await stack.enter_async_context(embedded_broker(data))
                address = os.environ[BOOTSTRAP] = broker.bootstrap_servers
            await run_pipeline(stop, address)

    sys.exit(run_service(main))


async def run_pipeline(stop: asyncio.Event, address: str) -> None:
    """Create the topics and run every service until `stop` is set.

    Raises:
        StageError: when a service stopped itself.
    """
    kafka, _ = prepare("up", KafkaSettings, RuntimeSettings)
    await ensure_topics(kafka, TOPICS.values())
    modules = service_modules()
    lines = ServiceLines(Console(stderr=True), list(modules))
    addresses = {"kafka": address} | {name: url for name in modules if (url := service_url(name))}
    for name, url in addresses.items():
        lines.show(name, url)
    environment = {} if "DATELINE_RUNTIME__LOG_FORMAT" in os.environ else {"DATELINE_RUNTIME__LOG_FORMAT": "console"}
    async with Pipeline(show=lines.show, environment=environment) as pipeline:
        for name, module in modules.items():
            pipeline.start(name, module)
        waits = [asyncio.ensure_future(stop.wait()), asyncio.ensure_future(pipeline.failed.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()
        click.echo("stopping", err=True)
    if pipeline.failure:
        raise StageError(pipeline.failure)
