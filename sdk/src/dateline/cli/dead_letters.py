"""What `dateline dead-letters` does: lists, shows and replays dead letters."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import click
from rich.table import Table
from rich.text import Text

from dateline.cli.console import console
from dateline.errors import DatelineError
from dateline.kafka.dead_letters import Letter, read_letters, replay_letters
from dateline.kafka.offsets import OffsetReader
from dateline.service.process import prepare
from dateline.settings import KafkaSettings, RuntimeSettings

__all__ = ["print_letter", "print_letters", "replay"]

T = TypeVar("T")

SHOWN_BYTES = 20_000
"""At most this much of a letter's value is printed."""


def print_letters(group: str | None, error_type: str | None, *, every: bool, as_json: bool) -> None:
    """List dead letters, oldest first; with `every`, those that were replayed too."""
    letters = [
        letter
        for letter in _with_offsets(read_letters)
        if (every or not letter.replayed) and _matches(letter, group, error_type)
    ]
    if as_json:
        for letter in letters:
            click.echo(json.dumps(_described(letter)))
    elif letters:
        console().print(_table(letters))
    else:
        click.echo("no dead letters" + ("" if every else " (--all includes those that were replayed)"))


def print_letter(letter_id: str) -> None:
    """Print everything about one letter.

    Raises:
        DatelineError: there is no letter with this id.
    """
    letter = next((letter for letter in _with_offsets(read_letters) if letter.id == letter_id), None)
    if letter is None:
        raise DatelineError(f"no dead letter {letter_id!r}; `dateline dead-letters list --all` shows their ids")
    for name, value in _described(letter).items():
        click.echo(f"{name + ':':<16}{value}")
    click.echo("headers:")
    for name, raw in letter.record.headers:
        click.echo(f"  {name + ':':<22}{raw.decode('utf-8', 'backslashreplace')}")
    value = letter.record.value or b""
    click.echo(f"value:          {len(value):,} bytes")
    click.echo(value[:SHOWN_BYTES].decode("utf-8", "backslashreplace"))


def replay(ids: tuple[str, ...], group: str | None, error_type: str | None) -> None:
    """Replay the letters that match all filters and were not replayed before; without `ids`, of any id.

    Raises:
        DatelineError: one of `ids` was not replayed.
    """

    def wanted(letter: Letter) -> bool:
        return (not ids or letter.id in ids) and _matches(letter, group, error_type)

    sent = _with_offsets(lambda kafka, offsets: replay_letters(kafka, offsets, wanted))
    for letter in sent:
        assert letter.about is not None
        click.echo(f"{letter.id} -> {letter.about.topic}[{letter.about.partition}] for group {letter.about.group}")
    click.echo(f"{len(sent)} replayed")
    if missing := set(ids) - {letter.id for letter in sent}:
        raise DatelineError(
            f"not replayed: {', '.join(sorted(missing))} (no such letter, replayed before, or not from Kafka)"
        )


def _table(letters: list[Letter]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("id", "failed at", "group", "record", "error"):
        table.add_column(column, overflow="fold")
    for letter in letters:
        about = letter.about
        if about is None:
            table.add_row(letter.id, "", "", "", "its headers cannot be read")
            continue
        where = f"{about.topic}[{about.partition}]@{about.offset}" if letter.replayable else about.source or ""
        error = Text.assemble(
            ("replayed ", "green") if letter.replayed else "", f"{about.error_type}: {about.error_message}"
        )
        failed_at = about.failed_at.strftime("%Y-%m-%d %H:%M:%S")
        # As text: square brackets in names would be read as markup.
        table.add_row(letter.id, failed_at, Text(about.group), Text(where), error)
    return table


def _matches(letter: Letter, group: str | None, error_type: str | None) -> bool:
    about = letter.about
    if about is None:
        return group is None and error_type is None
    return (group is None or about.group == group) and (error_type is None or about.error_type == error_type)


def _described(letter: Letter) -> dict[str, Any]:
    about = letter.about.model_dump(mode="json") if letter.about else {}
    return {
        "id": letter.id,
        "replayed": letter.replayed,
        "key": (letter.record.key or b"").decode("utf-8", "replace"),
    } | about


def _with_offsets(work: Callable[[KafkaSettings, OffsetReader], Coroutine[Any, Any, T]]) -> T:
    kafka, _ = prepare("dead-letters", KafkaSettings, RuntimeSettings)

    async def run() -> T:
        offsets = await OffsetReader.connect(kafka, "dateline-letters")
        try:
            return await work(kafka, offsets)
        finally:
            await offsets.close()

    return asyncio.run(run())
