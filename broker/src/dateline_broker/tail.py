"""The last lines of a log, and its new lines as they are written."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["follow", "last_lines"]

POLL_SECONDS = 0.2
"""Seconds between two checks for new lines."""


def last_lines(path: Path, count: int) -> tuple[list[str], int]:
    """Return the last complete lines of a log, and the position after them."""
    position = 0
    lines: deque[str] = deque(maxlen=count)
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                position += len(line)
                lines.append(line.decode(errors="replace").rstrip("\n"))
    return list(lines), position


def follow(path: Path, position: int, *, pause: Callable[[float], None] = time.sleep) -> Iterator[str]:
    """Yield each line as it is written, without end; when the log is rolled, continue in the new file.

    Args:
        path: the log.
        position: the position to begin at.
        pause: waits for a number of seconds.
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
            pause(POLL_SECONDS)
