"""Reading a log from its end, and as it grows."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["follow", "last_lines"]

POLL_S = 0.2
"""Seconds between two looks for new lines."""


def last_lines(path: Path, count: int) -> tuple[list[str], int]:
    """Return the last whole lines of a log, and the position behind them."""
    position = 0
    lines: deque[str] = deque(maxlen=count)
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                position += len(line)
                lines.append(line.decode(errors="replace").rstrip("\n"))
    return list(lines), position


def follow(path: Path, position: int, *, pause: Callable[[float], None] = time.sleep) -> Iterator[str]:
    """Yield each line as it is written, for ever; goes on in the new file when the log is rolled.

    Args:
        path: the log.
        position: where to begin.
        pause: waits some seconds.
    """
    rest = b""
    while True:
        try:
            with path.open("rb") as file:
                if path.stat().st_size < position:
                    position, rest = 0, b""
                file.seek(position)
                rest += file.read()
                position = file.tell()
        except FileNotFoundError:
            position, rest = 0, b""
        *lines, rest = rest.split(b"\n")
        for line in lines:
            yield line.decode(errors="replace")
        if not lines:
            pause(POLL_S)
