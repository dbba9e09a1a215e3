"""How the list of jars is made: Maven resolves OpenSearch and its modules, and each jar is read for its digest."""

import tempfile
from pathlib import Path
from typing import Any

from dateline_broker.lock.lockfile import LockedJar, file_digest

from dateline_sinks.servers.opensearch.lockfile import LIB, PlacedJar, ServerLock

__all__ = ["MODULES", "OPENSEARCH_VERSION", "resolve_server"]

OPENSEARCH_VERSION = "3.8.0"
"""The version that is locked unless a caller names another one."""

CORE = ("opensearch", "opensearch-cli", "opensearch-plugin-classloader", "opensearch-agent-bootstrap")
"""Artifacts of `org.opensearch` that make up a server."""

MODULES = {
    "transport-netty4": "transport-netty4-client",
    "analysis-common": "analysis-common",
    "reindex": "reindex-client",
    "geo": "geo",
}
"""The modules that the tests need, with their artifacts of `org.opensearch.plugin`."""

LOCALES = "com.ibm.icu:icu4j-localespi:77.1"
"""Gives the Java runtime the Thai segmentation that every index asks for; the runtime of the wheel has none."""


def resolve_server(version: str = OPENSEARCH_VERSION) -> ServerLock:
    """Resolve the server and its modules, and download all jars to compute their digests."""
    from jgo.maven import MavenContext, PythonResolver

    with tempfile.TemporaryDirectory() as folder:
        context = MavenContext(resolver=PythonResolver(), repo_cache=Path(folder), timeout=30)

        def closure(*coordinates: str) -> list[Any]:
            wanted = [context.create_dependency(coordinate) for coordinate in coordinates]
            inputs, others = context.resolver.resolve(wanted)
            # Jars with a classifier hold native code that the server has a slower replacement for.
            return [each.artifact for each in inputs + others if not each.artifact.classifier]

        lib = closure(*(f"org.opensearch:{name}:{version}" for name in CORE))
        log = next(each.version for each in lib if each.artifactId == "log4j-api")
        lib.append(context.create_dependency(f"org.apache.logging.log4j:log4j-core:{log}").artifact)
        lib += closure(LOCALES)
        known = {(each.groupId, each.artifactId) for each in lib}
        jars = [_placed(LIB, each) for each in lib]
        for module, artifact in MODULES.items():
            found = closure(f"org.opensearch.plugin:{artifact}:{version}")
            jars += [_placed(module, each) for each in found if (each.groupId, each.artifactId) not in known]
        return ServerLock(jars=tuple(sorted(set(jars), key=str)))


def _placed(place: str, artifact: Any) -> PlacedJar:
    path: Path = artifact.resolve()
    return PlacedJar(
        place=place,
        jar=LockedJar(
            group=artifact.groupId,
            artifact=artifact.artifactId,
            version=artifact.version,
            size=path.stat().st_size,
            sha256=file_digest(path),
        ),
    )
