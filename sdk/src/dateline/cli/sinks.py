"""The verb `dateline sink`: a verb below it for each kind of sink, whose options come from the kind.

Only click is imported here. The kinds are imported when `dateline sink` is called.
"""

import sys
from typing import Any

import click

__all__ = ["sink"]


class SinkVerbs(click.Group):
    """A group with a verb for each installed kind of sink."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the installed kinds."""
        from dateline.sink.kinds import sink_kinds

        return list(sink_kinds())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the verb of a kind; one whose packages are missing says what to install."""
        from dateline.errors import DatelineError
        from dateline.sink.kinds import find_kind, sink_kinds

        if cmd_name not in sink_kinds():
            return None
        try:
            kind = find_kind(cmd_name)
        except DatelineError as error:
            return _unusable(cmd_name, str(error))
        return _verb(cmd_name, kind)


@click.group(cls=SinkVerbs)
def sink() -> None:
    """Write enriched articles to a database, to files, to a search engine or to a webhook.

    It runs until Ctrl-C or SIGTERM. The target keeps the position where it can, so that each article is
    written exactly once; the settings DATELINE_SINKS__RUN run sinks as a service.

    \b
    Example:
      dateline sink sqlite articles.sqlite
    """


def _unusable(name: str, why: str) -> click.Command:
    def fail() -> None:
        from dateline.errors import DatelineError

        raise DatelineError(why)

    return click.Command(name, callback=fail, help=why, context_settings={"ignore_unknown_options": True})


def _verb(name: str, kind: Any) -> click.Command:
    from dateline.cli.model_options import model_options

    fields, options = model_options(kind.options, name)

    def run(target: str, **given: Any) -> None:
        from dateline.cli.sink import run_one

        chosen = {fields[key]: value for key, value in given.items() if key in fields and value not in (None, ())}
        rest = {key: value for key, value in given.items() if key not in fields}
        sys.exit(run_one(name, target, options=chosen, **rest))

    example = {"FILE": f"articles.{name}", "DIR": "articles"}.get(kind.target, kind.target)
    return click.Command(
        name,
        callback=run,
        params=[click.Argument(["target"], metavar=kind.target), *_common(), *options],
        help=f"{kind.summary}\n\n\b\nExample:\n  dateline sink {name} {example} --where language=en",
    )


def _common() -> list[click.Parameter]:
    """Return the options that all kinds have."""
    return [
        click.Option(["--group"], help="Consumer group. Default: a name of its own for each target."),
        click.Option(
            ["--from", "start"],
            metavar="earliest|latest|TIME",
            default="earliest",
            show_default=True,
            help="Where to begin if the target has no position yet.",
        ),
        click.Option(
            ["--where"],
            metavar="CONDITION",
            multiple=True,
            help="Write only articles with language=TAG, feed=ADDRESS or NAME, entity=NAME or SCHEME:ID "
            "(repeatable; all must hold).",
        ),
        click.Option(
            ["--topic"], default="articles.enriched", show_default=True, help="Topic to read, without its prefix."
        ),
        click.Option(["--dry-run"], is_flag=True, help="Write nothing and say what would be written."),
        click.Option(
            ["--skip-deleted"], is_flag=True, help="Continue although retention has deleted the next records."
        ),
    ]
