"""The memory of this process."""

import resource
from pathlib import Path

__all__ = ["private_bytes"]

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
