"""The locked list of jars: what an installation consists of, and how the list is made."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LOCK_PATH", "LOCK_VARIABLE", "Lock", "LockedJar", "file_digest", "main", "read_lock", "resolve_lock"]

LOCK_PATH = Path(__file__).with_name("kafka.lock")
"""The list that this package was released with."""

LOCK_VARIABLE = "EMBEDDED_KAFKA_LOCK"
"""The environment variable that names another list, to try another Kafka; the released one stays as it is."""

KAFKA = ("org.apache.kafka", "kafka_2.13")
"""The artifact whose dependencies make a broker."""

KAFKA_LINE = "4.2"
"""The release line to take the newest version of.

From 4.3.0 on a broker that is killed between the decision to commit a transaction and its markers completes
the transaction without writing them (KAFKA-20734), so records become visible twice.
"""

LOG_BINDING = ("org.apache.logging.log4j", "log4j-slf4j-impl")
"""What carries Kafka's messages (SLF4J 1.7) to the Log4j that Kafka depends on; of the same version as that."""

HEADER = """\
# Apache Kafka and all that it needs: Maven coordinate, size in bytes, SHA-256.
# Made by: python -m dateline_broker.lock
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedJar:
    """One jar of the list.

    Attributes:
        size: in bytes.
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
        """The jar's name in the cache; unique, since Maven allows one version of an artifact."""
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
        """All jars together, in bytes."""
        return sum(jar.size for jar in self.jars)

    @property
    def digest(self) -> str:
        """Changes with every change of the list."""
        return hashlib.sha256("\n".join(map(str, self.jars)).encode()).hexdigest()[:12]

    def __str__(self) -> str:
        return HEADER + "".join(f"{jar}\n" for jar in self.jars)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_lock(path: Path | None = None) -> Lock:
    """Read a list of jars: that of `path`, else of `EMBEDDED_KAFKA_LOCK`, else the one in the package.

    Raises:
        OSError: it cannot be read.
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


def resolve_lock(kafka_version: str | None = None) -> Lock:
    """Resolve Kafka's dependencies anew and download all jars to take their digests.

    The binding for the log is added without its dependencies: resolved together with Kafka, it would pull some
    of Kafka's own dependencies to other versions.

    Args:
        kafka_version: a version of Kafka; the newest of the release line by default.
    """
    from jgo.maven import MavenContext, PythonResolver, compare_versions

    with tempfile.TemporaryDirectory() as folder:
        context = MavenContext(resolver=PythonResolver(), repo_cache=Path(folder), timeout=30)
        if kafka_version is None:
            project = context.project(*KAFKA)
            project.update()
            for known in project.metadata.versions:
                if known.startswith(f"{KAFKA_LINE}.") and (
                    kafka_version is None or compare_versions(known, kafka_version) > 0
                ):
                    kafka_version = known
        inputs, others = context.resolver.resolve([context.create_dependency(":".join((*KAFKA, str(kafka_version))))])
        artifacts = [dependency.artifact for dependency in inputs + others]
        log_version = next(a.version for a in artifacts if a.artifactId == "log4j-core")
        artifacts.append(context.create_dependency(":".join((*LOG_BINDING, log_version))).artifact)
        jars = []
        for artifact in artifacts:
            path = artifact.resolve()
            jars.append(
                LockedJar(
                    group=artifact.groupId,
                    artifact=artifact.artifactId,
                    version=artifact.version,
                    size=path.stat().st_size,
                    sha256=file_digest(path),
                )
            )
    return Lock(jars=tuple(sorted(jars, key=lambda jar: jar.coordinate)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the list anew, or with `--check` say whether it is still what Maven resolves."""
    parser = argparse.ArgumentParser(prog="python -m dateline_broker.lock", description=main.__doc__)
    parser.add_argument("--kafka", metavar="VERSION", help=f"default: the newest {KAFKA_LINE}")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the list would change")
    parser.add_argument("--output", type=Path, default=LOCK_PATH, help="default: the list in the package")
    options = parser.parse_args(arguments)
    lock = resolve_lock(options.kafka)
    if options.check:
        current = options.output.is_file() and str(lock) == options.output.read_text(encoding="utf-8")
        print(f"Apache Kafka {lock.kafka_version}: {'unchanged' if current else 'the list would change'}")
        return 0 if current else 1
    options.output.write_text(str(lock), encoding="utf-8")
    print(f"Apache Kafka {lock.kafka_version}: {len(lock.jars)} jars, {lock.size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
