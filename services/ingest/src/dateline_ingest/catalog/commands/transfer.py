"""What `dateline feeds import` and `export` do: read and write OPML."""

import asyncio
import sys
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

import click
from dateline.cli.printable import printable
from dateline.errors import DatelineError
from dateline.feeds.address import feed_record_key
from dateline.feeds.writer import FeedWriter
from dateline_schemas import Feed
from dateline_web.address import without_credentials

from dateline_ingest.articles.input_problem import InputProblem
from dateline_ingest.catalog.commands.registry_access import open_registry
from dateline_ingest.catalog.import_ledger import ImportLedger
from dateline_ingest.catalog.opml.folder_spool import FolderSpool
from dateline_ingest.catalog.opml.reader import OpmlReader
from dateline_ingest.catalog.opml.writer import OpmlWriter
from dateline_ingest.catalog.registry import FeedRegistry
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
    changed: int = 0
    """Feeds among those already there that changed."""

    @property
    def read(self) -> int:
        """Number of entries read so far."""
        return self.added + self.there + self.repeated + self.bad

    def __str__(self) -> str:
        text = f"{self.added:,} added, {self.there:,} already there"
        text += f", {self.changed:,} of them changed" if self.changed else ""
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


@dataclass(frozen=True, slots=True)
class _Import:
    registry: FeedRegistry
    writer: FeedWriter
    tally: ImportTally
    ledger: ImportLedger

    async def read(self, document: BinaryIO, reader: OpmlReader) -> None:
        """Add the feeds of the document, and change those that it changes."""
        await self.registry.each(self._know)
        while data := await asyncio.to_thread(document.read, CHUNK_BYTES):
            for found in reader.read(data):
                await self._take(found)
        for found in reader.end():
            await self._take(found)
        if self.ledger.needs_update:
            await self._update(whole=True)
        self.tally.changed = self.ledger.changed

    def _know(self, key: bytes, feed: Feed | None) -> None:
        with suppress(ValueError):
            self.ledger.know(_digest(key), feed)

    async def _take(self, found: Feed | InputProblem) -> None:
        if isinstance(found, InputProblem):
            self.tally.bad += 1
            if self.tally.bad <= MOST_PROBLEMS:
                click.echo(f"dateline feeds: {printable(str(found))}", err=True)
            return
        key = feed_record_key(found.url)
        match self.ledger.enter(_digest(key), found):
            case "added":
                self.tally.added += 1
                await self.writer.put(key, found)
            case "there":
                self.tally.there += 1
            case "repeated":
                self.tally.repeated += 1
        if self.ledger.is_full:
            await self._update(whole=False)
        _tell_progress(self.tally)

    async def _update(self, *, whole: bool) -> None:
        """Write the changes of existing feeds; `whole` if the document was read to its end."""
        await self.writer.flush()
        async with aclosing(self.registry.pages()) as pages:
            async for page in pages:
                for key, feed in page:
                    with suppress(ValueError):
                        changed = self.ledger.updated(_digest(key), feed, folders=whole)
                        if changed is not None:
                            await self.writer.put(key, changed)
        self.ledger.settle()


def _digest(key: bytes) -> bytes:
    """Return a key as 16 bytes, decoded from hexadecimal; another client may have written keys that are not."""
    return bytes.fromhex(key.decode("ascii"))


async def _import(file: str) -> ImportTally:
    tally, source = ImportTally(), Input(file)
    try:
        with source.open() as document:
            async with open_registry() as (registry, settings), registry.writer() as writer:
                reader = OpmlReader(source.where, datetime.now(UTC), settings.full_text)
                await _Import(registry, writer, tally, ImportLedger()).read(document, reader)
    except OSError as error:
        raise DatelineError(f"{source.where}: {error.strerror or error}; check that it can be read") from error
    if tally.bad > MOST_PROBLEMS:
        click.echo(f"dateline feeds: and {tally.bad - MOST_PROBLEMS:,} more problems", err=True)
    return tally


def _tell_progress(tally: ImportTally) -> None:
    if tally.read % PROGRESS_EVERY == 0 and sys.stderr.isatty():
        click.echo(f"dateline feeds: {tally.read:,} read so far", err=True)


async def _export(*, with_credentials: bool) -> None:
    hidden = 0
    with FolderSpool.open() as spool:
        document = OpmlWriter(spool, datetime.now(UTC))
        async with open_registry() as (registry, _):
            click.echo(document.start(), nl=False)
            async with aclosing(registry.pages()) as pages:
                async for page in pages:
                    lines = []
                    for _key, feed in page:
                        shown = feed.url if with_credentials else without_credentials(feed.url)
                        hidden += shown != feed.url
                        lines.append(document.add(feed.model_copy(update={"url": shown})))
                    # The bytes are UTF-8, as the document declares, whatever the terminal's encoding.
                    click.echo(b"".join(lines), nl=False)
        for piece in document.end():
            click.echo(piece, nl=False)
    if hidden:
        click.echo(
            f"dateline feeds: user name and password of {hidden:,} addresses were left out; "
            "--with-credentials keeps them",
            err=True,
        )
