from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from dateline_broker import Broker, RunningBroker

if TYPE_CHECKING:
    from pathlib import Path

OTHER_SUITE = """
def test_given_broker(kafka_broker):
    assert kafka_broker.bootstrap_servers == "kafka.example:9092"
"""


@pytest.mark.kafka
async def test_session_fixture_is_a_broker_that_answers(kafka_broker: Broker) -> None:
    client = AIOKafkaAdminClient(bootstrap_servers=kafka_broker.bootstrap_servers)
    await client.start()
    try:
        described = await client.describe_cluster()
    finally:
        await client.close()
    host, _, port = kafka_broker.bootstrap_servers.rpartition(":")
    assert [(broker["host"], broker["port"]) for broker in described["brokers"]] == [(host, int(port))]


@pytest.mark.kafka
def test_embedded_broker_of_the_session_lives_in_a_temporary_folder(
    kafka_broker: Broker, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if not isinstance(kafka_broker, RunningBroker):
        pytest.skip("another Kafka is used")
    assert kafka_broker.is_running
    assert kafka_broker.bootstrap_servers == f"127.0.0.1:{kafka_broker.port}"
    assert kafka_broker.data_dir.is_relative_to(tmp_path_factory.getbasetemp())


def other_suite(folder: Path, *options: str, **variables: str) -> str:
    """Run another test suite in `folder`; return its output."""
    (folder / "test_other.py").write_text(OTHER_SUITE)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
        cwd=folder,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_option_gives_the_session_fixture_another_kafka(tmp_path: Path) -> None:
    report = other_suite(tmp_path, "--kafka-bootstrap-servers=kafka.example:9092")
    assert "kafka: kafka.example:9092 (given by --kafka-bootstrap-servers)" in report


def test_environment_variable_gives_the_session_fixture_another_kafka(tmp_path: Path) -> None:
    report = other_suite(tmp_path, PYTEST_KAFKA_BOOTSTRAP_SERVERS="kafka.example:9092")
    assert "kafka: kafka.example:9092 (given by PYTEST_KAFKA_BOOTSTRAP_SERVERS)" in report


def test_report_says_that_kafka_runs_in_a_container(tmp_path: Path) -> None:
    report = other_suite(tmp_path, "--kafka-container", "--collect-only")
    assert "in a container by testcontainers" in report


def test_marker_selects_tests_that_run_on_any_kafka(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text("def test_mine(kafka_broker, own_kafka_broker): ...\ndef test_none(): ...\n")
    report = other_suite(tmp_path, "-m", "kafka_broker", "--collect-only", "-q", "--strict-markers")
    assert "test_other.py::test_given_broker" in report
    assert "1/3 tests collected" in report


def test_container_passes_properties_as_variables_of_the_official_image() -> None:
    from dateline_broker.container import variables

    given = variables({"a.b": "1", "with_underscore": "2", "with-dash": "3"})
    assert given == {"KAFKA_A_B": "1", "KAFKA_WITH__UNDERSCORE": "2", "KAFKA_WITH___DASH": "3"}


def test_plugin_imports_the_package_only_when_a_fixture_is_requested() -> None:
    code = (
        "import sys, dateline_broker.pytest_plugin; "
        "print(sorted(m for m in sys.modules if m.startswith('dateline_broker.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['dateline_broker.pytest_plugin']"


def test_header_names_the_version(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> None:
    from dateline_broker.lock.lockfile import read_lock
    from dateline_broker.pytest_plugin import VARIABLE, pytest_report_header

    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(pytestconfig.option, "kafka_bootstrap_servers", None)
    assert pytest_report_header(pytestconfig).startswith(f"kafka: Apache Kafka {read_lock().kafka_version}")
