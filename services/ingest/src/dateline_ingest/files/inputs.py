"""Resolves the arguments of `dateline ingest`: files, folders, standard input, addresses."""

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
"""The argument for standard input, and the source of its articles."""


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """The address of a feed that is fetched once."""

    url: str


@dataclass(frozen=True, slots=True)
class Input:
    """A file, or standard input."""

    path: str

    @property
    def where(self) -> str:
        """The name for messages."""
        return "<stdin>" if self.path == STDIN else self.path

    @property
    def source(self) -> Source:
        """The source of the articles in it."""
        return Source(kind="stdin" if self.path == STDIN else "file", uri=self.path)

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Open the input for reading bytes.

        Raises:
            OSError: the input cannot be opened.
        """
        if self.path == STDIN:
            # `sys.stdin.buffer` is not used: the interpreter cannot exit while a thread waits in it.
            return os.fdopen(sys.stdin.fileno(), "rb", closefd=False)
        return Path(self.path).open("rb")


def inputs(arguments: Iterable[str]) -> Iterator[Input | FeedAddress | InputProblem]:
    """Yield the inputs that the arguments name. Folders are searched in sorted order, without hidden files."""
    for argument in arguments:
        if argument == STDIN:
            yield Input(STDIN)
        elif argument.lower().startswith(("http://", "https://")):
            yield FeedAddress(argument)
        elif "://" in argument:
            yield InputProblem(
                where=argument, what="this kind of address is not supported", remedy="give an http or https address"
            )
        else:
            yield from _files(Path(argument))


def _files(path: Path) -> Iterator[Input | InputProblem]:
    if path.is_dir():
        yield from _folder(path)
    elif path.is_file() or path.is_fifo() or path.is_char_device():
        yield Input(path.as_posix())
    elif path.exists():
        yield InputProblem(where=str(path), what="not a file or folder", remedy="give a file or a folder")
    else:
        yield InputProblem(where=str(path), what="there is no such file or folder", remedy="check the path")


def _folder(folder: Path) -> Iterator[Input | InputProblem]:
    found = False
    problems: list[InputProblem] = []

    def unreadable(error: OSError) -> None:
        what = error.strerror or str(error)
        problems.append(InputProblem(where=str(error.filename), what=what, remedy="check that it is readable"))

    for parent, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            found = True
            yield from _files(Path(parent, name))
    yield from problems
    if not found and not problems:
        yield InputProblem(where=str(folder), what="the folder holds no files", remedy="check the path")
