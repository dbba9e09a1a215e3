"""The verb `dateline new`.

Only click is imported here, so that `dateline --help` is quick.
"""

from pathlib import Path

import click

__all__ = ["new"]

FOLDER = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    show_default="the current one",
    help="Where the folder of the project is made.",
)
"""The option of every kind of project."""


@click.group()
def new() -> None:
    """Make a project of your own: code, a test, types, a Dockerfile and a README.

    NAME becomes the name of the folder and of the package. Nothing that exists is overwritten.

    \b
    Example:
      dateline new consumer my-headlines
    """


@new.command()
@click.argument("name")
@FOLDER
def consumer(name: str, folder: Path) -> None:
    """Make a consumer: a function that reads enriched articles and publishes what it returns.

    \b
    Example:
      dateline new consumer my-headlines
    """
    _make("consumer", name, folder)


@new.command()
@click.argument("name")
@FOLDER
def sink(name: str, folder: Path) -> None:
    """Make a sink: a class that writes articles and the next offset to a target, both or neither.

    \b
    Example:
      dateline new sink my-store
    """
    _make("sink", name, folder)


@new.command()
@click.argument("name")
@FOLDER
def enricher(name: str, folder: Path) -> None:
    """Make an enricher: a class that adds a model of its own to each article.

    \b
    Example:
      dateline new enricher my-topics
    """
    _make("enricher", name, folder)


def _make(kind: str, name: str, folder: Path) -> None:
    from dateline.project.folder import make_project

    made = make_project(kind, name, folder)
    for each in made:
        click.echo(f"wrote {each}")
    click.echo(f"Next: read {folder / name / 'README.md'}, which says how to test and run it.")
