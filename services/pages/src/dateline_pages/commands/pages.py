"""The verbs of `dateline pages`: their options and help.

Only click is imported here, so that `dateline --help` is quick.
"""

from math import isnan

import click
from dateline.cli.ordered_group import OrderedGroup

__all__ = ["pages"]


@click.group(cls=OrderedGroup)
def pages() -> None:
    """See what waits for the pages of sites and why, decide about sites, and extract saved pages.

    \b
    Example:
      dateline pages list
      dateline pages show example.org
    """


@pages.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@click.option("--waiting", is_flag=True, help="Only sites for which articles wait.")
@click.option("--troubled", is_flag=True, help="Only sites that are blocked, held, left out, failing or refusing.")
def list_sites(as_json: bool, waiting: bool, troubled: bool) -> None:
    """List the sites whose pages are read: how each one does, and how many articles wait.

    \b
    Example:
      dateline pages list
      dateline pages list --troubled
    """
    from dateline_pages.commands.sites import views

    views.list_sites(waiting=waiting, troubled=troubled, as_json=as_json)


@pages.command()
@click.argument("site", metavar="SITE")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(site: str, as_json: bool) -> None:
    """Show one site: its next request, what waits, its pause, its robots.txt and its last answers. Times are UTC.

    SITE is a registrable domain such as example.org, or a host or an address of it. A part of the name is enough if
    only one known site has it.

    \b
    Example:
      dateline pages show example.org
      dateline pages show https://www.example.org/2026/talks
    """
    from dateline_pages.commands.sites.views import show_site

    show_site(site, as_json=as_json)


@pages.command()
@click.argument("site", metavar="SITE")
def retry(site: str) -> None:
    """Request the pages of a site again that were given up recently, and end its hold.

    \b
    Example:
      dateline pages retry example.org
    """
    from dateline_pages.commands.sites.changes import retry_site

    retry_site(site)


@pages.command()
@click.argument("site", metavar="SITE")
@click.option("--reason", metavar="TEXT", help="Why, in words; it is shown, and published with the articles.")
def block(site: str, reason: str | None) -> None:
    """Request no page of a site; its articles are published with their feeds' texts.

    \b
    Example:
      dateline pages block example.org --reason "they asked us to"
    """
    from dateline_pages.commands.sites.changes import block_site

    block_site(site, reason=reason)


@pages.command()
@click.argument("site", metavar="SITE")
def unblock(site: str) -> None:
    """Request the pages of a blocked site again.

    \b
    Example:
      dateline pages unblock example.org
    """
    from dateline_pages.commands.sites.changes import unblock_site

    unblock_site(site)


@pages.command()
@click.argument("site", metavar="SITE")
@click.argument("seconds", metavar="[SECONDS]", required=False, type=click.FloatRange(min=0.1, max=86_400))
def pause(site: str, seconds: float | None) -> None:
    """Set the seconds between two requests to a site; without a number, those of the settings count again.

    A longer Crawl-delay in its robots.txt takes precedence.

    \b
    Example:
      dateline pages pause example.org 30
      dateline pages pause example.org
    """
    if seconds is not None and isnan(seconds):
        raise click.UsageError("SECONDS is not a number")
    from dateline_pages.commands.sites.changes import pause_site

    pause_site(site, seconds)


@pages.command()
@click.argument("files", metavar="FILE|-...", nargs=-1, required=True)
@click.option("--url", help="Address of the page; only with one file.")
@click.option("--no-learning", is_flag=True, help="Read each page by itself, whatever the others of its site show.")
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Read this many pages at once. Default: all cores."
)
def extract(files: tuple[str, ...], url: str | None, no_learning: bool, jobs: int | None) -> None:
    """Print the article of a saved page as a JSON object; several pages give one line each, with their `file`.

    Pages are HTML, as it was received; a file that is compressed by gzip is opened. Several pages are read twice: the
    first time to learn what the pages of each site have in common, so their order changes nothing. The site is taken
    from the address that the page gives itself.

    A page that is not an article, such as a consent wall, has a `problem` with its kind and the reason; what was
    found on it is printed nevertheless. Files that cannot be read are reported on standard error, and the exit code
    is then 1.

    \b
    Example:
      dateline pages extract saved.html --url https://news.example/2026/talks
      curl -s https://news.example/2026/talks | dateline pages extract -
      dateline pages extract pages/*.html.gz > articles.jsonl
    """
    if url is not None and len(files) > 1:
        raise click.UsageError("--url goes with one file")
    from dateline_pages.commands.extraction import extract_files

    extract_files(files, url=url, learning=not no_learning, jobs=jobs)
