"""The ahead-of-time cache, which halves the start time; a training run of a broker makes it."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from dateline_broker.errors import BrokerError
from dateline_broker.exclusion import exclusive
from dateline_broker.node.configuration import BrokerPorts, server_properties
from dateline_broker.node.readiness import await_ready
from dateline_broker.node.storage import BOOTSTRAP_FILE, DataDir, format_storage
from dateline_broker.ports import free_ports
from dateline_broker.process.guarded import spawn_guarded
from dateline_broker.process.java import RUNTIME_OPTIONS
from dateline_broker.settings import BrokerSettings

if TYPE_CHECKING:
    from dateline_broker.installation.installation import Installation
    from dateline_broker.progress import Progress

__all__ = ["aot_cache"]

CREATION_TIMEOUT_SECONDS = 180.0
"""Java must write the cache within this many seconds when the training run stops; it takes 8 s on two idle cores."""

KEPT = 3
"""Number of caches to keep; each Java runtime, and so each virtual environment, has its own."""


def aot_cache(installation: Installation, progress: Progress, *, retry: bool = False) -> Path | None:
    """Return the cache for this Kafka on this Java; make it if it is missing.

    A failure is recorded in a file beside the cache and not retried: the broker then starts without a cache, in 3 s
    instead of 1.3 s.

    Args:
        installation: the Kafka to make the cache for.
        progress: shows the step.
        retry: retry even if an earlier attempt failed.

    Returns:
        path of the cache, or None if it could not be made.
    """
    path = installation.folder / f"{aot_key(installation)}.aot"
    note = path.with_suffix(".failed")
    if path.is_file():
        return path
    if retry:
        note.unlink(missing_ok=True)
    if note.is_file():
        return None
    with exclusive(installation.folder / "aot.lock", waiting_for="preparing Kafka's fast start", progress=progress):
        if path.is_file():
            return path
        if note.is_file():
            return None
        try:
            with progress.step("Preparing Kafka's fast start (once)"):
                train(installation, path)
        except (BrokerError, OSError) as error:
            note.write_text(f"{error}\n")
            return None
        prune(installation.folder)
    return path


def aot_key(installation: Installation) -> str:
    """Return a name that changes with the Java runtime and the jars, since Java rejects a cache made for others."""
    parts = [installation.java.fingerprint, *RUNTIME_OPTIONS]
    for jar in installation.jars:
        status = jar.stat()
        parts.append(f"{jar} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def train(installation: Installation, target: Path) -> None:
    """Start and stop a broker so that Java writes the cache, and keep a template for new data folders.

    Raises:
        BrokerError: the broker did not start, or Java wrote no cache.
    """
    with tempfile.TemporaryDirectory(dir=installation.folder, prefix=".train-") as name:
        data = DataDir(Path(name))
        data.create()
        settings = BrokerSettings(data_dir=data.path)
        port, controller = free_ports(2)
        ports = BrokerPorts(client=port, controller=controller)
        data.properties_path.write_text(server_properties(settings, ports, data), encoding="ascii")
        format_storage(installation, data)
        template = installation.folder / BOOTSTRAP_FILE
        shutil.copyfile(data.kafka_path / BOOTSTRAP_FILE, template.with_suffix(".new"))
        template.with_suffix(".new").replace(template)
        made = data.path / "made.aot"
        command = installation.command(
            "kafka.Kafka", [str(data.properties_path)], folder=data.path, options=[f"-XX:AOTCacheOutput={made}"]
        )
        process = spawn_guarded(command, output=data.console_path)
        try:
            await_ready(process, data, since=0, timeout_seconds=settings.start_timeout_seconds, port=port)
        except BaseException:
            process.kill()
            raise
        process.stop(CREATION_TIMEOUT_SECONDS)
        if not made.is_file():
            raise BrokerError(f"Java wrote no AOT cache: {data.console_path.read_text(errors='replace')[-500:]}")
        made.replace(target)


def prune(folder: Path) -> None:
    """Delete the oldest caches."""
    caches = sorted(folder.glob("*.aot"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in caches[KEPT:]:
        path.unlink(missing_ok=True)
