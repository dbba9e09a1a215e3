"""What is kept in the cache: the verified jars, a template for new data, and the AOT cache."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from dateline_broker.aot import aot_cache
from dateline_broker.download import fetch_all, fetch_from_maven, verify
from dateline_broker.errors import BrokerConfigError, DataDirUnusableError, DownloadError
from dateline_broker.exclusion import exclusive
from dateline_broker.java import find_java
from dateline_broker.lock import LOCK_VARIABLE, read_lock
from dateline_broker.progress import NoProgress

if TYPE_CHECKING:
    from dateline_broker.download import Fetch
    from dateline_broker.java import Java
    from dateline_broker.lock import Lock, LockedJar
    from dateline_broker.progress import Progress

__all__ = ["CACHE_VARIABLE", "Installation", "default_cache_dir", "install"]

CACHE_VARIABLE = "EMBEDDED_KAFKA_CACHE"
"""The environment variable that names another cache folder."""

MARKER = "verified.json"
"""Size and time of each jar when its digest was last found right: comparing these takes a millisecond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A Kafka that is ready to be started.

    Attributes:
        folder: where it lies in the cache.
        jars: the class path.
        aot: the AOT cache, or None where none could be made.
    """

    folder: Path
    kafka_version: str
    java: Java
    jars: tuple[Path, ...]
    aot: Path | None = None

    @property
    def java_options(self) -> tuple[str, ...]:
        """Options of the Java runtime that make use of the AOT cache."""
        return () if self.aot is None else (f"-XX:AOTCache={self.aot}",)


def default_cache_dir() -> Path:
    """Return the folder that jars are kept in unless a caller names another one."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else platformdirs.user_cache_path("dateline-broker")


def install(
    cache_dir: Path | None = None,
    *,
    aot: bool = True,
    full_check: bool = False,
    progress: Progress | None = None,
    lock: Lock | None = None,
    fetch: Fetch = fetch_from_maven,
) -> Installation:
    """Fetch and verify whatever is missing, and make the AOT cache. What is there is used at once.

    Args:
        cache_dir: where to keep it; None is the user's cache folder, or `EMBEDDED_KAFKA_CACHE`.
        aot: make the AOT cache if it is missing (13 s, once).
        full_check: compute the digest of every jar, also of those that look untouched, and try an AOT
            cache again that could not be made.
        progress: whom to show the steps to.
        lock: what to install; by default the list in the package, or that of `EMBEDDED_KAFKA_LOCK`.
        fetch: how a jar is fetched.

    Raises:
        DownloadError: a jar could not be fetched.
        UnsupportedPlatformError: there is no Java for this platform.
        BrokerConfigError: `EMBEDDED_KAFKA_LOCK` names a list that cannot be read.
    """
    java = find_java()
    lock = lock or chosen_lock()
    progress = progress or NoProgress()
    folder = (cache_dir or default_cache_dir()).absolute() / f"kafka-{lock.kafka_version}-{lock.digest}"
    jars = folder / "jars"
    try:
        jars.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataDirUnusableError(
            f"cannot keep Kafka's jars in {folder}: {error}; name another folder by {CACHE_VARIABLE}"
        ) from error
    if full_check or not is_verified(folder, lock):
        with exclusive(folder / "install.lock", waiting_for="downloading Kafka", progress=progress):
            if full_check or not is_verified(folder, lock):
                repair(folder, lock, progress, fetch)
    installation = Installation(
        folder=folder,
        kafka_version=lock.kafka_version,
        java=java,
        jars=tuple(jars / jar.file_name for jar in lock.jars),
    )
    if not aot:
        return installation
    return Installation(
        folder=folder,
        kafka_version=lock.kafka_version,
        java=java,
        jars=installation.jars,
        aot=aot_cache(installation, progress, retry=full_check),
    )


def chosen_lock() -> Lock:
    """Return the list to install where the caller names none."""
    try:
        return read_lock()
    except (OSError, ValueError) as error:
        raise BrokerConfigError(
            f"the list of jars cannot be read: {error}; unset {LOCK_VARIABLE}, or name a list that "
            "`python -m dateline_broker.lock --kafka VERSION --output FILE` made"
        ) from error


def is_verified(folder: Path, lock: Lock) -> bool:
    """Tell whether all jars are those whose digests were found right."""
    try:
        return bool(json.loads((folder / MARKER).read_text()) == fingerprints(folder, lock))
    except (OSError, ValueError):
        return False


def fingerprints(folder: Path, lock: Lock) -> dict[str, list[int]]:
    """Return size and modification time of each jar."""
    found = {}
    for jar in lock.jars:
        status = (folder / "jars" / jar.file_name).stat()
        found[jar.file_name] = [status.st_size, status.st_mtime_ns]
    return found


def repair(folder: Path, lock: Lock, progress: Progress, fetch: Fetch) -> None:
    """Fetch the jars that are missing or not what is locked."""
    missing = [jar for jar in lock.jars if not is_right(folder / "jars" / jar.file_name, jar)]
    if missing:
        size = sum(jar.size for jar in missing)
        text = f"Downloading Apache Kafka {lock.kafka_version} ({len(missing)} jars, {size / 1e6:.0f} MB)"
        with progress.step(text, size) as advance:
            fetch_all(missing, folder / "jars", advance, fetch=fetch)
    marker = folder / f"{MARKER}.new"
    marker.write_text(json.dumps(fingerprints(folder, lock)))
    marker.replace(folder / MARKER)


def is_right(path: Path, jar: LockedJar) -> bool:
    """Tell whether a file is what the lock says."""
    try:
        verify(path, jar)
    except (OSError, DownloadError):
        return False
    return True
