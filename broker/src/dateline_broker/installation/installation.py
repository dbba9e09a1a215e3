"""A Kafka in the cache that is ready to be started."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from dateline_broker.settings import DEFAULT_HEAP_MB

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dateline_broker.process.java import Java

__all__ = ["CACHE_VARIABLE", "Installation", "default_cache_dir"]

CACHE_VARIABLE = "EMBEDDED_KAFKA_CACHE"
"""The environment variable that names another cache folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A Kafka that is ready to be started.

    Attributes:
        folder: its folder in the cache.
        kafka_version: version of Apache Kafka.
        java: the Java runtime that runs it.
        jars: the class path.
        aot: the ahead-of-time cache, or None if it could not be made.
    """

    folder: Path
    kafka_version: str
    java: Java
    jars: tuple[Path, ...]
    aot: Path | None = None

    def command(
        self,
        main_class: str,
        arguments: Sequence[str],
        *,
        folder: Path,
        heap_mb: int = DEFAULT_HEAP_MB,
        options: Sequence[str] = (),
    ) -> list[str]:
        """Return the command line of one of Kafka's programs, which uses the ahead-of-time cache if there is one.

        Args:
            main_class: the program to run.
            arguments: its arguments.
            folder: data folder that receives its logs and temporary files.
            heap_mb: the largest heap.
            options: further options of the Java runtime.
        """
        cache = () if self.aot is None else (f"-XX:AOTCache={self.aot}",)
        return self.java.command(
            main_class, arguments, jars=self.jars, folder=folder, heap_mb=heap_mb, options=(*cache, *options)
        )


def default_cache_dir() -> Path:
    """Return the folder that keeps the jars unless a caller names another one."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else platformdirs.user_cache_path("dateline-broker")
