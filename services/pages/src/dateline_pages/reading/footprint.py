"""What processes use: memory and time."""

import os
import resource
from pathlib import Path

__all__ = ["cpu_seconds", "private_bytes"]

PAGE_BYTES = resource.getpagesize()
"""Size of a page of memory."""

STATISTICS = Path("/proc/self/statm")
"""Where Linux tells the memory of a process."""


def private_bytes() -> int:
    """Return the private memory that this process has asked for; off Linux, the most that was ever resident."""
    try:
        return int(STATISTICS.read_text("ascii").split()[5]) * PAGE_BYTES
    except OSError:
        # In bytes, unlike Linux's.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def cpu_seconds(pid: int) -> float | None:
    """Return the time that a process has run on a processor; None if the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None
