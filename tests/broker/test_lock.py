from __future__ import annotations

import hashlib
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from dateline_broker.installation.download import fetch_all
from dateline_broker.lock.__main__ import main
from dateline_broker.lock.lockfile import LOCK_PATH, read_lock
from dateline_broker.lock.resolution import resolve_lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KAFKA_VERSIONS = ("4.1.9", "4.2.2", "4.2.10", "4.3.0")

POM = """<project><modelVersion>4.0.0</modelVersion>
<groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>
<dependencies>{dependencies}</dependencies></project>"""

DEPENDENCY = """<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId>
<version>{version}</version></dependency>"""

LOG4J = "org.apache.logging.log4j"


class Registry(SimpleHTTPRequestHandler):
    """A Maven registry that is busy at first."""

    busy: set[str]

    def do_GET(self) -> None:
        if self.path in self.busy:
            self.busy.discard(self.path)
            self.send_error(503)
            return
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def publish(root: Path, group: str, artifact: str, version: str, needs: str = "") -> None:
    folder = root / group.replace(".", "/") / artifact / version
    folder.mkdir(parents=True)
    stem = f"{artifact}-{version}"
    pom = POM.format(group=group, artifact=artifact, version=version, dependencies=needs)
    (folder / f"{stem}.pom").write_text(pom)
    (folder / f"{stem}.jar").write_bytes(f"jar of {stem}".encode())


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Registry]]:
    root = tmp_path / "registry"
    core = DEPENDENCY.format(group=LOG4J, artifact="log4j-core", version="2.25.5")
    for version in KAFKA_VERSIONS:
        publish(root, "org.apache.kafka", "kafka_2.13", version, core)
    versions = "".join(f"<version>{version}</version>" for version in KAFKA_VERSIONS)
    (root / "org/apache/kafka/kafka_2.13/maven-metadata.xml").write_text(
        "<metadata><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId>"
        f"<versioning><versions>{versions}</versions></versioning></metadata>"
    )
    publish(root, LOG4J, "log4j-core", "2.25.5")
    publish(root, LOG4J, "log4j-slf4j-impl", "2.25.5")
    handler = type("BusyRegistry", (Registry,), {"busy": set()})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(root))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        from jgo.maven import _core

        monkeypatch.setitem(_core.DEFAULT_REMOTE_REPOS, "central", f"http://127.0.0.1:{server.server_address[1]}")
        yield handler
        server.shutdown()
        thread.join()


@pytest.mark.usefixtures("registry")
def test_lock_has_the_newest_kafka_of_its_line_and_the_log_binding_of_the_same_log4j() -> None:
    lock = resolve_lock()
    assert [jar.coordinate for jar in lock.jars] == [
        "org.apache.kafka:kafka_2.13:4.2.10",
        "org.apache.logging.log4j:log4j-core:2.25.5",
        "org.apache.logging.log4j:log4j-slf4j-impl:2.25.5",
    ]
    content = b"jar of kafka_2.13-4.2.10"
    assert lock.jars[0].size == len(content)
    assert lock.jars[0].sha256 == hashlib.sha256(content).hexdigest()


def test_jars_are_downloaded_from_the_registry_of_the_resolver(registry: type[Registry], tmp_path: Path) -> None:
    lock = resolve_lock("4.2.2")
    folder = tmp_path / "jars"
    folder.mkdir()
    registry.busy.add("/org/apache/kafka/kafka_2.13/4.2.2/kafka_2.13-4.2.2.jar")
    counted: list[int] = []
    fetch_all(lock.jars, folder, counted.append, pause=lambda _seconds: None)
    assert sum(counted) == lock.size
    assert registry.busy == set()
    assert sorted(path.name for path in folder.iterdir()) == sorted(jar.file_name for jar in lock.jars)


@pytest.mark.usefixtures("registry")
def test_lock_command_writes_the_list_and_checks_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "kafka.lock"
    assert main(["--check", "--output", str(output)]) == 1
    assert main(["--kafka", "4.2.2", "--output", str(output)]) == 0
    assert read_lock(output).kafka_version == "4.2.2"
    assert main(["--check", "--output", str(output)]) == 1
    assert main(["--check", "--kafka", "4.2.2", "--output", str(output)]) == 0
    assert "Apache Kafka 4.2.2: 3 jars, 0 MB" in capsys.readouterr().out


def test_released_lock_is_written_as_it_was_read() -> None:
    lock = read_lock()
    assert str(lock) == LOCK_PATH.read_text()
    assert lock.kafka_version.startswith("4.2.")
    assert len({jar.file_name for jar in lock.jars}) == len(lock.jars)


@pytest.mark.parametrize("line", ["a:b:1 12", "a:b 12 sha256:00", "a:b:1 many sha256:00", "a:b:1 12 md5:00"])
def test_invalid_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "kafka.lock"
    path.write_text(f"# comment\n\n{line}\n")
    with pytest.raises(ValueError, match=r"line 3: .* is no locked jar"):
        read_lock(path)


def test_digest_of_the_list_changes_with_any_jar() -> None:
    from dataclasses import replace

    lock = read_lock()
    other = replace(lock, jars=(replace(lock.jars[0], sha256="0" * 64), *lock.jars[1:]))
    assert other.digest != lock.digest
