"""Progress of long steps, shown by the caller: the package itself prints nothing."""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

__all__ = ["BarProgress", "LineProgress", "NoProgress", "Progress", "progress_for"]

LINE_INTERVAL_SECONDS = 2.0
"""Seconds between two plain lines of one step."""


class Progress(Protocol):
    """Shows the steps that take longer than a moment."""

    def step(self, description: str, total: int | None = None) -> AbstractContextManager[Callable[[int], None]]:
        """Begin a step; it ends with the context.

        Args:
            description: what is being done, without a full stop.
            total: number of bytes; None if there is nothing to count.

        Returns:
            a context whose value is a function; call it, from any thread, with the number of bytes just done.
        """
        ...


class NoProgress:
    """Shows nothing."""

    @contextmanager
    def step(self, description: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """Do nothing."""
        yield lambda amount: None


class LineProgress:
    """Shows plain lines, for logs and pipes."""

    def __init__(self, stream: TextIO, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock

    @contextmanager
    def step(self, description: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """Print a line at the start, a line every two seconds, and a line at the end."""
        begin = last = self._clock()
        done = 0
        lock = threading.Lock()

        def advance(amount: int) -> None:
            nonlocal done, last
            with lock:
                done += amount
                now = self._clock()
                if total and now - last >= LINE_INTERVAL_SECONDS:
                    last = now
                    self._print(f"{description}: {100 * done // total} %")

        self._print(f"{description} ...")
        yield advance
        self._print(f"{description}: done in {self._clock() - begin:.1f} s")

    def _print(self, line: str) -> None:
        print(line, file=self._stream, flush=True)


class BarProgress:
    """Shows one bar per step, for terminals."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, description: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """Show a bar, or a pulse if there is nothing to count."""
        from rich import progress as rich

        columns: list[rich.ProgressColumn] = [rich.TextColumn("{task.description}"), rich.BarColumn()]
        columns += [rich.DownloadColumn()] if total else []
        with rich.Progress(*columns, rich.TimeElapsedColumn(), console=self._console) as bars:
            task = bars.add_task(description, total=total)
            yield lambda amount: bars.advance(task, amount)
            bars.update(task, total=total or 1, completed=total or 1)


def progress_for(stream: TextIO) -> Progress:
    """Return bars for a terminal and plain lines for anything else."""
    if not stream.isatty():
        return LineProgress(stream)
    from rich.console import Console

    return BarProgress(Console(file=stream))
