"""What `dateline tail` does: prints the records of a topic as they arrive."""

import asyncio
import contextlib
import json

import click
from dateline_schemas import TOPICS, ContractError, EnrichedArticle
from rich.console import Console

from dateline.cli.console import console
from dateline.kafka.records import Record
from dateline.kafka.tail import tail_topic
from dateline.pipeline.rendering import article_view
from dateline.service.process import prepare, run_service
from dateline.settings import KafkaSettings, RuntimeSettings

__all__ = ["print_records"]


def print_records(topic: str, *, as_json: bool, from_beginning: bool, count: int | None) -> int:
    """Print records until `count` are printed or a signal arrives; return the exit code.

    Args:
        topic: a name of the registry, or any other, with or without the prefix of topics.
        as_json: print one line of JSON per record instead of a view of the article.
        from_beginning: start with the oldest record instead of the next one.
        count: stop after this many records; None means never.
    """
    kafka, _ = prepare("tail", KafkaSettings, RuntimeSettings)
    name = TOPICS[topic].named(kafka.topic_prefix) if topic in TOPICS else topic
    if topic not in TOPICS and not topic.startswith(kafka.topic_prefix):
        name = kafka.topic_prefix + topic
    printer = console()

    async def show(stop: asyncio.Event) -> None:
        printed = 0
        records = tail_topic(kafka, name, stop, from_beginning=from_beginning)
        async with contextlib.aclosing(records):
            async for record in records:
                _print(record, printer, as_json=as_json)
                printed += 1
                if printed == count:
                    return

    return run_service(show)


def _print(record: Record, printer: Console, *, as_json: bool) -> None:
    if not as_json:
        with contextlib.suppress(ContractError):
            printer.print(article_view(EnrichedArticle.from_bytes(record.value or b"")))
            return
    try:
        value = json.loads(record.value) if record.value is not None else None
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except ValueError:
        line = json.dumps({"bytes": (record.value or b"").decode("utf-8", "backslashreplace")}, ensure_ascii=False)
    click.echo(line if as_json else f"{record.position} {line}")
