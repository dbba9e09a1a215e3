"""The files of a server: downloaded once, verified, and laid out as OpenSearch expects them."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from dateline_broker.exclusion import exclusive
from dateline_broker.installation.download import fetch_all
from dateline_broker.installation.jars import matches
from dateline_broker.process.java import Java, find_java
from dateline_broker.progress import NoProgress

from dateline_sinks.servers.opensearch.lockfile import LIB, ServerLock, read_server_lock

__all__ = ["ServerFiles", "install_server"]

PLUGINS = {
    "analysis-common": "org.opensearch.analysis.common.CommonAnalysisModulePlugin",
    "geo": "org.opensearch.geo.GeoModulePlugin",
    "reindex": "org.opensearch.index.reindex.ReindexModulePlugin",
    "transport-netty4": "org.opensearch.transport.Netty4ModulePlugin",
}
"""The class that each module begins with."""

DESCRIPTOR = """\
description={name}
version={version}
name={name}
classname={classname}
java.version=21
opensearch.version={version}
has.native.controller=false
extended.plugins=
"""
"""The file `plugin-descriptor.properties` of a module."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFiles:
    """An OpenSearch that can be started.

    Attributes:
        folder: has the folders `lib` and `modules`; all servers share it.
        version: version of OpenSearch.
        java: the runtime that runs it.
    """

    folder: Path
    version: str
    java: Java


def install_server(cache_dir: Path | None = None, advance: Callable[[int], None] = lambda _: None) -> ServerFiles:
    """Download and verify what is missing (63 MB at first), and return the installation.

    Args:
        cache_dir: folder that keeps the jars; None means the user's cache folder.
        advance: called with the number of bytes just received.

    Raises:
        BrokerError: a jar could not be downloaded, or there is no Java for this platform.
    """
    java, lock = find_java(), read_server_lock()
    cache = (cache_dir or platformdirs.user_cache_path("dateline-opensearch")).absolute()
    folder = cache / f"opensearch-{lock.version}-{lock.digest}"
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with exclusive(cache / "install.lock", waiting_for="downloading OpenSearch", progress=NoProgress()):
            if not folder.is_dir():
                _lay_out(lock, cache / "jars", folder, advance)
    return ServerFiles(folder=folder, version=lock.version, java=java)


def _lay_out(lock: ServerLock, jars: Path, folder: Path, advance: Callable[[int], None]) -> None:
    jars.mkdir(exist_ok=True)
    missing = [each.jar for each in lock.jars if not matches(jars / each.jar.file_name, each.jar)]
    fetch_all(missing, jars, advance)
    new = folder.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    for each in lock.jars:
        place = new / LIB if each.place == LIB else new / "modules" / each.place
        place.mkdir(parents=True, exist_ok=True)
        (place / each.jar.file_name).hardlink_to(jars / each.jar.file_name)
    for name in lock.modules:
        descriptor = DESCRIPTOR.format(name=name, version=lock.version, classname=PLUGINS[name])
        (new / "modules" / name / "plugin-descriptor.properties").write_text(descriptor)
    new.rename(folder)
