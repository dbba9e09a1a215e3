"""Installing Kafka: download what is missing, verify it, and prepare the fast start."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from dateline_broker.errors import BrokerConfigError, DataDirUnusableError
from dateline_broker.exclusion import exclusive
from dateline_broker.installation.download import fetch_from_maven
from dateline_broker.installation.installation import CACHE_VARIABLE, Installation, default_cache_dir
from dateline_broker.installation.jars import JARS_FOLDER, is_verified, repair
from dateline_broker.lock.lockfile import LOCK_VARIABLE, read_lock
from dateline_broker.node.aot import aot_cache
from dateline_broker.process.java import find_java
from dateline_broker.progress import NoProgress

if TYPE_CHECKING:
    from pathlib import Path

    from dateline_broker.installation.download import Fetch
    from dateline_broker.lock.lockfile import Lock
    from dateline_broker.progress import Progress

__all__ = ["install"]


def install(
    cache_dir: Path | None = None,
    *,
    aot: bool = True,
    full_check: bool = False,
    progress: Progress | None = None,
    lock: Lock | None = None,
    fetch: Fetch = fetch_from_maven,
) -> Installation:
    """Download and verify the missing jars, and make the ahead-of-time cache if it is missing.

    Args:
        cache_dir: folder that keeps the jars; None means `EMBEDDED_KAFKA_CACHE`, or the user's cache folder.
        aot: make the ahead-of-time cache if it is missing (13 s, once).
        full_check: compute the digest of every jar, even if it looks unchanged, and retry an ahead-of-time cache
            that could not be made before.
        progress: shows the steps.
        lock: the jars to install; by default the list that `EMBEDDED_KAFKA_LOCK` names, or the one in the package.
        fetch: downloads one jar.

    Raises:
        DownloadError: a jar could not be downloaded.
        DiskFullError: there is no space left for the jars.
        DataDirUnusableError: the cache folder cannot be created.
        UnsupportedPlatformError: there is no Java for this platform.
        BrokerConfigError: `EMBEDDED_KAFKA_LOCK` names a list that cannot be read.
    """
    java = find_java()
    lock = lock or chosen_lock()
    progress = progress or NoProgress()
    folder = (cache_dir or default_cache_dir()).absolute() / f"kafka-{lock.kafka_version}-{lock.digest}"
    jars = folder / JARS_FOLDER
    try:
        jars.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataDirUnusableError(
            f"cannot keep Kafka's jars in {folder}: {error}; name another folder with {CACHE_VARIABLE}"
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
    return dataclasses.replace(installation, aot=aot_cache(installation, progress, retry=full_check))


def chosen_lock() -> Lock:
    """Return the list to install if the caller names none."""
    try:
        return read_lock()
    except (OSError, ValueError) as error:
        raise BrokerConfigError(
            f"the list of jars cannot be read: {error}; unset {LOCK_VARIABLE}, or name a list that "
            "`python -m dateline_broker.lock --kafka VERSION --output FILE` made"
        ) from error
