"""The locked list of jars that an OpenSearch server consists of."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from dateline_broker.lock.lockfile import LockedJar

__all__ = ["LIB", "SERVER_LOCK_PATH", "PlacedJar", "ServerLock", "read_server_lock"]

SERVER_LOCK_PATH = Path(__file__).with_name("opensearch.lock")
"""The list of this package."""

LIB = "lib"
"""The place of the jars that are on the server's class path; the others belong to the module that is their place."""

HEADER = """\
# OpenSearch and all that it needs: module, Maven coordinate, size in bytes, SHA-256.
# Made by: python -m dateline_sinks.servers.opensearch
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedJar:
    """A jar and the part of the server that it belongs to: `lib` or the name of a module."""

    place: str
    jar: LockedJar

    def __str__(self) -> str:
        return f"{self.place} {self.jar}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerLock:
    """The whole list, sorted by place and coordinate."""

    jars: tuple[PlacedJar, ...]

    @property
    def version(self) -> str:
        """The version of OpenSearch."""
        server = ("org.opensearch", "opensearch")
        return next(each.jar.version for each in self.jars if (each.jar.group, each.jar.artifact) == server)

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules, in order."""
        return tuple(sorted({each.place for each in self.jars} - {LIB}))

    @property
    def digest(self) -> str:
        """A short digest of the list, which names its folder in the cache."""
        return hashlib.sha256(str(self).encode()).hexdigest()[:12]

    def __str__(self) -> str:
        return HEADER + "".join(f"{each}\n" for each in self.jars)


def read_server_lock(path: Path = SERVER_LOCK_PATH) -> ServerLock:
    """Read a list of jars."""
    jars = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        place, coordinate, size, digest = line.split()
        group, artifact, version = coordinate.split(":")
        locked = LockedJar(
            group=group, artifact=artifact, version=version, size=int(size), sha256=digest.removeprefix("sha256:")
        )
        jars.append(PlacedJar(place=place, jar=locked))
    return ServerLock(jars=tuple(jars))
