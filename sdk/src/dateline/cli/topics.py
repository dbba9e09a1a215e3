"""What `dateline topics` does: creates the topics of the registry, or compares them with it."""

import asyncio

from rich.table import Table

from dateline.cli.console import console
from dateline.kafka.topics import TopicReport, ensure_topics, inspect_topics
from dateline.pipeline.layout import TopicLayout
from dateline.service.process import prepare
from dateline.settings import KafkaSettings, RuntimeSettings

__all__ = ["create_or_check"]

PATIENCE_SECONDS = 10.0
"""How long to wait for a broker that does not answer."""


def create_or_check(*, check: bool) -> None:
    """Create missing topics, or with `check` change nothing, and print the state of each topic.

    Raises:
        SystemExit: with code 1 when `check` finds a topic that is missing or differs.
    """
    kafka, _, layout = prepare("topics", KafkaSettings, RuntimeSettings, TopicLayout)
    work = inspect_topics if check else ensure_topics
    reports = asyncio.run(work(kafka, layout.of_registry(), patience_seconds=PATIENCE_SECONDS))
    console().print(_table(reports))
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
