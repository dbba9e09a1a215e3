"""The verb `dateline annotate`: its options and help.

Only click is imported here, so that `dateline --help` is quick.
"""

from typing import BinaryIO

import click

__all__ = ["annotate"]


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option(
    "--only", multiple=True, metavar="NAME", help="Run only this enricher, such as dates or entities (repeatable)."
)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the articles that come out, and stop.")
def annotate(file: BinaryIO, only: tuple[str, ...], schema: bool) -> None:
    """Enrich articles without Kafka: JSON Lines in, JSON Lines out.

    One enriched article per line comes out, in the same order. Each line of the input has `title` and `body`,
    and may have `id`, `published`, `url` and `language`. An invalid line is reported on standard error and the
    other lines are still enriched; the exit code is then 1. Use `dateline ingest --dry-run` to turn other
    documents into such lines.

    With --schema it prints the JSON Schema of its output instead: that of `articles.enriched`, with the models of
    the enrichers that add annotations of their own.

    \b
    Example:
      dateline ingest --dry-run seeds/articles | dateline annotate
      echo '{"title": "Talks resume", "body": "They met on June 11.", "published": "2024-06-27"}' \\
        | dateline annotate --only dates
    """
    from dateline_enrich.annotate import annotate_file, print_schema

    if schema:
        print_schema(only)
    else:
        annotate_file(file, only)
