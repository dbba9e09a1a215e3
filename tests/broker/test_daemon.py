from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from dateline_broker import (
    BrokerNotRunningError,
    BrokerOwnedError,
    BrokerSettings,
    DataDirInUseError,
    broker_status,
    start_daemon,
    stop_daemon,
)
from dateline_broker.commands import broker
from dateline_broker.node.state import BrokerState
from dateline_broker.node.storage import DataDir
from dateline_broker.ports import free_ports
from dateline_broker.process.guarded import spawn_detached
from dateline_broker.process.identity import ProcessIdentity

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    data = DataDir(tmp_path)
    data.create()
    return data


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(broker, [str(argument) for argument in arguments])


def note(process: ProcessIdentity, owner: ProcessIdentity | None = None) -> BrokerState:
    return BrokerState(process=process, owner=owner, port=20000, cluster_id="c", kafka_version="4.2.2", log_position=0)


def gone() -> ProcessIdentity:
    """An identity with this process's id but another start time: the process of the state file has ended."""
    return ProcessIdentity(pid=os.getpid(), started=1.0)


def myself() -> ProcessIdentity:
    found = ProcessIdentity.of(os.getpid())
    assert found is not None
    return found


@pytest.mark.kafka
def test_daemon_starts_once_and_commands_show_and_stop_it(data: DataDir) -> None:
    note(gone()).write(data)
    port, other = free_ports(2)
    try:
        first = invoke("start", "--data-dir", data.path, "--port", port)
        assert first.exit_code == 0, first.output
        assert f"runs on 127.0.0.1:{port}" in first.output

        second = invoke("start", "--data-dir", data.path)
        assert second.output.startswith("Nothing to do: Apache Kafka 4.2.")
        with pytest.raises(DataDirInUseError, match=f"already runs on port {port}; stop it first"):
            start_daemon(BrokerSettings(data_dir=data.path, port=other))

        status = json.loads(invoke("status", "--data-dir", data.path, "--json").output)
        assert status["state"] == "running"
        assert status["bootstrap_servers"] == f"127.0.0.1:{port}"
        assert status["owner_pid"] is None
        assert invoke("status", "--data-dir", data.path).exit_code == 0
        logs = invoke("logs", "--data-dir", data.path, "-n", 1000)
        assert "Kafka Server started" in logs.output
    finally:
        stopped = invoke("stop", "--data-dir", data.path)
    assert stopped.output == "Kafka has stopped.\n"
    assert broker_status(data.path).state == "stopped"
    again = invoke("stop", "--data-dir", data.path)
    assert again.exit_code == 1
    assert again.output == f"Error: no broker runs in {data.path}\n"


def test_stale_state_file_is_not_taken_for_a_running_broker(data: DataDir) -> None:
    note(gone()).write(data)
    data.log_path.write_text("2026-01-01T00:00:00.000 ERROR Log: java.io.IOException: No space left on device\n")
    status = broker_status(data.path)
    assert status.state == "ended"
    assert "no space left for Kafka's data" in (status.problem or "")
    shown = invoke("status", "--data-dir", data.path)
    assert shown.exit_code == 1
    assert f"pid {os.getpid()} has ended. no space left" in shown.output
    with pytest.raises(BrokerNotRunningError, match=r"no broker runs .* ended before: no space left"):
        stop_daemon(data.path)
    assert broker_status(data.path).state == "stopped"


def test_broker_that_ended_with_its_owner_says_so(data: DataDir) -> None:
    note(gone(), owner=gone()).write(data)
    assert "its owner" in (broker_status(data.path).problem or "")


def test_broker_of_another_process_is_not_stopped(data: DataDir) -> None:
    note(myself(), owner=myself()).write(data)
    with pytest.raises(BrokerOwnedError, match=f"belongs to process {os.getpid()}; stop that process"):
        stop_daemon(data.path)
    assert f"it ends with process {os.getpid()}" in invoke("status", "--data-dir", data.path).output


@pytest.mark.usefixtures("stubborn_children")
def test_daemon_that_does_not_stop_in_time_is_killed(data: DataDir, tmp_path: Path) -> None:
    process = spawn_detached(("sleep", "300"), output=tmp_path / "out")
    note(process).write(data)
    result = invoke("stop", "--data-dir", data.path, "--timeout", 0.3)
    assert result.output == "Kafka did not stop within 0.3 s and was killed.\n"
    assert not process.is_alive


@pytest.mark.parametrize("text", ["", "{", "[]", '{"owner": null}', '{"owner": 3, "process": 4}'])
def test_unreadable_state_file_counts_as_missing(data: DataDir, text: str) -> None:
    data.state_path.write_text(text)
    assert broker_status(data.path).state == "stopped"


def test_commands_on_an_empty_folder_say_what_to_do(tmp_path: Path) -> None:
    status = invoke("status", "--data-dir", tmp_path)
    assert status.exit_code == 1
    assert "start it with: dateline broker start" in status.output
    logs = invoke("logs", "--data-dir", tmp_path)
    assert logs.exit_code == 1
    assert "there is no log" in logs.output


def test_start_that_fails_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "a,b").mkdir()
    result = invoke("start", "--data-dir", tmp_path / "a,b")
    assert result.exit_code == 1
    assert result.output.count("\n") == 1


@pytest.mark.parametrize("verb", ["start", "stop", "status", "logs"])
def test_each_verb_has_help_with_an_example(verb: str) -> None:
    assert f"Example:\n    dateline broker {verb}" in invoke(verb, "--help").output
