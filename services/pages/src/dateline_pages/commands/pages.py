"""The verbs of `dateline pages`: their options and help.

Only click is imported here, so that `dateline --help` is quick.
"""

import click

__all__ = ["pages"]


class InOrderOfUse(click.Group):
    """A group that lists its verbs in the order of their definition, not by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all verbs."""
        return list(self.commands)


@click.group(cls=InOrderOfUse)
def pages() -> None:
    """Read pages, and see what the pages service does.

    \b
    Example:
      dateline pages extract article.html
    """


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


@pages.command("list")
@click.option("--waiting", is_flag=True, help="Only sites for which articles wait.")
@click.option("--troubled", is_flag=True, help="Only sites that are blocked or left alone, or that fail or refuse.")
def list_(*, waiting: bool, troubled: bool) -> None:
    """List the sites whose pages are read: how many articles wait, and how the site does.

    \b
    Example:
      dateline pages list
      dateline pages list --troubled
    """
    from dateline_pages.commands.site_verbs import list_sites

    list_sites(waiting=waiting, troubled=troubled)


@pages.command()
@click.argument("site")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(site: str, *, as_json: bool) -> None:
    """Show what waits for a site, what it has answered, its pause and its robots.txt.

    SITE is the registrable domain, such as example.org; a host or an address of it is understood too.

    \b
    Example:
      dateline pages show example.org
    """
    from dateline_pages.commands.site_verbs import show_site

    show_site(site, as_json=as_json)


@pages.command()
@click.argument("site")
def retry(site: str) -> None:
    """Request the pages of a site again that were given up recently, and end its hold.

    \b
    Example:
      dateline pages retry example.org
    """
    from dateline_pages.commands.site_verbs import retry_site

    retry_site(site)


@pages.command()
@click.argument("site")
@click.option("--reason", help="Why, in words; `show` and the articles' `text_reason` repeat it.")
@click.option("--undo", is_flag=True, help="Request its pages again.")
def block(site: str, reason: str | None, *, undo: bool) -> None:
    """Request no page of a site; its articles are published with their feeds' texts.

    \b
    Example:
      dateline pages block example.org --reason "they asked us to"
      dateline pages block example.org --undo
    """
    if undo and reason is not None:
        raise click.UsageError("--reason does not go with --undo")
    from dateline_pages.commands.site_verbs import block_site

    block_site(site, reason=reason, undo=undo)
