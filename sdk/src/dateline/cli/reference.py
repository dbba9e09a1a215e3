"""Writes the reference pages of the documentation from the code: `python -m dateline.reference [--check] DIR`.

They are generated so that they cannot be wrong; a test compares them.
"""

import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import entry_points
from pathlib import Path

import click
from dateline_schemas import TOPICS, Topic
from pydantic_core import PydanticUndefined

from dateline.cli.main import main as root
from dateline.settings import Section

__all__ = ["pages", "topic_table"]


def pages() -> dict[str, str]:
    """Return the text of each page by its file name."""
    return {
        "settings.md": "\n".join(_settings()),
        "commands.md": "\n".join(_commands()),
        "topics.md": "\n".join(_topics()),
    }


def _settings() -> Iterator[str]:
    yield "# Settings"
    yield ""
    yield "Each can be given as a flag (`dateline --set kafka.topic_prefix=x.`), in the environment, or in the file"
    yield "`.env` of the current folder, which all services share; the first that has it wins. A wrong value,"
    yield "or a name that no installed part knows, ends the program at once with exit code 2 and a line that says so."
    yield "`dateline settings` shows what is in force and where it comes from."
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
    yield "What `dateline --help` and `dateline VERB --help` say. Exit codes: 0 done, 1 failed, 2 a wrong setting or"
    yield "argument, 3 a stage stopped itself and a person has to look."
    yield from _command(root, None, "dateline")


def _command(command: click.Command, parent: click.Context | None, name: str) -> Iterator[str]:
    # A fixed width, or the text would depend on the terminal of whoever generates it.
    context = click.Context(command, parent=parent, info_name=name, terminal_width=100)
    yield ""
    yield f"{'#' * (2 if parent is None or parent.parent is None else 3)} {context.command_path}"
    yield ""
    yield "```text"
    yield command.get_help(context)
    yield "```"
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            child = command.get_command(context, each)
            if child is not None:
                yield from _command(child, context, each)
    if parent is None:
        yield ""


def _topics() -> Iterator[str]:
    yield "# Topics"
    yield ""
    yield "Names are without the prefix (`DATELINE_KAFKA__TOPIC_PREFIX`, `dateline.` unless set). The models are in"
    yield "[schemas/](../../schemas), as JSON Schema and AsyncAPI too."
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
    """Return the table of topics that the README shows, too."""
    lines = ["| topic | partitions | kept | key | value | written by | read by |", "|---|---|---|---|---|---|---|"]
    for topic in TOPICS.values():
        value = topic.model.__name__ if topic.model else "the original bytes"
        cells = [f"`{topic.name}`", str(topic.partitions), _kept(topic), topic.key.replace("|", "\\|"), value]
        lines.append(f"| {' | '.join([*cells, ', '.join(topic.producers), ', '.join(topic.consumers)])} |")
    return lines


def _kept(topic: Topic) -> str:
    days = "for ever" if topic.retention is None else f"{topic.retention // timedelta(days=1)} d"
    return f"latest by key, {days}" if "compact" in topic.cleanup else days


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` compare them; return the exit code."""
    check = "--check" in arguments
    folder = Path(next(argument for argument in arguments if not argument.startswith("-")))
    code = 0
    for name, text in pages().items():
        path = folder / name
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        elif not path.is_file() or path.read_text("utf-8") != text:
            print(f"{path} is not what the code says: run `make schemas`", file=sys.stderr)
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
