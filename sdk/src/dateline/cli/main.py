"""The `dateline` command, whose verbs come from all installed packages."""

import functools
import os
import sys
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import click

from dateline.errors import DatelineError, SettingsError

__all__ = ["main"]

ORDER = (
    *("demo", "up", "broker", "topics", "ingest", "feeds", "pages", "backfill"),
    *("annotate", "tail", "run", "status", "where", "dead-letters"),
)
"""The order of verbs in the help, by first use; the others follow by name."""


class Verbs(click.Group):
    """A group whose verbs are the entry points `dateline.commands`, and whose errors are one line each.

    The help lists every verb, so it imports the module of every verb. These modules import nothing heavy
    but click; each verb imports its work when it is called.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all verbs."""
        return sorted(_verbs(), key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a verb."""
        entry = _verbs().get(cmd_name)
        if entry is None:
            return None
        command: click.Command = entry.load()
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; an error that the user can correct becomes one line and an exit code, without a traceback."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            for problem in error.problems:
                click.echo(f"dateline: {problem}", err=True)
            ctx.exit(2)
        except DatelineError as error:
            click.echo(f"dateline: {error}", err=True)
            ctx.exit(1)
        except _kafka_errors() as error:
            click.echo(f"dateline: {_kafka_problem(error)}", err=True)
            ctx.exit(1)


@functools.cache
def _verbs() -> Mapping[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group="dateline.commands")}


def _kafka_errors() -> tuple[type[Exception], ...]:
    # A verb that has not imported the client cannot have raised its error, and must not wait for its import.
    errors = sys.modules.get("aiokafka.errors")
    return (errors.KafkaError,) if errors else ()


def _kafka_problem(error: Exception) -> str:
    from dateline.kafka.connection import described
    from dateline.settings import BOOTSTRAP, KafkaSettings, found_settings

    address = found_settings().get(BOOTSTRAP, (KafkaSettings.model_fields["bootstrap_servers"].default,))[0]
    return (
        f"Kafka at {address}: {described(error)}. Start one with `dateline up` or `dateline broker start`, "
        f"or set {BOOTSTRAP} and the settings for its security"
    )


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(None, "-V", "--version", package_name="dateline", prog_name="dateline")
@click.option(
    "--set",
    "assignments",
    metavar="NAME=VALUE",
    multiple=True,
    help="Set a value for this call, such as kafka.topic_prefix=test (repeatable).",
)
@click.option(
    "--env-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read settings from this file instead of .env.",
)
def main(assignments: tuple[str, ...], env_file: Path | None) -> None:
    """Stream news articles through Kafka, enriched with entities and dates, exactly once.

    \b
    Example:
      dateline up                      # Kafka and all services, until Ctrl-C
      dateline ingest seeds/articles   # in another terminal
      dateline tail                    # see them come out
    """
    from dateline.service.broker_choice import use_embedded_broker
    from dateline.settings import override

    if env_file is not None:
        os.environ["DATELINE_ENV_FILE"] = str(env_file)
    override(list(assignments))
    sys.path.insert(0, str(Path.cwd()))
    use_embedded_broker()
