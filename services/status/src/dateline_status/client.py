"""What `dateline status` and `dateline where` do: ask the status service, or read Kafka if none runs."""

import asyncio
import contextlib
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar
from urllib.parse import quote

import click
from aiokafka.errors import KafkaError
from dateline.cli.console import console
from dateline.errors import DatelineError, TransientError
from dateline.pipeline.layout import TopicLayout
from dateline.service.process import prepare
from dateline.settings import KafkaSettings, RuntimeSettings
from pydantic import BaseModel, ValidationError

from dateline_status.articles.journey import Journey, id_of
from dateline_status.kafka.cluster import KafkaCluster
from dateline_status.observer import Observer
from dateline_status.report import StatusReport
from dateline_status.settings import StatusSettings
from dateline_status.terminal import journey_view, status_view

__all__ = ["UnansweredError", "fetch", "look", "own_address", "prepared", "print_journey", "print_status", "search"]

ReportT = TypeVar("ReportT", bound=BaseModel)

FETCH_SECONDS = 10.0
"""Time limit for an answer. Most come at once; for an article, the service reads Kafka first."""


class UnansweredError(DatelineError):
    """No status service answered at an address; the message says what happened."""


def print_status(url: str | None, *, as_json: bool) -> None:
    """Print the health of the pipeline and end the process: with code 1 if the pipeline needs help, else 0.

    Args:
        url: the status service; None means the one of the settings, or Kafka itself if that does not answer.
        as_json: print the report as JSON.
    """
    kafka, layout, settings = prepared()
    report = _ask(url, settings, "/status", StatusReport, lambda: look(kafka, layout, settings))
    if as_json:
        _print_json(report)
    else:
        console().print(status_view(report))
    raise SystemExit(1 if report.status == "fail" else 0)


def print_journey(article: str, url: str | None, *, as_json: bool) -> None:
    """Print where an article is and end the process: with code 1 if it was not found, else 0.

    Args:
        article: its id or its address.
        url: the status service; None means the one of the settings, or Kafka itself if that does not answer.
        as_json: print the report as JSON.

    Raises:
        DatelineError: `article` is neither an id nor an address.
    """
    try:
        key = id_of(article)
    except ValueError as error:
        raise DatelineError(str(error)) from error
    kafka, layout, settings = prepared()
    journey = _ask(url, settings, f"/articles/{quote(key)}", Journey, lambda: search(kafka, layout, settings, key))
    if as_json:
        _print_json(journey)
    else:
        console().print(journey_view(journey))
    raise SystemExit(0 if journey.found else 1)


def prepared() -> tuple[KafkaSettings, TopicLayout, StatusSettings]:
    """Load the settings and configure the logs."""
    kafka, layout, _, settings = prepare("status", KafkaSettings, TopicLayout, RuntimeSettings, StatusSettings)
    return kafka, layout, settings


def _print_json(report: BaseModel) -> None:
    click.echo(json.dumps(report.model_dump(mode="json"), ensure_ascii=False, indent=2))


def _ask(
    url: str | None,
    settings: StatusSettings,
    path: str,
    model: type[ReportT],
    look: Callable[[], Coroutine[Any, Any, ReportT]],
) -> ReportT:
    """Return the answer of the service, or that of `look` if no service was named and none runs."""
    if url is not None:
        return fetch(url, path, model)
    try:
        return fetch(own_address(settings), path, model)
    except UnansweredError as error:
        click.echo(f"{error}; reading Kafka directly", err=True)
        return asyncio.run(look())


def own_address(settings: StatusSettings) -> str:
    """Return the address of the service with these settings, for clients on this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def fetch(url: str, path: str, model: type[ReportT]) -> ReportT:
    """Return the answer of the status service at `url` for `path`.

    Raises:
        UnansweredError: no status service answers.
    """
    address = url.rstrip("/") + path
    if not address.startswith(("http://", "https://")):
        raise UnansweredError(f"{url!r} is not an address: write it as http://HOST:PORT")
    # Never through a proxy: the service is on this machine or in the same network.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=FETCH_SECONDS) as answer:
            return model.model_validate_json(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 404 and model is Journey:
                with contextlib.suppress(ValueError, KeyError, TypeError):
                    return model.model_validate(json.loads(error.read())["journey"])
        raise UnansweredError(f"no status service at {url} (HTTP status {error.code})") from error
    except (OSError, ValueError) as error:
        reason = "the answer is not a report" if isinstance(error, ValidationError) else getattr(error, "reason", error)
        raise UnansweredError(f"no status service at {url} ({reason})") from error


async def look(kafka: KafkaSettings, layout: TopicLayout, settings: StatusSettings) -> StatusReport:
    """Read Kafka once, and return the report."""
    observer = Observer(
        connect=lambda: KafkaCluster.connect(kafka, layout, settings.answer_seconds), kafka=kafka, settings=settings
    )
    try:
        await observer.observe()
        return observer.report()
    finally:
        await observer.close()


async def search(kafka: KafkaSettings, layout: TopicLayout, settings: StatusSettings, key: str) -> Journey:
    """Read Kafka once, and return where an article is.

    Raises:
        DatelineError: Kafka does not answer.
    """
    observer = Observer(
        connect=lambda: KafkaCluster.connect(kafka, layout, settings.answer_seconds), kafka=kafka, settings=settings
    )
    try:
        await observer.observe()
        return await observer.journey(key)
    except (TransientError, KafkaError, OSError) as error:
        raise DatelineError(f"Kafka at {kafka.bootstrap_servers} does not answer: {error}") from error
    finally:
        await observer.close()
