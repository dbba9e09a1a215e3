"""The jars of an installation: which are verified, and downloading the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from dateline_broker.errors import DownloadError
from dateline_broker.installation.download import fetch_all, verify

if TYPE_CHECKING:
    from pathlib import Path

    from dateline_broker.installation.download import Fetch
    from dateline_broker.lock.lockfile import Lock, LockedJar
    from dateline_broker.progress import Progress

__all__ = ["JARS_FOLDER", "is_verified", "repair"]

JARS_FOLDER = "jars"
"""Folder of the jars inside an installation."""

MARKER = "verified.json"
"""Size and modification time of each jar when its digest was last verified; comparing these takes a millisecond."""


def is_verified(folder: Path, lock: Lock) -> bool:
    """Return whether no jar has changed since its digest was verified."""
    try:
        return bool(json.loads((folder / MARKER).read_text()) == fingerprints(folder, lock))
    except (OSError, ValueError):
        return False


def fingerprints(folder: Path, lock: Lock) -> dict[str, list[int]]:
    """Return size and modification time of each jar."""
    found = {}
    for jar in lock.jars:
        status = (folder / JARS_FOLDER / jar.file_name).stat()
        found[jar.file_name] = [status.st_size, status.st_mtime_ns]
    return found


def repair(folder: Path, lock: Lock, progress: Progress, fetch: Fetch) -> None:
    """Download the jars that are missing or differ from the lock."""
    missing = [jar for jar in lock.jars if not matches(folder / JARS_FOLDER / jar.file_name, jar)]
    if missing:
        size = sum(jar.size for jar in missing)
        text = f"Downloading Apache Kafka {lock.kafka_version} ({len(missing)} jars, {size / 1e6:.0f} MB)"
        with progress.step(text, size) as advance:
            fetch_all(missing, folder / JARS_FOLDER, advance, fetch=fetch)
    marker = folder / f"{MARKER}.new"
    marker.write_text(json.dumps(fingerprints(folder, lock)))
    marker.replace(folder / MARKER)


def matches(path: Path, jar: LockedJar) -> bool:
    """Return whether a file matches its entry in the lock."""
    try:
        verify(path, jar)
    except (OSError, DownloadError):
        return False
    return True
