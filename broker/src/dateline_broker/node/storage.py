"""The data folder of a broker: its layout, and preparing it for Kafka."""

from __future__ import annotations

import base64
import errno
import shutil
import subprocess
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dateline_broker.errors import BrokerStartError, CorruptDataError, DataDirUnusableError, DiskFullError
from dateline_broker.process.java import java_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dateline_broker.installation.installation import Installation

__all__ = [
    "BOOTSTRAP_FILE",
    "DataDir",
    "check_space",
    "clear_temporary",
    "disk_errors",
    "format_storage",
    "free_bytes",
    "prepare_storage",
]

BOOTSTRAP_FILE = "bootstrap.checkpoint"
"""Feature levels of a new cluster; they depend only on the Kafka version."""

META_FILE = "meta.properties"
"""Identifies a data folder to Kafka."""

FORMAT_TIMEOUT_SECONDS = 60.0
"""Formatting fails after this many seconds; it usually takes 1.5 s."""


@dataclass(frozen=True, slots=True)
class DataDir:
    """The layout of a data folder; `path` is absolute."""

    path: Path

    @property
    def kafka_path(self) -> Path:
        """Kafka's own data (`log.dirs`)."""
        return self.path / "data"

    @property
    def properties_path(self) -> Path:
        """Kafka's configuration, rewritten at each start."""
        return self.path / "server.properties"

    @property
    def log_path(self) -> Path:
        """The broker's log."""
        return self.path / "logs" / "broker.log"

    @property
    def console_path(self) -> Path:
        """Output of the Java runtime itself."""
        return self.path / "logs" / "console.log"

    @property
    def state_path(self) -> Path:
        """Names the broker that runs here."""
        return self.path / "broker.json"

    @property
    def lock_path(self) -> Path:
        """Lock of the process that starts or stops a broker here."""
        return self.path / "broker.lock"

    def create(self) -> None:
        """Create the folders.

        Raises:
            DataDirUnusableError: the folders cannot be created or written, or Kafka does not accept their path.
            DiskFullError: there is no space left.
        """
        if any(character in str(self.path) for character in ",\n"):
            raise DataDirUnusableError(
                f"Kafka accepts no comma or line break in the path of its data folder: {self.path}; choose another"
            )
        with disk_errors(self):
            for name in ("", "data", "logs", "tmp"):
                (self.path / name).mkdir(parents=True, exist_ok=True)
            self.lock_path.touch()


def free_bytes(path: Path) -> int:
    """Return the number of free bytes on the disk of a folder."""
    return shutil.disk_usage(path).free


def clear_temporary(data: DataDir) -> None:
    """Delete the temporary files of a broker that was killed."""
    for path in (data.path / "tmp").iterdir():
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def check_space(data: DataDir, needed_mb: int, free: Callable[[Path], int] = free_bytes) -> None:
    """Check that there is enough disk space for a broker's data.

    Raises:
        DiskFullError: less than `needed_mb` is free.
    """
    found = free(data.path) // 1_000_000
    if found < needed_mb:
        raise DiskFullError(data.path, found, needed_mb)


@contextmanager
def disk_errors(data: DataDir) -> Iterator[None]:
    """Translate the system's errors about the data folder into errors that say what to do.

    Raises:
        DiskFullError: there is no space left.
        DataDirUnusableError: a file cannot be read or written.
    """
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFullError(data.path) from error
        raise DataDirUnusableError(
            f"cannot use the data folder {data.path}: {error}; choose another one or change its permissions"
        ) from error


def prepare_storage(installation: Installation, data: DataDir) -> str:
    """Initialise the data folder if it is new; return the id of its cluster.

    Raises:
        CorruptDataError: the folder has data but no readable cluster id.
        BrokerStartError: Kafka could not initialise the folder.
    """
    meta = data.kafka_path / META_FILE
    if not meta.exists():
        if any(path.name not in (BOOTSTRAP_FILE, f"{META_FILE}.new") for path in data.kafka_path.iterdir()):
            raise CorruptDataError(data.kafka_path, f"{META_FILE} is missing")
        template = installation.folder / BOOTSTRAP_FILE
        if template.is_file():
            # The same as the format command, without the second that Java takes to start.
            shutil.copyfile(template, data.kafka_path / BOOTSTRAP_FILE)
            lines = {"version": "1", "node.id": "1", "cluster.id": new_id(), "directory.id": new_id()}
            new = data.kafka_path / f"{META_FILE}.new"
            new.write_text("".join(f"{name}={value}\n" for name, value in lines.items()), encoding="ascii")
            new.replace(meta)
        else:
            format_storage(installation, data)
    for line in meta.read_text(encoding="utf-8", errors="replace").splitlines():
        name, _, value = line.partition("=")
        if name == "cluster.id" and value:
            return value
    raise CorruptDataError(data.kafka_path, f"{META_FILE} names no cluster")


def new_id() -> str:
    """Return a random id in Kafka's format; without a leading dash, which its tools would take for an option."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text


def format_storage(installation: Installation, data: DataDir) -> None:
    """Initialise the data folder with Kafka's own tool.

    Raises:
        BrokerStartError: the tool failed.
    """
    command = installation.command(
        "kafka.tools.StorageTool", ["format", "-t", new_id(), "-c", str(data.properties_path)], folder=data.path
    )
    try:
        done = subprocess.run(
            command,
            env=java_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=FORMAT_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BrokerStartError(f"Kafka could not format {data.kafka_path}: {error}") from error
    if done.returncode:
        output = (done.stdout + done.stderr).strip()
        raise BrokerStartError(f"Kafka could not format {data.kafka_path}: {output[-1000:]}")
