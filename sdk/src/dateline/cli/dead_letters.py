"""`dateline dead-letters`."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table

from dateline.errors import DatelineError
from dateline.kafka.dead_letters import Letter, read_letters, replay_letters
from dateline.kafka.offsets import OffsetReader
from dateline.service.process import prepare
from dateline.settings import KafkaSettings, RuntimeSettings

__all__ = ["dead_letters"]

T = TypeVar("T")

SHOWN_BYTES = 20_000
"""How much of a letter's value `show` prints."""


@click.group("dead-letters")
def dead_letters() -> None:
    """Look at records that could not be processed, and send them once more.

    \b
    Example:
      dateline dead-letters list
      dateline dead-letters show 0:17
      dateline dead-letters replay --group enrich
    """


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option("--error", "error_type", help="Only those with this type of error.")(command)
    return click.option("--group", help="Only those of this consumer group.")(command)


@dead_letters.command("list")
@_filters
@click.option("--all", "every", is_flag=True, help="Those that were replayed already, too.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a letter.")
def list_letters(group: str | None, error_type: str | None, every: bool, as_json: bool) -> None:
    """List dead letters, oldest first.

    \b
    Example:
      dateline dead-letters list --group enrich
    """
    letters = [
        letter
        for letter in _with_offsets(read_letters)
        if (every or not letter.replayed) and _matches(letter, group, error_type)
    ]
    if as_json:
        for letter in letters:
            click.echo(json.dumps(_described(letter)))
        return
    if not letters:
        click.echo("no dead letters" + ("" if every else " that wait (--all shows those replayed, too)"))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("id", "failed at", "group", "record", "error"):
        table.add_column(column, overflow="fold")
    for letter in letters:
        about = letter.about
        if about is None:
            table.add_row(letter.id, "", "", "", "its headers cannot be read")
            continue
        where = f"{about.topic}[{about.partition}]@{about.offset}" if letter.replayable else about.source or ""
        done = "[green]replayed[/] " if letter.replayed else ""
        failed_at = about.failed_at.strftime("%Y-%m-%d %H:%M:%S")
        table.add_row(letter.id, failed_at, about.group, where, f"{done}{about.error_type}: {about.error_message}")
    Console().print(table)


@dead_letters.command()
@click.argument("letter_id", metavar="ID")
def show(letter_id: str) -> None:
    """Show one dead letter whole: why it failed, its headers, and the original bytes.

    \b
    Example:
      dateline dead-letters show 0:17
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


@dead_letters.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@_filters
@click.option("--all", "every", is_flag=True, help="All that were not replayed yet.")
def replay(ids: tuple[str, ...], group: str | None, error_type: str | None, every: bool) -> None:
    """Send dead letters back to their topic, for the group that failed and no other.

    Each letter is replayed once, however often this is called.

    \b
    Example:
      dateline dead-letters replay 0:17 0:18
      dateline dead-letters replay --group enrich --error TransientError
    """
    if not (ids or group or error_type or every):
        raise click.UsageError("name the letters, or give --group, --error or --all")

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
