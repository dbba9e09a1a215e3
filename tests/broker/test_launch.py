from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import psutil
import pytest
from dateline_broker import BrokerSettings, BrokerStartError, PortInUseError, ports
from dateline_broker.lifecycle.launch import ATTEMPTS, choose_ports, launch
from dateline_broker.node.configuration import BrokerPorts, server_properties
from dateline_broker.node.storage import BOOTSTRAP_FILE, DataDir, new_id, prepare_storage
from dateline_broker.ports import HOST, free_ports, is_free, port_holder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from dateline_broker import Installation

TAKEN = "KafkaException: Socket server failed to bind to 127.0.0.1: Address already in use.\n"


class FakeProcess:
    """Logs a line when it is started, and stays alive only if the line reports success."""

    def __init__(self, data: DataDir, line: str) -> None:
        with data.log_path.open("a") as log:
            log.write(line)
        self.is_alive = line != TAKEN
        self.was_killed = False

    def kill(self) -> None:
        self.was_killed = True


def spawner(data: DataDir, lines: Sequence[str]) -> Callable[[Sequence[str], Path], FakeProcess]:
    news = iter(lines)
    return lambda command, output: FakeProcess(data, next(news))


def client_port(data: DataDir) -> int:
    lines = data.properties_path.read_text().splitlines()
    return int(next(line for line in lines if line.startswith("advertised.listeners=")).rpartition(":")[2])


@pytest.mark.usefixtures("installed")
def test_other_ports_are_tried_if_another_process_takes_them_first(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    launched = launch(BrokerSettings(data_dir=tmp_path), spawner(data, [TAKEN, TAKEN, "Kafka Server started\n"]))
    assert launched.process.is_alive
    assert launched.ports.client == client_port(data)


@pytest.mark.usefixtures("installed")
def test_port_that_stays_taken_is_an_error_after_all_attempts(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    with pytest.raises(PortInUseError):
        launch(BrokerSettings(data_dir=tmp_path), spawner(data, [TAKEN] * ATTEMPTS))


@pytest.mark.usefixtures("installed")
def test_broker_that_is_not_ready_in_time_is_killed(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    started: list[FakeProcess] = []

    def spawn(_command: Sequence[str], _output: Path) -> FakeProcess:
        started.append(FakeProcess(data, "still at it\n"))
        return started[-1]

    with pytest.raises(BrokerStartError, match="still at it"):
        launch(BrokerSettings(data_dir=tmp_path, start_timeout_seconds=0), spawn)
    assert [process.was_killed for process in started] == [True]


def test_default_port_is_taken_if_it_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    free = free_ports(1)[0]
    monkeypatch.setattr("dateline_broker.lifecycle.launch.DEFAULT_PORT", free)
    assert choose_ports(BrokerSettings()).client == free
    with socket.create_server((HOST, free)):
        assert choose_ports(BrokerSettings()).client != free


def test_clients_keep_their_ports_over_a_restart() -> None:
    earlier = BrokerPorts(client=20001, controller=20002, others={"A": 20003})
    chosen = choose_ports(BrokerSettings(listeners={"A": "SSL"}), earlier)
    assert (chosen.client, chosen.others) == (20001, {"A": 20003})


def test_chosen_port_is_below_those_of_outgoing_connections() -> None:
    assert all(20_000 <= port < 32_000 for port in free_ports(3))


def test_port_that_listens_on_any_address_is_not_free() -> None:
    with socket.create_server(("0.0.0.0", 0)) as server:
        assert not is_free(server.getsockname()[1])


def test_port_that_is_bound_without_listening_is_not_free() -> None:
    with socket.socket() as bound:
        bound.bind((HOST, 0))
        assert not is_free(bound.getsockname()[1])


def test_lack_of_free_ports_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "is_free", lambda port: False)
    with pytest.raises(BrokerStartError, match="no free port found"):
        free_ports(1)


def test_holder_of_a_port_is_unknown_if_the_system_does_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    assert port_holder(1) is None

    def refuse(kind: str) -> list[object]:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil, "net_connections", refuse)
    assert port_holder(1) is None


def test_property_value_is_escaped_for_java(tmp_path: Path) -> None:
    settings = BrokerSettings(properties={"a": "é\\ 😀\n", "log.dirs": "/elsewhere"})
    text = server_properties(settings, BrokerPorts(client=1, controller=2), DataDir(tmp_path))
    assert r"a=\u00e9\\ \ud83d\ude00\n" in text.splitlines()
    assert "log.dirs=/elsewhere" in text.splitlines()
    assert text.isascii()


def test_cluster_id_is_assigned_once(installed: Installation, tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    data.create()
    (data.kafka_path / BOOTSTRAP_FILE).touch()  # Left by a start that was interrupted.
    first = prepare_storage(installed, data)
    assert prepare_storage(installed, data) == first
    assert prepare_storage(installed, data) != new_id()


def test_ids_never_look_like_options() -> None:
    assert all(len(text) == 22 and not text.startswith("-") for text in (new_id() for _ in range(200)))
