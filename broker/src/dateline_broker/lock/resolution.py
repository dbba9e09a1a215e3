"""How the list of jars is made: Maven resolves Kafka's dependencies, and each jar is downloaded for its digest."""

from __future__ import annotations

import tempfile
from pathlib import Path

from dateline_broker.lock.lockfile import KAFKA, Lock, LockedJar, file_digest

__all__ = ["KAFKA_LINE", "resolve_lock"]

KAFKA_LINE = "4.2"
"""The release line whose newest version is locked.

From 4.3.0 on, a broker that is killed between the decision to commit a transaction and its markers completes the
transaction without writing them (KAFKA-20734), so records become visible twice.
"""

LOG_BINDING = ("org.apache.logging.log4j", "log4j-slf4j-impl")
"""Passes Kafka's log messages (SLF4J 1.7) to the Log4j that Kafka depends on; it has the same version as Log4j."""


def resolve_lock(kafka_version: str | None = None) -> Lock:
    """Resolve Kafka's dependencies and download all jars to compute their digests.

    The log binding is added without its dependencies: resolved together with Kafka, it would change the versions
    of some of Kafka's own dependencies.

    Args:
        kafka_version: a version of Kafka; the newest of the release line if None.
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
