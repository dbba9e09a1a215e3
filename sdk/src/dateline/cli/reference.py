"""Generates the reference pages of the documentation: `python -m dateline.cli.reference [--check] DIR`.

A test compares the pages with the code.
"""

import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import entry_points
from pathlib import Path

import click
from dateline_schemas import TOPICS, Topic
from pydantic_core import PydanticUndefined

from dateline.cli.api_reference import api_page
from dateline.cli.main import main as root
from dateline.settings import Section

__all__ = ["pages", "topic_table"]


def pages() -> dict[str, str]:
    """Return the text of each page by file name."""
    return {
        "settings.md": "\n".join(_settings()),
        "commands.md": "\n".join(_commands()),
        "topics.md": "\n".join(_topics()),
        "api.md": "\n".join(api_page()),
    }


def _settings() -> Iterator[str]:
    yield "# Settings"
    yield ""
    yield "A setting is given as a flag (`dateline --set kafka.topic_prefix=x.`), in the environment, or in the file"
    yield "`.env` of the current folder, which all services share. A flag overrides the environment, and the"
    yield "environment overrides `.env`. An invalid value, or a name that no installed part knows, ends the program at"
    yield "once with exit code 2 and one line per problem. `dateline settings` shows all values and their sources."
    for entry in sorted(entry_points(group="dateline.settings"), key=lambda entry: entry.name):
        section: type[Section] = entry.load()
        yield ""
        yield f"## {entry.name}"
        yield ""
        yield (section.__doc__ or "").strip().splitlines()[0]
        yield ""
        yield "| name | default | what it means |"
        yield "|---|---|---|"
        for name, field in section.names().items():
            info = section.model_fields[field]
            default = info.get_default(call_default_factory=True)
            yield f"| `{name}` | {_default(default)} | {info.description} |"
    yield ""


def _default(value: object) -> str:
    if value is None or value is PydanticUndefined or value == ():
        return ""
    if isinstance(value, tuple):
        return f"`{','.join(map(str, value))}`"
    return f"`{value}`"


def _commands() -> Iterator[str]:
    yield "# Commands"
    yield ""
    yield "The output of `dateline --help` and `dateline VERB --help`. Exit codes: 0 success, 1 failure, 2 an invalid"
    yield "setting or argument, 3 a stage stopped itself and needs an operator."
    yield from _command(root, None, "dateline")


def _command(command: click.Command, parent: click.Context | None, name: str) -> Iterator[str]:
    # A fixed width: the text must not depend on the terminal.
    context = click.Context(command, parent=parent, info_name=name, terminal_width=100)
    yield ""
    yield f"{'#' * (2 if parent is None or parent.parent is None else 3)} {context.command_path}"
    yield ""
    yield "```text"
    yield command.get_help(context)
    yield "```"
    if isinstance(command, click.Group):
        for verb in command.list_commands(context):
            child = command.get_command(context, verb)
            if child is not None:
                yield from _command(child, context, verb)
    if parent is None:
        yield ""


def _topics() -> Iterator[str]:
    yield "# Topics"
    yield ""
    yield "Names are shown without their prefix (`DATELINE_KAFKA__TOPIC_PREFIX`, by default `dateline.`). The models"
    yield "are in [schemas/](../../schemas), as JSON Schema and AsyncAPI too."
    yield ""
    yield from topic_table()
    for topic in TOPICS.values():
        yield ""
        yield f"## {topic.name}"
        yield ""
        yield topic.description
        yield ""
        yield "| setting | value |"
        yield "|---|---|"
        yield f"| partitions | {topic.partitions} |"
        for key, value in topic.config().items():
            yield f"| {key} | {value} |"
    yield ""


def topic_table() -> list[str]:
    """Return the lines of the table of topics, which the README shows too."""
    lines = ["| topic | partitions | kept | key | value | written by | read by |", "|---|---|---|---|---|---|---|"]
    for topic in TOPICS.values():
        value = topic.model.__name__ if topic.model else "the original bytes"
        cells = [f"`{topic.name}`", str(topic.partitions), _kept(topic), topic.key.replace("|", "\\|"), value]
        lines.append(f"| {' | '.join([*cells, ', '.join(topic.producers), ', '.join(topic.consumers)])} |")
    return lines


def _kept(topic: Topic) -> str:
    days = "no limit" if topic.retention is None else f"{topic.retention // timedelta(days=1)} d"
    return f"latest by key, {days}" if "compact" in topic.cleanup else days


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` compare them with the files; return the exit code."""
    check = "--check" in arguments
    folder = Path(next(argument for argument in arguments if not argument.startswith("-")))
    code = 0
    for name, text in pages().items():
        path = folder / name
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        elif not path.is_file() or path.read_text("utf-8") != text:
            print(f"{path} differs from the code: run `make schemas`", file=sys.stderr)
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
