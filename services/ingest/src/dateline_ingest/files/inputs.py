"""What `dateline ingest` is pointed at: files, folders, standard input, addresses."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dateline_schemas import Source

from dateline_ingest.articles.input_problem import InputProblem

__all__ = ["STDIN", "FeedAddress", "Input", "inputs"]

STDIN = "-"
"""Argument, and source, of standard input."""


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """A feed to be fetched once."""

    url: str


@dataclass(frozen=True, slots=True)
class Input:
    """A document that can be opened."""

    path: str

    @property
    def where(self) -> str:
        """Name for messages."""
        return "<stdin>" if self.path == STDIN else self.path

    @property
    def source(self) -> Source:
        """Where its articles come from."""
        return Source(kind="stdin" if self.path == STDIN else "file", uri=self.path)

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Open it to read bytes.

        Raises:
            OSError: when that is not possible.
        """
        if self.path == STDIN:
            # A reader of its own: the interpreter cannot end while a thread waits in that of `sys.stdin`.
            return os.fdopen(sys.stdin.fileno(), "rb", closefd=False)
        return Path(self.path).open("rb")


def inputs(arguments: Iterable[str]) -> Iterator[Input | FeedAddress | InputProblem]:
    """Yield what the arguments name: folders with all that is in them, sorted, hidden files left out."""
    for argument in arguments:
        if argument == STDIN:
            yield Input(STDIN)
        elif argument.lower().startswith(("http://", "https://")):
            yield FeedAddress(argument)
        elif "://" in argument:
            yield InputProblem(
                where=argument, what="this kind of address is not known", remedy="give an http or https address"
            )
        else:
            yield from _files(Path(argument))


def _files(path: Path) -> Iterator[Input | InputProblem]:
    if path.is_dir():
        yield from _folder(path)
    elif path.is_file() or path.is_fifo() or path.is_char_device():
        yield Input(path.as_posix())
    elif path.exists():
        yield InputProblem(where=str(path), what="this is neither a file nor a folder", remedy="give one of them")
    else:
        yield InputProblem(where=str(path), what="there is no such file or folder", remedy="check the path")


def _folder(folder: Path) -> Iterator[Input | InputProblem]:
    found = False
    problems: list[InputProblem] = []

    def unreadable(error: OSError) -> None:
        what = error.strerror or str(error)
        problems.append(InputProblem(where=str(error.filename), what=what, remedy="check that it can be read"))

    for parent, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            found = True
            yield from _files(Path(parent, name))
    yield from problems
    if not found and not problems:
        yield InputProblem(where=str(folder), what="the folder holds no files", remedy="check the path")
