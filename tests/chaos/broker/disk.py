"""A small disk for the broker, if this machine permits mounting one."""

import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Disk"]

SIZE_MB = 320
"""Size of the disk: enough for one piece."""

BALLAST = "ballast"
"""Name of the file that fills the disk."""


@dataclass(frozen=True, slots=True)
class Disk:
    """The folder of the broker's data; `limited` is true if it is a disk of its own that can be filled."""

    folder: Path
    limited: bool

    @classmethod
    def mount(cls, folder: Path) -> "Disk":
        """Mount a tmpfs at `folder`; without permission to mount, use an ordinary folder."""
        folder.mkdir(parents=True)
        limited = False
        if os.geteuid() == 0:
            command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(folder)]
            with suppress(OSError):
                limited = subprocess.run(command, capture_output=True, check=False).returncode == 0
        return cls(folder, limited)

    def fill(self) -> None:
        """Fill the disk to the last byte."""
        with suppress(OSError), (self.folder / BALLAST).open("wb", buffering=0) as file:
            for size in (1024 * 1024, 4096, 1):
                with suppress(OSError):
                    while True:
                        file.write(bytes(size))

    def free(self) -> None:
        """Free the space again."""
        (self.folder / BALLAST).unlink(missing_ok=True)

    def unmount(self) -> None:
        """Unmount the disk; its content is lost."""
        if self.limited:
            subprocess.run(["umount", "-l", str(self.folder)], capture_output=True, check=False)
