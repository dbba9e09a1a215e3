"""Fetching the locked jars, each verified before it gets its name."""

from __future__ import annotations

import errno
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from dateline_broker.errors import DiskFullError, DownloadError
from dateline_broker.lock import file_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dateline_broker.lock import LockedJar

__all__ = ["Fetch", "fetch_all", "fetch_from_maven"]

ATTEMPTS = 4
"""How often a jar is tried."""

BACKOFF_S = 0.5
"""Pause after the first failed attempt; it doubles with each further one."""

CONNECTIONS = 8
"""Jars on their way at once."""

TIMEOUT_S = 30
"""Seconds without a byte until an attempt has failed."""


class Fetch(Protocol):
    """How one jar is fetched."""

    def __call__(self, jar: LockedJar, folder: Path, advance: Callable[[int], None]) -> Path:
        """Fetch a jar.

        Args:
            jar: what to fetch.
            folder: an empty folder to fetch it to.
            advance: called with the bytes that have come.

        Returns:
            the file.
        """
        ...


def fetch_from_maven(jar: LockedJar, folder: Path, advance: Callable[[int], None]) -> Path:
    """Fetch a jar from the registry that `jgo` knows by default."""
    from jgo.maven import MavenContext, PythonResolver

    @contextmanager
    def progress(_name: str, _size: int) -> Iterator[Callable[[int], None]]:
        yield advance

    resolver = PythonResolver(progress_callback=progress)
    context = MavenContext(resolver=resolver, repo_cache=folder, timeout=TIMEOUT_S)
    return context.create_dependency(jar.coordinate).artifact.resolve()


def fetch_all(
    jars: Sequence[LockedJar],
    folder: Path,
    advance: Callable[[int], None],
    *,
    fetch: Fetch = fetch_from_maven,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Fetch jars side by side into a folder.

    A file appears under its name only when its digest is right, so whatever interrupts this, the next call goes
    on from there.

    Raises:
        DownloadError: a jar could not be fetched, or was another one than is locked.
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
    """Fetch one jar, trying again after failures."""
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
        # The resolver raises RuntimeError for any answer but 200, and what its HTTP client raises is an OSError.
        except (OSError, RuntimeError, DownloadError) as error:
            advance(-came)
            if getattr(error, "errno", None) == errno.ENOSPC:
                raise DiskFullError(folder) from error
            if attempt == ATTEMPTS - 1:
                raise DownloadError(
                    f"could not download {jar.coordinate} in {ATTEMPTS} attempts: {error}. "
                    "Check the network (a proxy is taken from HTTPS_PROXY) and run the command again; "
                    "what has been downloaded is kept"
                ) from error
            pause(BACKOFF_S * 2**attempt)


def verify(path: Path, jar: LockedJar) -> None:
    """Compare a file with the lock.

    Raises:
        DownloadError: it is another file.
    """
    size = path.stat().st_size
    if size != jar.size:
        raise DownloadError(f"{jar.file_name} has {size} bytes, {jar.size} are locked")
    if (digest := file_digest(path)) != jar.sha256:
        raise DownloadError(f"{jar.file_name} has SHA-256 {digest}, {jar.sha256} is locked")
