"""The event log of a piece: each process writes JSON Lines, all stamped by one clock."""

import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Event", "Journal", "read_journals"]


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """One event; `at` is the system's monotonic clock, which all processes share and no fault shifts."""

    at: float
    kind: str
    who: str
    details: dict[str, Any] = field(compare=False)

    def line(self, since: float = 0.0) -> str:
        """Format the event for display, with its time relative to `since`."""
        told = " ".join(f"{name}={value}" for name, value in self.details.items())
        return f"{self.at - since:9.3f} {self.who:<18} {self.kind:<10} {told}"


class Journal:
    """Writes events; the kernel has each when `write` returns, so a killed process loses none."""

    def __init__(self, path: Path, who: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._who = who

    def write(self, kind: str, **details: Any) -> Event:
        """Write an event with the current time."""
        event = Event(time.monotonic(), kind, self._who, details)
        line = {"at": event.at, "kind": kind, "who": self._who, **details}
        os.write(self._file, json.dumps(line).encode() + b"\n")
        return event

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def read_journals(folder: Path) -> list[Event]:
    """Return the events of all processes in order of time."""
    return sorted(_events(sorted(folder.glob("*.journal"))))


def _events(paths: Iterable[Path]) -> Iterator[Event]:
    for path in paths:
        for line in path.read_text().splitlines():
            try:
                fields = json.loads(line)
            except ValueError:
                continue  # cut off with its process
            yield Event(fields.pop("at"), fields.pop("kind"), fields.pop("who"), fields)
