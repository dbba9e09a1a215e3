"""Which Kafka a process uses."""

import os
from pathlib import Path
from types import SimpleNamespace

import dateline_broker
import pytest
from dateline.service.broker_choice import use_embedded_broker
from dateline.settings import BOOTSTRAP


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The current folder, in which an embedded broker was started once; no address is set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(BOOTSTRAP, "")
    monkeypatch.delenv(BOOTSTRAP)
    (tmp_path / ".dateline" / "kafka").mkdir(parents=True)
    return tmp_path


def the_broker_is(monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    status = SimpleNamespace(state=state, bootstrap_servers="127.0.0.1:20001" if state == "running" else None)
    monkeypatch.setattr(dateline_broker, "broker_status", lambda _folder: status, raising=False)


@pytest.mark.usefixtures("folder")
def test_the_running_broker_of_the_folder_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    the_broker_is(monkeypatch, "running")
    assert use_embedded_broker() == "the embedded broker of this folder"
    assert os.environ[BOOTSTRAP] == "127.0.0.1:20001"


@pytest.mark.usefixtures("folder")
def test_a_broker_that_does_not_run_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    the_broker_is(monkeypatch, "stopped")
    assert use_embedded_broker().startswith("default")
    assert BOOTSTRAP not in os.environ


def test_an_address_in_env_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    the_broker_is(monkeypatch, "running")
    (folder / ".env").write_text(f"{BOOTSTRAP}=kafka.example:9092\n")
    assert use_embedded_broker() == "set in .env"
    assert BOOTSTRAP not in os.environ


@pytest.mark.usefixtures("folder")
def test_an_address_in_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    the_broker_is(monkeypatch, "running")
    monkeypatch.setenv(BOOTSTRAP, "kafka.example:9092")
    assert use_embedded_broker() == "set in the environment"
    assert os.environ[BOOTSTRAP] == "kafka.example:9092"
