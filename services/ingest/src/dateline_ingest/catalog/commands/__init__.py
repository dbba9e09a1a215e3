"""`dateline feeds`: the feeds that the ingest service polls."""

import click

from dateline_ingest.catalog.commands.addition import add
from dateline_ingest.catalog.commands.changes import pause, remove, resume
from dateline_ingest.catalog.commands.transfer import export_feeds, import_feeds
from dateline_ingest.catalog.commands.views import list_feeds, show

__all__ = ["feeds"]


class InOrder(click.Group):
    """Lists its verbs in the order in which one meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all verbs."""
        return list(self.commands)


@click.group(cls=InOrder)
def feeds() -> None:
    """Add, list, pause and remove the feeds that the ingest service polls.

    \b
    Example:
      dateline feeds add news.example
      dateline feeds list
    """


for verb in (add, list_feeds, show, pause, resume, remove, import_feeds, export_feeds):
    feeds.add_command(verb)
