"""The verb `dateline hashtags`."""

import click

__all__ = ["hashtags"]


@click.command()
@click.argument("text")
def hashtags(text: str) -> None:
    """Print the hashtags of TEXT.

    \b
    Example:
      dateline hashtags "Talks resume in #Tbilisi"
    """
    # Imported when the verb is called, so that `dateline --help` stays fast.
    from dateline_hashtags.enricher import Hashtags

    for name in Hashtags.from_settings().names(text):
        click.echo(name)
