"""What happened when: one JSON line an event, from every process of a piece, on one clock."""

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
    """One line: `at` is the system's monotonic clock, which all processes share and no fault moves."""

    at: float
    kind: str
    who: str
    details: dict[str, Any] = field(compare=False)

    def line(self, since: float = 0.0) -> str:
        """Return it for people, with seconds since `since`."""
        told = " ".join(f"{name}={value}" for name, value in self.details.items())
        return f"{self.at - since:9.3f} {self.who:<18} {self.kind:<10} {told}"


class Journal:
    """Writes events; each is with the system when `write` returns, whatever becomes of the process."""

    def __init__(self, path: Path, who: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._who = who

    def write(self, kind: str, **details: Any) -> Event:
        """Write one event of now."""
        event = Event(time.monotonic(), kind, self._who, details)
        line = {"at": event.at, "kind": kind, "who": self._who, **details}
        os.write(self._file, json.dumps(line).encode() + b"\n")
        return event

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def read_journals(folder: Path) -> list[Event]:
    """Return the events of all processes, in order."""
    return sorted(_events(sorted(folder.glob("*.journal"))))


def _events(paths: Iterable[Path]) -> Iterator[Event]:
    for path in paths:
        for line in path.read_text().splitlines():
            try:
                fields = json.loads(line)
            except ValueError:
                continue  # cut off with its process
            yield Event(fields.pop("at"), fields.pop("kind"), fields.pop("who"), fields)
