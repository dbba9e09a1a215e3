"""The verbs of `dateline feeds`: their options and help.

Only click is imported here, so that `dateline --help` is quick.
"""

from datetime import UTC, datetime
from typing import Any

import click
from dateline.cli.ordered_group import OrderedGroup

__all__ = ["feeds"]

VERDICTS = ("OK", "QUIET", "FAILING", "GONE", "paused", "new")
"""Words of the list's second column: the verdict of a feed, or that it is paused or was never polled."""

FULL_TEXT = ("never", "auto", "always")
"""Whether the pages of a feed's articles are read."""

DAYS_AND_MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
"""Forms of a date on the command line, in UTC."""


@click.group(cls=OrderedGroup)
def feeds() -> None:
    """Add, list, pause, poll and remove the feeds that the ingest service polls.

    \b
    Example:
      dateline feeds add news.example
      dateline feeds list
    """


@feeds.command()
@click.argument("addresses", metavar="URL|SITE...", nargs=-1, required=True)
@click.option("--name", help="Name of the feed. Default: the feed's own title.")
@click.option("--interval", type=click.FloatRange(min=1), metavar="SECONDS", help="Seconds between two polls.")
@click.option(
    "--full-text",
    type=click.Choice(FULL_TEXT),
    help="Whether the pages of its articles are read: never, where the feed lacks the whole text, or always. "
    "Default: DATELINE_INGEST__FULL_TEXT.",
)
@click.option(
    "--folder",
    "folders",
    multiple=True,
    metavar="FOLDER",
    help="Folder of the feeds, such as World/Europe (repeatable); '' is the top of the list.",
)
@click.option("--all", "every", is_flag=True, help="Add all feeds that a page links to, not only the first.")
@click.option("--no-check", is_flag=True, help="Add the addresses as they are, without fetching them.")
def add(
    addresses: tuple[str, ...],
    name: str | None,
    interval: float | None,
    full_text: Any,
    folders: tuple[str, ...],
    every: bool,
    no_check: bool,
) -> None:
    """Add feeds, which are polled at once. Existing feeds stay as they are, but for what the options set.

    The address of a site, or of any page, stands for the feeds that the page links to: the first one that can be
    read is added, and the others are shown. An address that cannot be read is not added; the exit code is then 1.

    \b
    Example:
      dateline feeds add https://news.example/rss.xml --interval 600
      dateline feeds add news.example
    """
    from dateline_ingest.catalog.commands.addition import add_feeds

    add_feeds(
        addresses,
        name=name,
        interval_seconds=interval,
        full_text=full_text,
        folders=folders,
        every=every,
        check=not no_check,
    )


@feeds.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line, in no particular order.")
@click.option(
    "--verdict",
    "verdicts",
    multiple=True,
    type=click.Choice(VERDICTS, case_sensitive=False),
    help="Only feeds with this verdict (repeatable).",
)
@click.option(
    "--folder", "folders", multiple=True, metavar="FOLDER", help="Only feeds of this folder and below (repeatable)."
)
def list_feeds(as_json: bool, verdicts: tuple[str, ...], folders: tuple[str, ...]) -> None:
    """List the feeds with their titles, folders, verdicts, last items and next polls.

    \b
    Example:
      dateline feeds list --verdict FAILING --verdict GONE
      dateline feeds list --folder World/Europe
    """
    from dateline_ingest.catalog.commands import views

    views.list_feeds(verdicts, folders, as_json=as_json)


@feeds.command()
@click.argument("url", metavar="URL")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(url: str, as_json: bool) -> None:
    """Show one feed: its state, its next poll with the reason, and its last polls. Times are UTC.

    \b
    Example:
      dateline feeds show https://news.example/rss.xml
    """
    from dateline_ingest.catalog.commands.views import show_feed

    show_feed(url, as_json=as_json)


@feeds.command()
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
def pause(urls: tuple[str, ...]) -> None:
    """Stop polling feeds until they are resumed; their state is kept.

    \b
    Example:
      dateline feeds pause https://news.example/rss.xml
    """
    from dateline_ingest.catalog.commands.changes import pause_feeds

    pause_feeds(urls)


@feeds.command()
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
def resume(urls: tuple[str, ...]) -> None:
    """Poll paused feeds again. Feeds that are failing or gone are polled at once.

    \b
    Example:
      dateline feeds resume https://news.example/rss.xml
    """
    from dateline_ingest.catalog.commands.changes import resume_feeds

    resume_feeds(urls)


@feeds.command()
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
def poll(urls: tuple[str, ...]) -> None:
    """Poll feeds now, once, whenever their next polls are. Paused feeds are not polled; the exit code is then 1.

    A feed that fails or is gone is asked again and keeps its verdict until the poll succeeds. The pause between
    requests to a host still applies, and so does the time for which a busy host asked to be left alone.

    \b
    Example:
      dateline feeds poll https://news.example/rss.xml
    """
    from dateline_ingest.catalog.commands.changes import poll_feeds

    poll_feeds(urls)


@feeds.command()
@click.argument("url", metavar="URL")
@click.option("--since", type=click.DateTime(DAYS_AND_MOMENTS), help="Leave out articles that are older (UTC).")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Publish at most this many articles.")
def archives(url: str, since: datetime | None, limit: int | None) -> None:
    """Read the archives of a feed once (RFC 5005), from new to old, between its polls.

    A feed names its last archive in a link with the relation prev-archive, and each archive the one before it. Asked
    for again, they are read from the start; what is known already is dropped. `dateline feeds show` tells how far
    it is.

    \b
    Example:
      dateline feeds archives https://news.example/atom.xml --since 2025-01-01
    """
    from dateline_ingest.catalog.commands.changes import ask_for_archives

    ask_for_archives(url, since=since and since.replace(tzinfo=UTC), limit=limit)


@feeds.command("full-text")
@click.argument("urls", metavar="URL...", nargs=-1)
@click.argument("full_text", metavar="never|auto|always", type=click.Choice(FULL_TEXT))
def full_text(urls: tuple[str, ...], full_text: Any) -> None:
    """Set whether the pages of the feeds' articles are read.

    With auto, each feed decides by evidence: the length of its texts, texts that end like cut ones, and what past
    pages held. `dateline feeds show` says what it does and why. Feeds from before there was a choice have never.

    \b
    Example:
      dateline feeds full-text https://news.example/rss.xml auto
    """
    if not urls:
        raise click.UsageError("name a feed before never, auto or always")
    from dateline_ingest.catalog.commands.changes import set_full_text

    set_full_text(urls, full_text)


@feeds.command()
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
def remove(urls: tuple[str, ...]) -> None:
    """Remove feeds, with their state.

    \b
    Example:
      dateline feeds remove https://news.example/rss.xml
    """
    from dateline_ingest.catalog.commands.changes import remove_feeds

    remove_feeds(urls)


@feeds.command("import")
@click.argument("file", metavar="FILE.opml|-", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
def import_feeds(file: str) -> None:
    """Add the feeds of an OPML file, with their titles, folders and home pages.

    Other feed readers export such files. Existing feeds go to the folders of the file, if it names any for them, and
    get a title and home page if they have none; else they stay as they are. The file is read as a stream and may have
    any size. Entries without a valid
    address are reported with their line and left out; the exit code is then 1. Addresses are not fetched: the ingest
    service polls them later and reports those that fail.

    \b
    Example:
      dateline feeds import subscriptions.opml
    """
    from dateline_ingest.catalog.commands import transfer

    transfer.import_feeds(file)


@feeds.command("export")
@click.option("--with-credentials", is_flag=True, help="Keep the user names and passwords of addresses.")
def export_feeds(with_credentials: bool) -> None:
    """Print all feeds as OPML in their folders, for `import` and for other feed readers.

    User names and passwords of addresses are left out by default.

    \b
    Example:
      dateline feeds export > feeds.opml
    """
    from dateline_ingest.catalog.commands import transfer

    transfer.export_feeds(with_credentials=with_credentials)
