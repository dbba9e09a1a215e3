from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from dateline_broker import (
    BrokerConfigError,
    DataDirUnusableError,
    DiskFullError,
    DownloadError,
    Installation,
    install,
)
from dateline_broker.installation.download import ATTEMPTS, fetch_all
from dateline_broker.installation.installation import CACHE_VARIABLE, default_cache_dir
from dateline_broker.lock.lockfile import LOCK_VARIABLE, Lock, LockedJar, read_lock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.recorded_progress import RecordedProgress

LOCK = read_lock()


class Shelf:
    """Fetches jars from the real installation, and counts them."""

    def __init__(self, installed: Installation) -> None:
        self._folder = installed.folder / "jars"
        self._lock = threading.Lock()
        self.fetched: list[str] = []
        self.faults: list[Callable[[Path], object]] = []

    def __call__(self, jar: LockedJar, folder: Path, advance: Callable[[int], None]) -> Path:
        target = folder / jar.file_name
        shutil.copyfile(self._folder / jar.file_name, target)
        advance(jar.size)
        with self._lock:
            self.fetched.append(jar.file_name)
            fault = self.faults.pop(0) if self.faults else None
        if fault:
            fault(target)
        return target


@pytest.fixture
def shelf(installed: Installation) -> Shelf:
    return Shelf(installed)


def unreachable(_path: Path) -> None:
    raise ConnectionError("the network is unreachable")


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def altered(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)


def full(_path: Path) -> None:
    raise OSError(28, "No space left on device")


def no_advance(_amount: int) -> None:
    pass


def no_pause(_seconds: float) -> None:
    pass


def test_missing_jars_are_downloaded_once_and_then_reused(
    tmp_path: Path, shelf: Shelf, progress: RecordedProgress
) -> None:
    first = install(tmp_path, aot=False, progress=progress, fetch=shelf)
    second = install(tmp_path, aot=False, progress=progress, fetch=shelf)
    assert first == second
    assert sorted(shelf.fetched) == sorted(jar.file_name for jar in LOCK.jars)
    assert progress.steps == [f"Downloading Apache Kafka {LOCK.kafka_version} (46 jars, 45 MB)"]
    assert progress.amount == LOCK.size
    assert first.kafka_version == LOCK.kafka_version
    assert all(path.is_file() for path in first.jars)


def test_concurrent_installations_download_each_jar_once(tmp_path: Path, shelf: Shelf) -> None:
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _: install(tmp_path, aot=False, fetch=shelf), range(2)))
    assert results[0] == results[1]
    assert len(shelf.fetched) == len(LOCK.jars)


@pytest.mark.parametrize("damage", [truncated, altered])
def test_damaged_jar_is_downloaded_again(cache_copy: Path, shelf: Shelf, damage: Callable[[Path], object]) -> None:
    jar = next((cache_copy / f"kafka-{LOCK.kafka_version}-{LOCK.digest}" / "jars").glob("lz4*"))
    install(cache_copy, aot=False, fetch=shelf)
    content = jar.read_bytes()
    jar.unlink()  # It is a hard link to the real one.
    jar.write_bytes(content)
    damage(jar)
    install(cache_copy, aot=False, fetch=shelf)
    assert shelf.fetched == [jar.name]
    assert jar.read_bytes() == content


def test_full_check_finds_damage_that_kept_size_and_time(cache_copy: Path, shelf: Shelf) -> None:
    import os

    jar = next((cache_copy / f"kafka-{LOCK.kafka_version}-{LOCK.digest}" / "jars").glob("lz4*"))
    install(cache_copy, aot=False, fetch=shelf)
    content, times = jar.read_bytes(), (jar.stat().st_atime_ns, jar.stat().st_mtime_ns)
    jar.unlink()
    jar.write_bytes(content)
    altered(jar)
    os.utime(jar, ns=times)
    install(cache_copy, aot=False, fetch=shelf)
    assert shelf.fetched == []
    install(cache_copy, aot=False, full_check=True, fetch=shelf)
    assert shelf.fetched == [jar.name]


@pytest.mark.parametrize("fault", [unreachable, truncated, altered])
def test_failed_download_is_retried(tmp_path: Path, shelf: Shelf, fault: Callable[[Path], object]) -> None:
    counted: list[int] = []
    pauses: list[float] = []
    shelf.faults = [fault, fault]
    fetch_all(LOCK.jars[:1], tmp_path, counted.append, fetch=shelf, pause=pauses.append)
    assert sum(counted) == LOCK.jars[0].size
    assert pauses == [0.5, 1.0]
    assert [path.name for path in tmp_path.iterdir()] == [LOCK.jars[0].file_name]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [(unreachable, "network is unreachable"), (truncated, "bytes, .* are locked"), (altered, "SHA-256 .* is locked")],
)
def test_jar_that_cannot_be_downloaded_is_named_with_what_to_do(
    tmp_path: Path, shelf: Shelf, fault: Callable[[Path], object], reason: str
) -> None:
    shelf.faults = [fault] * ATTEMPTS
    with pytest.raises(DownloadError, match=rf"could not download at\.yawk.*{reason}.*HTTPS_PROXY.*are kept"):
        fetch_all(LOCK.jars[:1], tmp_path, no_advance, fetch=shelf, pause=no_pause)
    assert list(tmp_path.iterdir()) == []


def test_full_disk_is_not_taken_for_a_bad_network(tmp_path: Path, shelf: Shelf) -> None:
    shelf.faults = [full]
    with pytest.raises(DiskFullError):
        fetch_all(LOCK.jars[:1], tmp_path, no_advance, fetch=shelf, pause=no_pause)


def test_interrupted_installation_resumes(tmp_path: Path, shelf: Shelf) -> None:
    two = Lock(jars=tuple(jar for jar in LOCK.jars if jar.artifact in ("kafka_2.13", "lz4-java")))
    shelf.faults.extend([unreachable] * 2 * ATTEMPTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dateline_broker.installation.download.BACKOFF_SECONDS", 0)
        with pytest.raises(DownloadError):
            install(tmp_path, aot=False, lock=two, fetch=shelf)
    shelf.faults = []
    done = install(tmp_path, aot=False, lock=Lock(jars=two.jars), fetch=shelf)
    assert [path.name for path in done.jars] == [jar.file_name for jar in two.jars]


def test_environment_variable_names_the_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(CACHE_VARIABLE, raising=False)
    assert default_cache_dir().name == "dateline-broker"
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    assert default_cache_dir() == tmp_path


def test_environment_variable_names_another_list_of_jars(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shelf: Shelf
) -> None:
    lock = Lock(jars=tuple(jar for jar in LOCK.jars if jar.group == "org.apache.kafka"))
    other = tmp_path / "other.lock"
    other.write_text(str(lock))
    monkeypatch.setenv(LOCK_VARIABLE, str(other))
    done = install(tmp_path / "cache", aot=False, fetch=shelf)
    assert done.folder.name == f"kafka-{lock.kafka_version}-{lock.digest}"
    assert [path.name for path in done.jars] == [jar.file_name for jar in lock.jars]


@pytest.mark.parametrize("text", [None, "no list\n"])
def test_unreadable_list_of_jars_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str | None) -> None:
    other = tmp_path / "other.lock"
    if text is not None:
        other.write_text(text)
    monkeypatch.setenv(LOCK_VARIABLE, str(other))
    with pytest.raises(BrokerConfigError, match=rf"other\.lock.*{LOCK_VARIABLE}"):
        install(tmp_path / "cache", aot=False)


def test_cache_folder_that_cannot_be_created_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataDirUnusableError, match=CACHE_VARIABLE):
        install(tmp_path / "file", aot=False)
