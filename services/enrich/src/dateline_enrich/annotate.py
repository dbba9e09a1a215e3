"""What `dateline annotate` does: enriches JSON Lines without Kafka."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import click
from dateline.service.process import prepare
from dateline.settings import RuntimeSettings
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from dateline_enrich.annotation import Annotated, annotate_lines
from dateline_enrich.enricher import Enricher, installed_enrichers, load_enrichers
from dateline_enrich.extra import output_schema
from dateline_enrich.settings import EnrichSettings

__all__ = ["annotate_file", "print_schema"]

NO_LINES = (
    "dateline annotate: the input has to be JSON Lines; for text and other documents, use "
    "`dateline ingest --dry-run FILE | dateline annotate`"
)
"""The hint when no line could be enriched."""


def annotate_file(file: BinaryIO, only: tuple[str, ...]) -> None:
    """Enrich the articles of a JSON Lines file, and print one enriched article per line.

    Args:
        file: one article per line.
        only: the enrichers to run; empty means those of the settings.

    Raises:
        SystemExit: with code 1 when a line could not be enriched; the others are printed.
    """
    enrichers = _chosen(only)
    done = failed = 0
    for line in _with_progress(annotate_lines(file, enrichers), file):
        if line.article is not None:
            done += 1
            sys.stdout.buffer.write(line.article.to_bytes() + b"\n")
        elif line.problem is not None:
            failed += 1
            click.echo(f"dateline annotate: line {line.number}: {line.problem}", err=True)
    sys.stdout.buffer.flush()
    if failed:
        click.echo(f"dateline annotate: {failed} {'line' if failed == 1 else 'lines'} could not be enriched", err=True)
        if not done:
            click.echo(NO_LINES, err=True)
        raise SystemExit(1)


def print_schema(only: tuple[str, ...]) -> None:
    """Print the JSON Schema of the enriched articles; `only` as for `annotate_file`."""
    click.echo(json.dumps(output_schema(_chosen(only)), indent=2))


def _chosen(only: tuple[str, ...]) -> Sequence[Enricher]:
    _, settings = prepare("annotate", RuntimeSettings, EnrichSettings)
    unknown = set(only) - set(installed_enrichers())
    if unknown:
        raise click.BadParameter(
            f"no enricher {', '.join(sorted(unknown))}; installed: {', '.join(installed_enrichers())}",
            param_hint="--only",
        )
    return load_enrichers(only or settings.enrichers)


def _with_progress(lines: Iterable[Annotated], file: BinaryIO) -> Iterator[Annotated]:
    """Yield the lines, with a progress bar on standard error if that is a terminal."""
    if not sys.stderr.isatty():
        yield from lines
        return
    columns = (TextColumn("{task.completed:,} articles"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        size = _size(file)
        done = 0
        for number, line in enumerate(lines, 1):
            done += line.size
            progress.update(task, completed=number, total=size and number * size / max(done, 1))
            yield line


def _size(file: BinaryIO) -> int | None:
    path = Path(str(getattr(file, "name", "")))
    return path.stat().st_size if path.is_file() else None
