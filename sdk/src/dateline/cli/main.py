"""The `dateline` command: its verbs come from every installed part."""

import os
import sys
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import click
from aiokafka.errors import KafkaError

from dateline.errors import DatelineError, SettingsError
from dateline.kafka.connection import described
from dateline.service.heartbeat import distribution_version
from dateline.settings import BOOTSTRAP, KafkaSettings, found_settings, override

__all__ = ["main"]

ORDER = ("demo", "up", "broker", "topics", "ingest", "feeds", "annotate", "tail", "run", "status", "dead-letters")
"""The verbs in the order in which one meets them; others follow by name."""


class Verbs(click.Group):
    """Finds verbs by the entry points `dateline.commands`, and says in one line what went wrong."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all verbs."""
        names = _verbs()
        return sorted(names, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a verb, imported now."""
        entry = _verbs().get(cmd_name)
        if entry is None:
            return None
        command: click.Command = entry.load()
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; errors that a person can mend are one line and an exit code, without a traceback."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            for problem in error.problems:
                click.echo(f"dateline: {problem}", err=True)
            ctx.exit(2)
        except DatelineError as error:
            click.echo(f"dateline: {error}", err=True)
            ctx.exit(1)
        except KafkaError as error:
            address = found_settings().get(BOOTSTRAP, (KafkaSettings.model_fields["bootstrap_servers"].default,))[0]
            click.echo(
                f"dateline: Kafka at {address}: {described(error)}. Start one by `dateline up` or "
                f"`dateline broker start`, or set {BOOTSTRAP} and the settings of its security",
                err=True,
            )
            ctx.exit(1)


def _verbs() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group="dateline.commands")}


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(distribution_version("dateline"), "-V", "--version", prog_name="dateline")
@click.option(
    "--set",
    "assignments",
    metavar="NAME=VALUE",
    multiple=True,
    help="A setting for this call, such as kafka.topic_prefix=test. (may be given more than once).",
)
@click.option(
    "--env-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Read this file instead of .env."
)
def main(assignments: tuple[str, ...], env_file: Path | None) -> None:
    """Stream news articles through Kafka, enriched with entities and dates, exactly once.

    \b
    Example:
      dateline up                      # Kafka and all services, until Ctrl-C
      dateline ingest seeds/articles   # in another terminal
      dateline tail                    # see them come out
    """
    if env_file is not None:
        os.environ["DATELINE_ENV_FILE"] = str(env_file)
    override(list(assignments))
    sys.path.insert(0, str(Path.cwd()))
    use_embedded_broker()


def use_embedded_broker() -> None:
    """Point this process and its children at the embedded broker of the current folder, if one runs.

    An address in the environment or in `.env` wins.
    """
    if BOOTSTRAP in found_settings() or not Path(".dateline/kafka").is_dir():
        return
    try:
        from dateline_broker import DEFAULT_DATA_DIR, broker_status
    except ImportError:
        return
    status = broker_status(DEFAULT_DATA_DIR)
    if status.state == "running" and status.bootstrap_servers:
        os.environ[BOOTSTRAP] = status.bootstrap_servers
