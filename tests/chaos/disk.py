"""A small disk for the broker, where this machine lets us mount one."""

import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Disk"]

SIZE_MB = 320
"""Enough for a piece of a campaign."""

BALLAST = "ballast"
"""The file that fills it."""


@dataclass(frozen=True, slots=True)
class Disk:
    """The folder of a broker's data; `limited` says whether it is a disk of its own that can be filled."""

    folder: Path
    limited: bool

    @classmethod
    def mount(cls, folder: Path) -> "Disk":
        """Mount a disk in memory at `folder`; without the right to do so it is a folder like any other."""
        folder.mkdir(parents=True)
        limited = False
        if os.geteuid() == 0:
            command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(folder)]
            with suppress(OSError):
                limited = subprocess.run(command, capture_output=True, check=False).returncode == 0
        return cls(folder, limited)

    def fill(self) -> None:
        """Leave no byte free."""
        with suppress(OSError), (self.folder / BALLAST).open("wb", buffering=0) as file:
            for size in (1024 * 1024, 4096, 1):
                with suppress(OSError):
                    while True:
                        file.write(bytes(size))

    def free(self) -> None:
        """Give the space back."""
        (self.folder / BALLAST).unlink(missing_ok=True)

    def unmount(self) -> None:
        """Let go of it with all that it holds."""
        if self.limited:
            subprocess.run(["umount", "-l", str(self.folder)], capture_output=True, check=False)
