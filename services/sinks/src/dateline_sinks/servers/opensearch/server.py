"""A real OpenSearch for tests, which may be stopped, killed and started again on the same data."""

import json
import shutil
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from dateline.errors import DatelineError
from dateline_broker.ports import HOST, free_ports
from dateline_broker.process.guarded import GuardedProcess, spawn_guarded
from dateline_broker.process.java import RUNTIME_OPTIONS

from dateline_sinks.servers.opensearch.installation import ServerFiles, install_server

__all__ = ["OpenSearchServer", "OpenSearchServerError"]

START_TIMEOUT_SECONDS = 120.0
"""A server that is not ready after this many seconds has failed."""

STOP_TIMEOUT_SECONDS = 20.0
"""A server that has not ended after this many seconds is killed."""

POLL_SECONDS = 0.05
"""Seconds between two attempts to connect to a server that is starting."""

CONFIGURATION = """\
cluster.name: tests
node.name: node
network.host: 127.0.0.1
http.port: {http}
transport.port: {transport}
discovery.type: single-node
cluster.routing.allocation.disk.threshold_enabled: false
bootstrap.system_call_filter: false
"""
"""The file `opensearch.yml`."""

LOGGING = """\
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""
"""The file `log4j2.properties`."""

OPTIONS = (
    "-Xms64m",
    "-Xmx512m",
    *RUNTIME_OPTIONS,
    "--enable-native-access=ALL-UNNAMED",
    "-Djava.locale.providers=CLDR,SPI",
    # Without its native library, JNA cannot tell the server that root runs it, which OpenSearch refuses.
    "-Djna.nosys=true",
    "-Djna.nounpack=true",
    "-Dopensearch.distribution.type=tar",
)
"""Options of the Java runtime."""


class OpenSearchServerError(DatelineError):
    """The server cannot be started; the message has the end of its log."""


class OpenSearchServer:
    """A server with one node and a data folder of its own, which ends with this process.

    Attributes:
        url: its address; the same after each start.
    """

    def __init__(self, files: ServerFiles | None = None) -> None:
        """Take free ports, and create the data folder."""
        self._files = files or install_server()
        self._home = Path(tempfile.mkdtemp(prefix="dateline-opensearch-"))
        self._process: GuardedProcess | None = None
        http, transport = free_ports(2)
        self.url = f"http://{HOST}:{http}"
        for name in ("bin", "config", "plugins", "data", "logs"):
            (self._home / name).mkdir()
        for name in ("lib", "modules"):
            (self._home / name).symlink_to(self._files.folder / name)
        (self._home / "config/opensearch.yml").write_text(CONFIGURATION.format(http=http, transport=transport))
        (self._home / "config/log4j2.properties").write_text(LOGGING)

    @property
    def log(self) -> str:
        """What the server has written since its last start."""
        path = self._home / "logs/console.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self) -> Self:
        """Start the server, and wait until its shards are ready.

        Raises:
            OpenSearchServerError: it has ended, or is not ready in time.
        """
        home = self._home
        command = [
            str(self._files.java.path),
            *OPTIONS,
            f"-Djava.io.tmpdir={home / 'logs'}",
            f"-Dopensearch.path.home={home}",
            f"-Dopensearch.path.conf={home / 'config'}",
            "-cp",
            f"{home / 'lib'}/*",
            "org.opensearch.bootstrap.OpenSearch",
        ]
        process = self._process = spawn_guarded(command, output=home / "logs/console.log")
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while not self._is_ready():
            if not process.is_alive or time.monotonic() > deadline:
                process.kill()
                raise OpenSearchServerError(f"OpenSearch is not ready; its log ends with: {self.log[-2000:]}")
            time.sleep(POLL_SECONDS)
        return self

    def stop(self) -> None:
        """Stop the server; the data stay."""
        if self._process is not None:
            self._process.stop(STOP_TIMEOUT_SECONDS)
            self._process = None

    def kill(self) -> None:
        """Kill the server, which cannot clean up; the data stay."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def close(self) -> None:
        """Kill the server and delete its data."""
        self.kill()
        shutil.rmtree(self._home, ignore_errors=True)

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _is_ready(self) -> bool:
        """Return whether all primary shards answer; the server answers before they have recovered."""
        try:
            with urllib.request.urlopen(f"{self.url}/_cluster/health", timeout=10) as answer:
                health = json.load(answer)
        except (OSError, ValueError, urllib.error.URLError):
            return False
        return health["status"] in ("yellow", "green")
