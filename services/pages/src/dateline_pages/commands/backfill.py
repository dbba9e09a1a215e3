"""The verbs of `dateline backfill`: their options and help.

Only click is imported here, so that `dateline --help` is quick.
"""

from datetime import UTC, datetime
from pathlib import Path

import click

__all__ = ["backfill"]

DAYS_AND_MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
"""Forms of a date on the command line, in UTC."""


@click.group()
def backfill() -> None:
    """Read articles of the past: those that a site's sitemaps name, and those in web archives.

    \b
    Example:
      dateline backfill sitemap https://news.example/sitemap.xml --since 2026-01-01
      dateline backfill warc archive.warc.gz
    """


@backfill.command()
@click.argument("url", metavar="URL")
@click.option("--since", type=click.DateTime(DAYS_AND_MOMENTS), help="Leave out articles that are older (UTC).")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Request at most this many articles.")
def sitemap(url: str, since: datetime | None, limit: int | None) -> None:
    """Read the pages that a sitemap names, and those of the sitemaps in it.

    The pages service does the work, as politely as it reads any page, and continues after a restart: requests of feeds
    go first, and at most a hundred pages of the sitemap wait at a time. What is known already is published only if
    it has changed. Asked for again, a sitemap that was read begins from the start.

    \b
    Example:
      dateline backfill sitemap https://news.example/news-sitemap.xml
      dateline backfill sitemap https://news.example/sitemap_index.xml.gz --since 2026-01-01 --limit 1000
    """
    from dateline_pages.backfill.sitemap_request import ask_for_sitemap

    ask_for_sitemap(url, since=since and since.replace(tzinfo=UTC), limit=limit)


@backfill.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--since", type=click.DateTime(DAYS_AND_MOMENTS), help="Leave out pages captured before this time (UTC).")
@click.option("--until", type=click.DateTime(DAYS_AND_MOMENTS), help="Leave out pages captured at this time or later.")
@click.option("--site", "sites", metavar="SITE", multiple=True, help="Only pages of this site (repeatable).")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Publish at most this many articles.")
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Read this many pages at once. Default: all cores."
)
@click.option(
    "--places",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".dateline/backfill"),
    show_default=True,
    help="Folder that keeps how far each file has been read.",
)
@click.option("--from-start", is_flag=True, help="Read files from their beginning, also those that were read before.")
@click.option("--dry-run", is_flag=True, help="Publish nothing; print the articles, one JSON object per line.")
def warc(
    files: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    sites: tuple[str, ...],
    limit: int | None,
    jobs: int | None,
    places: Path,
    from_start: bool,
    dry_run: bool,
) -> None:
    """Publish the articles of web archives: WARC files, such as those of Common Crawl's CC-NEWS, and WACZ files.

    The pages are read here, without any request. Responses that are not articles in HTML are left out, and counted by
    the reason. Broken records are reported, and reading continues behind them. After Ctrl-C the same command
    continues where it was; some articles may then be published twice, which enrich drops. An article counts as
    observed when its page was captured, so that it never replaces a newer version.

    \b
    Example:
      dateline backfill warc CC-NEWS-20260101000000-00001.warc.gz
      dateline backfill warc crawl.wacz --site news.example --since 2026-01-01 --dry-run
    """
    import os

    from dateline_schemas import site_key

    from dateline_pages.backfill.warc_run import WarcSelection
    from dateline_pages.commands.web_archives import read_archives

    keys = {name: site_key(name if "//" in name else f"https://{name}") for name in sites}
    if invalid := [name for name, key in keys.items() if key is None]:
        raise click.UsageError(f"--site {invalid[0]}: not a site; write it like news.example")
    selection = WarcSelection(
        since=since and since.replace(tzinfo=UTC),
        until=until and until.replace(tzinfo=UTC),
        sites=frozenset(key for key in keys.values() if key is not None),
        limit=limit,
    )
    jobs = jobs or os.cpu_count() or 1
    read_archives(files, selection=selection, jobs=jobs, folder=places, from_start=from_start, dry_run=dry_run)
