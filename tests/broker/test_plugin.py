from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from dateline_broker import RunningBroker

OTHER_SUITE = """
def test_given_broker(kafka_broker):
    assert kafka_broker.bootstrap_servers == "kafka.example:9092"
"""


@pytest.mark.kafka
def test_session_fixture_gives_a_running_broker_in_a_temporary_folder(
    kafka_broker: RunningBroker, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert kafka_broker.is_running
    assert kafka_broker.bootstrap_servers == f"127.0.0.1:{kafka_broker.port}"
    assert kafka_broker.data_dir.is_relative_to(tmp_path_factory.getbasetemp())


def test_session_fixture_can_be_given_another_kafka(tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text(OTHER_SUITE)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--kafka-bootstrap-servers=kafka.example:9092"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "kafka: kafka.example:9092" in done.stdout


def test_plugin_imports_nothing_of_the_package_ahead_of_a_fixture() -> None:
    code = (
        "import sys, dateline_broker.pytest_plugin; "
        "print(sorted(m for m in sys.modules if m.startswith('dateline_broker.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['dateline_broker.pytest_plugin']"


def test_header_names_the_version(pytestconfig: pytest.Config) -> None:
    from dateline_broker.pytest_plugin import pytest_report_header

    assert "Kafka" in pytest_report_header(pytestconfig) or "kafka:" in pytest_report_header(pytestconfig)
