"""Downloading the locked jars; each is verified before it gets its final name."""

from __future__ import annotations

import errno
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from dateline_broker.errors import DiskFullError, DownloadError
from dateline_broker.lock.lockfile import file_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dateline_broker.lock.lockfile import LockedJar

__all__ = ["Fetch", "fetch_all", "fetch_from_maven"]

ATTEMPTS = 4
"""Each jar is tried this many times."""

BACKOFF_SECONDS = 0.5
"""Pause after the first failed attempt; it doubles after each further one."""

CONNECTIONS = 8
"""Number of concurrent downloads."""

TIMEOUT_SECONDS = 30
"""An attempt fails after this many seconds without data."""


class Fetch(Protocol):
    """A function that downloads one jar."""

    def __call__(self, jar: LockedJar, folder: Path, advance: Callable[[int], None]) -> Path:
        """Download a jar.

        Args:
            jar: the jar to download.
            folder: an empty folder to download it to.
            advance: called with the number of bytes just received.

        Returns:
            path of the file.
        """
        ...


def fetch_from_maven(jar: LockedJar, folder: Path, advance: Callable[[int], None]) -> Path:
    """Download a jar from the default registry of `jgo`."""
    from jgo.maven import MavenContext, PythonResolver

    @contextmanager
    def progress(_name: str, _size: int) -> Iterator[Callable[[int], None]]:
        yield advance

    resolver = PythonResolver(progress_callback=progress)
    context = MavenContext(resolver=resolver, repo_cache=folder, timeout=TIMEOUT_SECONDS)
    return context.create_dependency(jar.coordinate).artifact.resolve()


def fetch_all(
    jars: Sequence[LockedJar],
    folder: Path,
    advance: Callable[[int], None],
    *,
    fetch: Fetch = fetch_from_maven,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Download jars concurrently into a folder.

    A file gets its final name only when its digest is right, so an interrupted download is resumed by the next call.

    Raises:
        DownloadError: a jar could not be downloaded, or differs from the locked one.
        DiskFullError: there is no space left.
    """
    with ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="download") as pool:
        futures = [pool.submit(fetch_one, jar, folder, advance, fetch, pause) for jar in jars]
        try:
            for future in futures:
                future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def fetch_one(
    jar: LockedJar, folder: Path, advance: Callable[[int], None], fetch: Fetch, pause: Callable[[float], None]
) -> None:
    """Download one jar, and retry after failures."""
    for attempt in range(ATTEMPTS):
        came = 0

        def count(amount: int) -> None:
            nonlocal came
            came += amount
            advance(amount)

        try:
            with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as workplace:
                path = fetch(jar, Path(workplace), count)
                verify(path, jar)
                path.replace(folder / jar.file_name)
            return
        # The resolver raises RuntimeError for any status but 200; its HTTP client raises subclasses of OSError.
        except (OSError, RuntimeError, DownloadError) as error:
            advance(-came)
            if getattr(error, "errno", None) == errno.ENOSPC:
                raise DiskFullError(folder) from error
            if attempt == ATTEMPTS - 1:
                raise DownloadError(
                    f"could not download {jar.coordinate} in {ATTEMPTS} attempts: {error}. "
                    "Check the network (HTTPS_PROXY names a proxy) and run the command again; "
                    "the jars downloaded so far are kept"
                ) from error
            pause(BACKOFF_SECONDS * 2**attempt)


def verify(path: Path, jar: LockedJar) -> None:
    """Compare a file with its entry in the lock.

    Raises:
        DownloadError: size or digest differ.
    """
    size = path.stat().st_size
    if size != jar.size:
        raise DownloadError(f"{jar.file_name} has {size} bytes, {jar.size} are locked")
    if (digest := file_digest(path)) != jar.sha256:
        raise DownloadError(f"{jar.file_name} has SHA-256 {digest}, {jar.sha256} is locked")
