from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from dateline_broker import BrokerSettings, Installation, install, start_broker
from dateline_broker.node.aot import KEPT, aot_cache, aot_key, prune
from dateline_broker.ports import free_ports

if TYPE_CHECKING:
    from pathlib import Path

    from support.recorded_progress import RecordedProgress


JAVA = """#!/bin/sh
# Does what a training run needs of Java.
for argument; do
  case $argument in
    -Dkafka.logs.dir=*) logs=${argument#*=} ;;
    -XX:AOTCacheOutput=*) made=${argument#*=} ;;
    kafka.tools.StorageTool) exec touch "$logs/../data/bootstrap.checkpoint" ;;
  esac
done
trap 'WHEN_STOPPED; exit 143' TERM
echo 'Kafka Server started' >> "$logs/broker.log"
while :; do sleep 0.05; done
"""


def substitute(installed: Installation, folder: Path, when_stopped: str) -> Installation:
    java = folder / "java"
    java.write_text(JAVA.replace("WHEN_STOPPED", when_stopped))
    java.chmod(0o755)
    return replace(installed, folder=folder, java=replace(installed.java, path=java, fingerprint="fake"))


@pytest.fixture
def broken(installed: Installation, tmp_path: Path) -> Installation:
    """An installation whose Java always fails."""
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'no such flag' >&2\nexit 1\n")
    java.chmod(0o755)
    return replace(installed, folder=tmp_path, java=replace(installed.java, path=java, fingerprint="broken"))


def test_cache_is_made_once_by_a_training_run(
    installed: Installation, tmp_path: Path, progress: RecordedProgress
) -> None:
    working = substitute(installed, tmp_path, 'echo cache > "$made"')
    assert aot_cache(working, progress) == tmp_path / f"{aot_key(working)}.aot"
    assert (tmp_path / f"{aot_key(working)}.aot").read_text() == "cache\n"
    assert (tmp_path / "bootstrap.checkpoint").is_file()
    assert aot_cache(working, progress) is not None
    assert len(progress.steps) == 1
    assert sorted(path.suffix for path in tmp_path.iterdir()) == ["", ".aot", ".checkpoint", ".lock"]


def test_training_run_that_leaves_no_cache_is_a_failure(
    installed: Installation, tmp_path: Path, progress: RecordedProgress
) -> None:
    forgetful = substitute(installed, tmp_path, "true")
    assert aot_cache(forgetful, progress) is None
    assert "Java wrote no AOT cache" in (tmp_path / f"{aot_key(forgetful)}.failed").read_text()


def test_failed_cache_is_not_retried_and_the_broker_starts_without_it(
    broken: Installation, progress: RecordedProgress
) -> None:
    assert aot_cache(broken, progress) is None
    assert aot_cache(broken, progress) is None
    assert progress.steps == ["Preparing Kafka's fast start (once)"]
    note = broken.folder / f"{aot_key(broken)}.failed"
    assert "no such flag" in note.read_text()


def test_failed_cache_is_retried_on_demand(broken: Installation, progress: RecordedProgress) -> None:
    aot_cache(broken, progress)
    assert aot_cache(broken, progress, retry=True) is None
    assert len(progress.steps) == 2


def test_cache_belongs_to_one_java_and_one_set_of_jars(installed: Installation) -> None:
    assert installed.aot is not None
    assert installed.aot.stem == aot_key(installed)
    other = replace(installed, java=replace(installed.java, fingerprint="another"))
    assert aot_key(other) != aot_key(installed)
    assert aot_key(replace(installed, jars=installed.jars[1:])) != aot_key(installed)


@pytest.mark.kafka
def test_broker_starts_without_the_cache_and_with_a_broken_one(cache_copy: Path, tmp_path: Path) -> None:
    installation = install(cache_copy, aot=False)
    (installation.folder / f"{aot_key(installation)}.aot").write_bytes(b"rubbish")
    assert not (installation.folder / "bootstrap.checkpoint").exists()
    settings = BrokerSettings(data_dir=tmp_path / "data", port=free_ports(1)[0], cache_dir=cache_copy)
    with start_broker(settings) as broker:
        assert broker.is_running


def test_only_the_newest_caches_are_kept(tmp_path: Path) -> None:
    now = time.time()
    for age in range(KEPT + 2):
        path = tmp_path / f"{age}.aot"
        path.touch()
        os.utime(path, (now - age, now - age))
    prune(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{age}.aot" for age in range(KEPT)]
