"""The locked list of jars that an installation consists of."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

__all__ = ["KAFKA", "LOCK_PATH", "LOCK_VARIABLE", "Lock", "LockedJar", "file_digest", "read_lock"]

LOCK_PATH = Path(__file__).with_name("kafka.lock")
"""The list that this package was released with."""

LOCK_VARIABLE = "EMBEDDED_KAFKA_LOCK"
"""The environment variable that names another list, to try another Kafka."""

KAFKA = ("org.apache.kafka", "kafka_2.13")
"""The artifact whose dependencies make up a broker."""

HEADER = """\
# Apache Kafka and all that it needs: Maven coordinate, size in bytes, SHA-256.
# Made by: python -m dateline_broker.lock
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedJar:
    """One jar of the list.

    Attributes:
        size: size of the file in bytes.
        sha256: hexadecimal digest of the file.
    """

    group: str
    artifact: str
    version: str
    size: int
    sha256: str

    @property
    def coordinate(self) -> str:
        """`group:artifact:version`."""
        return f"{self.group}:{self.artifact}:{self.version}"

    @property
    def file_name(self) -> str:
        """The jar's name in the cache; unique, since Maven resolves one version per artifact."""
        return f"{self.artifact}-{self.version}.jar"

    def __str__(self) -> str:
        return f"{self.coordinate} {self.size} sha256:{self.sha256}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The whole list, sorted by coordinate."""

    jars: tuple[LockedJar, ...]

    @property
    def kafka_version(self) -> str:
        """The version of Apache Kafka that the list installs."""
        return next(jar.version for jar in self.jars if (jar.group, jar.artifact) == KAFKA)

    @property
    def size(self) -> int:
        """Size of all jars in bytes."""
        return sum(jar.size for jar in self.jars)

    @property
    def digest(self) -> str:
        """A short digest of the list, which names its folder in the cache."""
        return hashlib.sha256("\n".join(map(str, self.jars)).encode()).hexdigest()[:12]

    def __str__(self) -> str:
        return HEADER + "".join(f"{jar}\n" for jar in self.jars)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_lock(path: Path | None = None) -> Lock:
    """Read a list of jars: from `path`, else from `EMBEDDED_KAFKA_LOCK`, else the list in the package.

    Raises:
        OSError: the list cannot be read.
        ValueError: a line is not `group:artifact:version size sha256:digest`.
    """
    path = path or Path(os.environ.get(LOCK_VARIABLE) or LOCK_PATH)
    jars = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            coordinate, size, digest = line.split()
            group, artifact, version = coordinate.split(":")
            if not digest.startswith("sha256:"):
                raise ValueError(digest)
            jars.append(
                LockedJar(
                    group=group,
                    artifact=artifact,
                    version=version,
                    size=int(size),
                    sha256=digest.removeprefix("sha256:"),
                )
            )
        except ValueError as error:
            raise ValueError(f"{path}, line {number}: {line!r} is no locked jar") from error
    return Lock(jars=tuple(jars))
