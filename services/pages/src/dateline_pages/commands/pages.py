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
