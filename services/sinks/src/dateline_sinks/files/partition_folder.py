"""The folder of a partition: its files by first offset, and the notes beside them."""

import contextlib
import json
import os
import re
from pathlib import Path
from typing import Any

from dateline_sinks.files.new_file import NewFile, sync_folder

__all__ = ["PartitionFolder"]

DIGITS = 20
"""Digits of an offset in a name, so that names sort as offsets do."""


class PartitionFolder:
    """The folder of a partition below the target, named so that readers of Parquet see topic and partition as columns.

    Files are never changed. What changes is in a hidden folder beside them, one for each format:

    - `start`: where the chain of files begins, for a partition without files. Never changed either.
    - `owner`: the process that opened the partition last.
    - `position`: the end of the chain as the last owner saw it, and the offset up to which there is nothing to write.
      A hint that saves work: without it the folder is listed and these offsets are read again.
    - `*.part`: files that are being written.
    """

    def __init__(self, target: Path, topic: str, partition: int, suffix: str) -> None:
        self.target = target
        self.suffix = suffix
        self.path = target / f"topic={topic}" / f"partition={partition}"
        # Hidden, and without the suffix: a pattern such as `**/*.parquet` finds the files alone.
        self.work = self.path / f".dateline-{suffix.split('.')[1]}"
        self._name = re.compile(rf"(\d{{{DIGITS}}}){re.escape(suffix)}")

    def create(self) -> None:
        """Create the folder, but never the target itself: a target that is not there may be a disk that is missing."""
        missing = []
        path = self.work
        while path != self.target and not path.exists():
            missing.append(path)
            path = path.parent
        for each in reversed(missing):
            each.mkdir(exist_ok=True)
            sync_folder(each.parent)

    def file(self, first_offset: int) -> Path:
        """Return the path of the file that begins with an offset."""
        return self.path / f"{first_offset:0{DIGITS}d}{self.suffix}"

    def last_file(self) -> int | None:
        """List the folder, and return the first offset of the last file."""
        with os.scandir(self.path) as entries:
            return max(
                (int(match[1]) for entry in entries if (match := self._name.fullmatch(entry.name))), default=None
            )

    def read_start(self) -> dict[str, str] | None:
        """Return what `start` says, None if the chain has not begun.

        Raises:
            ValueError: it is damaged.
        """
        try:
            content = json.loads((self.work / "start").read_bytes())
        except FileNotFoundError:
            return None
        if not isinstance(content, dict):
            raise ValueError("it is not a JSON object")
        return content

    def write_start(self, fields: dict[str, str]) -> None:
        """Write `start`.

        Raises:
            FileExistsError: another owner has written it.
        """
        with NewFile(self.work) as new:
            new.file.write(json.dumps(fields).encode())
            new.finish()
            new.publish(self.work / "start")

    def read_note(self, name: str) -> dict[str, Any]:
        """Return a note that changes; empty if it is missing or damaged."""
        with contextlib.suppress(OSError, ValueError):
            content = json.loads((self.work / name).read_bytes())
            if isinstance(content, dict):
                return content
        return {}

    def write_note(self, name: str, content: dict[str, Any]) -> None:
        """Replace a note that changes. It may get lost with the power, but is never half written."""
        with NewFile(self.work) as new:
            new.file.write(json.dumps(content).encode())
            new.replace(self.work / name)
