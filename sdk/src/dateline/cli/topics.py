"""`dateline topics`."""

import asyncio

import click
from dateline_schemas import TOPICS
from rich.console import Console
from rich.table import Table

from dateline.kafka.topics import TopicReport, ensure_topics, inspect_topics
from dateline.service.process import prepare
from dateline.settings import KafkaSettings, RuntimeSettings

__all__ = ["topics"]

PATIENCE_SECONDS = 10.0
"""How long the verb waits for a broker that does not answer."""


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if a topic is missing or differs.")
def topics(check: bool) -> None:
    """Create the topics, and compare those that exist with what they should be.

    \b
    Example:
      dateline topics --check
    """
    kafka, _ = prepare("topics", KafkaSettings, RuntimeSettings)
    work = inspect_topics if check else ensure_topics
    reports = asyncio.run(work(kafka, TOPICS.values(), patience=PATIENCE_SECONDS))
    Console().print(_table(reports))
    if check and any(not report.exists or report.differences for report in reports):
        raise SystemExit(1)


def _table(reports: list[TopicReport]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("topic", "partitions", "cleanup", "key", "state"):
        table.add_column(column, overflow="fold")
    for report in reports:
        differences = "; ".join(f"{key} is {found}, not {wanted}" for key, wanted, found in report.differences)
        state = "created" if report.created else "missing" if not report.exists else differences or "as it should be"
        style = "red" if report.fatal or not report.exists else "yellow" if report.differences else "green"
        table.add_row(
            report.name, str(report.topic.partitions), report.topic.cleanup, report.topic.key, f"[{style}]{state}[/]"
        )
    return table
