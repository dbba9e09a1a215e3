"""The verbs of `dateline backfill`: their options and help.

Only click is imported here, so that `dateline --help` is quick.
"""

from datetime import UTC, datetime

import click

__all__ = ["backfill"]

DAYS_AND_MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
"""Forms of a date on the command line, in UTC."""


@click.group()
def backfill() -> None:
    """Read articles of the past: those that a site's sitemaps name.

    \b
    Example:
      dateline backfill sitemap https://news.example/sitemap.xml --since 2026-01-01
    """


@backfill.command()
@click.argument("url", metavar="URL")
@click.option("--since", type=click.DateTime(DAYS_AND_MOMENTS), help="Leave out articles that are older (UTC).")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Request at most this many articles.")
def sitemap(url: str, since: datetime | None, limit: int | None) -> None:
    """Read the pages that a sitemap names, and those of the sitemaps in it.

    The pages service does the work, as politely as it reads any page, and continues after a restart: requests of feeds
    go first, and at most a hundred pages of the sitemap wait at a time. What is known already is published only if
    it has changed. The same sitemap asked for again begins from the start.

    \b
    Example:
      dateline backfill sitemap https://news.example/news-sitemap.xml
      dateline backfill sitemap https://news.example/sitemap_index.xml.gz --since 2026-01-01 --limit 1000
    """
    from dateline_pages.backfill.sitemap_request import ask_for_sitemap

    ask_for_sitemap(url, since=since and since.replace(tzinfo=UTC), limit=limit)
