"""The data folder of a broker: what lies where, and making it ready for Kafka."""

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
from dateline_broker.java import java_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dateline_broker.installation import Installation

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
"""Feature levels of a new cluster, the same for each cluster of one Kafka version."""

META_FILE = "meta.properties"
"""Kafka's identity card of a data folder."""

FORMAT_TIMEOUT_S = 60.0
"""Seconds that formatting may take; 1.5 usually."""


@dataclass(frozen=True, slots=True)
class DataDir:
    """The parts of a data folder; `path` is absolute."""

    path: Path

    @property
    def kafka_path(self) -> Path:
        """Kafka's own data (`log.dirs`)."""
        return self.path / "data"

    @property
    def properties_path(self) -> Path:
        """Kafka's configuration, written anew at each start."""
        return self.path / "server.properties"

    @property
    def log_path(self) -> Path:
        """What the broker logs."""
        return self.path / "logs" / "broker.log"

    @property
    def console_path(self) -> Path:
        """What the Java runtime itself prints."""
        return self.path / "logs" / "console.log"

    @property
    def state_path(self) -> Path:
        """Who runs here."""
        return self.path / "broker.json"

    @property
    def lock_path(self) -> Path:
        """Held by a process that is starting or stopping a broker here."""
        return self.path / "broker.lock"

    def create(self) -> None:
        """Make the folders.

        Raises:
            DataDirUnusableError: they cannot be made or written, or Kafka could not be told their name.
        """
        if any(character in str(self.path) for character in ",\n"):
            raise DataDirUnusableError(
                f"Kafka takes no data folder with a comma or a line break in its path: {self.path}; choose another"
            )
        with disk_errors(self):
            for name in ("", "data", "logs", "tmp"):
                (self.path / name).mkdir(parents=True, exist_ok=True)
            self.lock_path.touch()


def free_bytes(path: Path) -> int:
    """Return the bytes that are free where a folder lies."""
    return shutil.disk_usage(path).free


def clear_temporary(data: DataDir) -> None:
    """Delete the temporary files of a broker that was killed."""
    for path in (data.path / "tmp").iterdir():
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def check_space(data: DataDir, needed_mb: int, free: Callable[[Path], int] = free_bytes) -> None:
    """Look whether there is room for a broker's data.

    Raises:
        DiskFullError: there is not.
    """
    found = free(data.path) // 1_000_000
    if found < needed_mb:
        raise DiskFullError(data.path, found, needed_mb)


@contextmanager
def disk_errors(data: DataDir) -> Iterator[None]:
    """Turn what the system says of the data folder into errors that say what to do.

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
            f"cannot use the data folder {data.path}: {error}; choose another or change its rights"
        ) from error


def prepare_storage(installation: Installation, data: DataDir) -> str:
    """Give a new data folder an identity and return the cluster's id.

    Raises:
        CorruptDataError: there is data without a readable identity.
    """
    meta = data.kafka_path / META_FILE
    if not meta.exists():
        if any(path.name not in (BOOTSTRAP_FILE, f"{META_FILE}.new") for path in data.kafka_path.iterdir()):
            raise CorruptDataError(data.kafka_path, f"{META_FILE} is missing")
        template = installation.folder / BOOTSTRAP_FILE
        if template.is_file():
            # What the format command does, without the second that Java takes for it.
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
    """Return a random id as Kafka writes them; never with a leading dash, which its tools take for an option."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text


def format_storage(installation: Installation, data: DataDir) -> None:
    """Let Kafka's own tool give the data folder an identity.

    Raises:
        BrokerStartError: the tool failed.
    """
    command = installation.java.command(
        "kafka.tools.StorageTool",
        ["format", "-t", new_id(), "-c", str(data.properties_path)],
        jars=installation.jars,
        folder=data.path,
        options=installation.java_options,
    )
    try:
        done = subprocess.run(
            command,
            env=java_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=FORMAT_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BrokerStartError(f"Kafka could not format {data.kafka_path}: {error}") from error
    if done.returncode:
        output = (done.stdout + done.stderr).strip()
        raise BrokerStartError(f"Kafka could not format {data.kafka_path}: {output[-1000:]}")
