"""`dateline tail`."""

import asyncio
import contextlib
import json
import sys

import click
from dateline_schemas import TOPICS, ContractError, EnrichedArticle
from rich.console import Console

from dateline.kafka.records import Record
from dateline.kafka.tail import tail_topic
from dateline.pipeline.rendering import article_view, terminal_or_lines
from dateline.service.process import prepare, run_service
from dateline.settings import KafkaSettings, RuntimeSettings

__all__ = ["tail"]


@click.command()
@click.argument("topic", default="articles.enriched")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a record.")
@click.option("--from-beginning", is_flag=True, help="Begin with what the topic already has.")
@click.option("-n", "--count", type=click.IntRange(min=1), help="End after so many records.")
def tail(topic: str, as_json: bool, from_beginning: bool, count: int | None) -> None:
    """Show enriched articles as they arrive, or the records of another TOPIC.

    \b
    Example:
      dateline tail --from-beginning -n 3
      dateline tail articles.parsed --json | jq .title
    """
    kafka, _ = prepare("tail", KafkaSettings, RuntimeSettings)
    name = TOPICS[topic].named(kafka.topic_prefix) if topic in TOPICS else topic
    if topic not in TOPICS and not topic.startswith(kafka.topic_prefix):
        name = kafka.topic_prefix + topic
    console = terminal_or_lines()

    async def show(stop: asyncio.Event) -> None:
        left = count
        records = tail_topic(kafka, name, stop, from_beginning=from_beginning)
        async with contextlib.aclosing(records):
            async for record in records:
                _print(record, console, as_json=as_json)
                if left is not None:
                    left -= 1
                    if left == 0:
                        return

    sys.exit(run_service(show))


def _print(record: Record, console: Console, *, as_json: bool) -> None:
    if not as_json:
        with contextlib.suppress(ContractError):
            console.print(article_view(EnrichedArticle.from_bytes(record.value or b"")))
            return
    try:
        value = json.loads(record.value) if record.value is not None else None
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except ValueError:
        line = json.dumps({"bytes": (record.value or b"").decode("utf-8", "backslashreplace")}, ensure_ascii=False)
    click.echo(line if as_json else f"{record.position} {line}")
