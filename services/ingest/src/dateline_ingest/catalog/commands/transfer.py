"""What `dateline feeds import` and `export` do: read and write OPML."""

import asyncio
import sys
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime

import click
from dateline.cli.printable import printable
from dateline.errors import DatelineError
from dateline_schemas import Feed
from dateline_web.address import without_credentials

from dateline_ingest.articles.input_problem import InputProblem
from dateline_ingest.catalog.commands.registry_access import key_of, open_registry
from dateline_ingest.catalog.feed_writer import FeedWriter
from dateline_ingest.catalog.opml_reader import OpmlReader
from dateline_ingest.catalog.opml_writer import OPML_END, opml_outline, opml_start
from dateline_ingest.files.inputs import Input

__all__ = ["export_feeds", "import_feeds"]

CHUNK_BYTES = 256 * 1024
"""A document is read in pieces of this size."""

PROGRESS_EVERY = 100_000
"""A terminal shows the progress whenever this many further entries were read."""

MOST_PROBLEMS = 100
"""At most this many problems are shown; the others are only counted."""


@dataclass(slots=True)
class ImportTally:
    """Counts of a document's entries by result."""

    added: int = 0
    there: int = 0
    repeated: int = 0
    bad: int = 0

    @property
    def read(self) -> int:
        """Number of entries read so far."""
        return self.added + self.there + self.repeated + self.bad

    def __str__(self) -> str:
        text = f"{self.added:,} added, {self.there:,} already there"
        text += f", {self.repeated:,} repeated" if self.repeated else ""
        return text + (f", {self.bad:,} left out" if self.bad else "")


def import_feeds(file: str) -> None:
    """Add the feeds of an OPML file, `-` for standard input, and print how many.

    Raises:
        SystemExit: with code 1 when entries were left out.
    """
    tally = asyncio.run(_import(file))
    click.echo(f"dateline feeds: {tally}", err=True)
    if tally.bad:
        raise SystemExit(1)


def export_feeds(*, with_credentials: bool) -> None:
    """Print all feeds as OPML; user names and passwords in addresses only if `with_credentials`."""
    asyncio.run(_export(with_credentials=with_credentials))


async def _import(file: str) -> ImportTally:
    tally, source = ImportTally(), Input(file)
    try:
        with source.open() as document:
            async with open_registry() as (registry, settings), registry.writer() as writer:
                reader = OpmlReader(source.where, datetime.now(UTC), settings.full_text)
                # Only the keys, 16 bytes each, grow with the number of feeds.
                known = await registry.keys()
                mine: set[bytes] = set()
                while data := await asyncio.to_thread(document.read, CHUNK_BYTES):
                    for found in reader.read(data):
                        await _take(found, writer, known, mine, tally)
                        _tell_progress(tally)
                for found in reader.end():
                    await _take(found, writer, known, mine, tally)
    except OSError as error:
        raise DatelineError(f"{source.where}: {error.strerror or error}; check that it can be read") from error
    if tally.bad > MOST_PROBLEMS:
        click.echo(f"dateline feeds: and {tally.bad - MOST_PROBLEMS:,} more problems", err=True)
    return tally


async def _take(
    found: Feed | InputProblem, writer: FeedWriter, known: set[bytes], mine: set[bytes], tally: ImportTally
) -> None:
    if isinstance(found, InputProblem):
        tally.bad += 1
        if tally.bad <= MOST_PROBLEMS:
            click.echo(f"dateline feeds: {printable(str(found))}", err=True)
        return
    key = key_of(found.url)
    digest = bytes.fromhex(key.decode())
    if digest in mine:
        tally.repeated += 1
    elif digest in known:
        tally.there += 1
    else:
        mine.add(digest)
        tally.added += 1
        await writer.put(key, found)


def _tell_progress(tally: ImportTally) -> None:
    if tally.read % PROGRESS_EVERY == 0 and sys.stderr.isatty():
        click.echo(f"dateline feeds: {tally.read:,} read so far", err=True)


async def _export(*, with_credentials: bool) -> None:
    hidden = 0
    async with open_registry() as (registry, _):
        _print([opml_start(datetime.now(UTC))])
        async with aclosing(registry.pages()) as pages:
            async for page in pages:
                lines = []
                for feed in page:
                    shown = feed.url if with_credentials else without_credentials(feed.url)
                    hidden += shown != feed.url
                    lines.append(opml_outline(feed.model_copy(update={"url": shown})))
                _print(lines)
        _print([OPML_END])
    if hidden:
        click.echo(
            f"dateline feeds: user name and password of {hidden:,} addresses were left out; "
            "--with-credentials keeps them",
            err=True,
        )


def _print(lines: list[str]) -> None:
    """Print UTF-8 whatever the terminal's encoding, since the document declares UTF-8."""
    if lines:
        click.echo("\n".join(lines).encode())
