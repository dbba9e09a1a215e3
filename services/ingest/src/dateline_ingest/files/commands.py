"""The verb `dateline ingest`: its options and help.

Only click is imported here, so that `dateline --help` is quick.
"""

import click

__all__ = ["ingest"]


@click.command()
@click.argument("sources", metavar="PATH|URL|-...", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Publish nothing; print what was read, one JSON object per line.")
def ingest(sources: tuple[str, ...], dry_run: bool) -> None:
    """Publish the articles of files, folders, standard input (-) or feeds, once.

    A document is one of: dated text (a first line `date 2024-06-27 Title`, then the body); an article or a list
    of articles as JSON; JSON Lines (fields title and body, optionally id, url, published, authors, language,
    source); a feed (RSS, Atom, JSON Feed). What cannot be published is reported on standard error and the rest
    is published; the exit code is then 1. --dry-run needs no Kafka: it prints feeds as they were read and other
    articles as they would be published.

    \b
    Example:
      dateline ingest seeds/articles https://news.example/rss.xml
      echo '{"title": "Talks resume", "body": "They met on June 11."}' | dateline ingest -
    """
    from dateline_ingest.files.ingestion import ingest_sources

    ingest_sources(sources, dry_run=dry_run)
