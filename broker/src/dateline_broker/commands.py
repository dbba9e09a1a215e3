"""The verbs of `dateline broker`.

Only click and the settings are imported here, so that `dateline --help` is quick.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

import dateline_broker
from dateline_broker.errors import BrokerError
from dateline_broker.settings import DEFAULT_DATA_DIR, BrokerSettings

if TYPE_CHECKING:
    from dateline_broker import BrokerStatus

__all__ = ["broker"]

data_dir_option = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEFAULT_DATA_DIR,
    show_default=True,
    help="Folder of the broker's data, logs and state.",
)


def fail(error: Exception) -> NoReturn:
    """End with one line and exit code 1."""
    raise click.ClickException(str(error)) from error


@click.group()
def broker() -> None:
    """Start, stop and inspect the embedded Kafka.

    \b
    Example:
      dateline broker start
    """


@broker.command()
@data_dir_option
@click.option(
    "--port",
    type=click.IntRange(1024, 65535),
    help="Port on 127.0.0.1.  [default: 9092, or any free port if 9092 is taken]",
)
@click.option("--heap-mb", type=click.IntRange(128), default=384, show_default=True, help="Largest Java heap, in MB.")
def start(data_dir: Path, port: int | None, heap_mb: int) -> None:
    """Start Kafka in the background; it keeps running after this command.

    The first start downloads Kafka (45 MB). If it is running already, nothing changes.

    \b
    Example:
      dateline broker start --port 9093
    """
    try:
        before = dateline_broker.broker_status(data_dir)
        status = dateline_broker.start_daemon(
            BrokerSettings(data_dir=data_dir, port=port, heap_mb=heap_mb),
            progress=dateline_broker.progress_for(sys.stderr),
        )
    except BrokerError as error:
        fail(error)
    click.echo(describe(status) if before.pid != status.pid else f"Nothing to do: {describe(status)}")


@broker.command()
@data_dir_option
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    default=20.0,
    show_default=True,
    help="Seconds after which Kafka is killed.",
)
def stop(data_dir: Path, timeout: float) -> None:
    """Stop the Kafka that `dateline broker start` started.

    \b
    Example:
      dateline broker stop
    """
    try:
        clean = dateline_broker.stop_daemon(data_dir, timeout_seconds=timeout)
    except BrokerError as error:
        fail(error)
    click.echo("Kafka has stopped." if clean else f"Kafka did not stop within {timeout:g} s and was killed.")


@broker.command()
@data_dir_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(data_dir: Path, as_json: bool) -> None:
    """Say whether Kafka is running, and where; the exit code is 1 if it is not.

    \b
    Example:
      dateline broker status --json
    """
    found = dateline_broker.broker_status(data_dir)
    click.echo(json.dumps(dataclasses.asdict(found), default=str) if as_json else describe(found))
    if found.state != "running":
        raise SystemExit(1)


@broker.command()
@data_dir_option
@click.option("-n", "--lines", type=click.IntRange(0), default=50, show_default=True, help="Number of lines to show.")
@click.option("-f", "--follow", "following", is_flag=True, help="Show new lines until Ctrl-C.")
def logs(data_dir: Path, lines: int, following: bool) -> None:
    """Show the last lines of Kafka's log.

    \b
    Example:
      dateline broker logs --follow
    """
    from dateline_broker.tail import follow, last_lines

    path = dateline_broker.broker_status(data_dir).log_path
    try:
        last, position = last_lines(path, lines)
    except FileNotFoundError:
        fail(BrokerError(f"there is no log in {path.parent}; start Kafka with: dateline broker start"))
    for line in last:
        click.echo(line)
    try:
        for line in follow(path, position) if following else ():
            click.echo(line)
    except KeyboardInterrupt:
        return


def describe(found: BrokerStatus) -> str:
    """Return one sentence about a broker: whether it runs, where, and what ends or starts it."""
    if found.state == "running":
        life = f"it ends with process {found.owner_pid}" if found.owner_pid else "dateline broker stop ends it"
        return (
            f"Apache Kafka {found.kafka_version} runs on {found.bootstrap_servers} (pid {found.pid}), "
            f"data in {found.data_dir}; {life}."
        )
    if found.state == "ended":
        return f"Kafka is not running (data in {found.data_dir}): pid {found.pid} has ended. {found.problem}"
    return f"Kafka is not running (data in {found.data_dir}); start it with: dateline broker start"
