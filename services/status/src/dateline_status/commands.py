"""`dateline status`."""

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Callable

import click
from dateline.errors import DatelineError
from dateline.service import prepare
from dateline.settings import KafkaSettings, RuntimeSettings
from pydantic import ValidationError
from rich.console import Console

from dateline_status.cluster import Cluster
from dateline_status.observer import Observer
from dateline_status.report import StatusReport
from dateline_status.settings import StatusSettings
from dateline_status.terminal import status_view

__all__ = ["status"]

FETCH_SECONDS = 3.0
"""The service answers at once or not at all."""


class UnansweredError(DatelineError):
    """No status service answers at an address; the message says what happened instead."""


@click.command()
@click.option(
    "--url", help="The status service to ask, such as http://127.0.0.1:8080; by default that of the settings."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, as the service's /status has it.")
def status(url: str | None, as_json: bool) -> None:
    """Show the pipeline's health: services, groups with their lag, topics, dead letters, feeds.

    The running status service is asked; without one, Kafka itself is looked at once. The exit code is 0 if all
    is well or merely worth a look, and 1 if the pipeline needs help.

    \b
    Example:
      dateline status
      dateline status --json | jq .problems
      dateline status --url http://127.0.0.1:8080
    """
    kafka, _, settings = prepare("status", KafkaSettings, RuntimeSettings, StatusSettings)
    report = _find(url, kafka, settings, lambda note: click.echo(note, err=True))
    if as_json:
        click.echo(json.dumps(report.model_dump(mode="json"), ensure_ascii=False, indent=2))
    else:
        Console().print(status_view(report))
    raise SystemExit(1 if report.status == "fail" else 0)


def _find(url: str | None, kafka: KafkaSettings, settings: StatusSettings, note: Callable[[str], None]) -> StatusReport:
    if url is not None:
        return fetch(url)
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    host = f"[{host}]" if ":" in host else host
    try:
        return fetch(f"http://{host}:{settings.port}")
    except UnansweredError as error:
        note(f"{error}; looking at Kafka itself")
        return asyncio.run(look(kafka, settings))


def fetch(url: str) -> StatusReport:
    """Return the report of the status service at `url`.

    Raises:
        UnansweredError: when there is none.
    """
    address = url.rstrip("/") + "/status"
    if not address.startswith(("http://", "https://")):
        raise UnansweredError(f"{url!r} is no address: write it as http://HOST:PORT")
    # Never by a proxy: the service is on this machine or in the same network.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=FETCH_SECONDS) as answer:
            return StatusReport.model_validate_json(answer.read())
    except urllib.error.HTTPError as error:
        error.close()
        raise UnansweredError(f"no status service at {url} (it answers {error.code})") from error
    except (OSError, ValueError) as error:
        reason = "something else answers" if isinstance(error, ValidationError) else getattr(error, "reason", error)
        raise UnansweredError(f"no status service at {url} ({reason})") from error


async def look(kafka: KafkaSettings, settings: StatusSettings) -> StatusReport:
    """Return a report of one look at Kafka."""
    observer = Observer(connect=lambda: Cluster.connect(kafka, settings.answer_seconds), kafka=kafka, settings=settings)
    try:
        await observer.observe()
        return observer.report()
    finally:
        await observer.close()
