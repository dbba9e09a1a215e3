"""Fixtures that give any test suite a real Kafka.

Nothing is imported before a fixture is asked for, so that the plugin costs other test suites nothing and
coverage sees the package's own import.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dateline_broker import Broker, RunningBroker

__all__ = ["kafka_broker", "own_kafka_broker", "pytest_addoption", "pytest_report_header"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--kafka-bootstrap-servers`."""
    parser.getgroup("kafka").addoption(
        "--kafka-bootstrap-servers",
        metavar="HOST:PORT",
        help="use this Kafka for the fixture kafka_broker instead of starting one",
    )


def pytest_report_header(config: pytest.Config) -> str:
    """Say which Kafka the fixtures give."""
    servers = config.getoption("kafka_bootstrap_servers")
    if servers:
        return f"kafka: {servers} (given by --kafka-bootstrap-servers)"
    from dateline_broker.lock import read_lock

    return f"kafka: Apache Kafka {read_lock().kafka_version}, started when a test asks for it"


@pytest.fixture(scope="session")
def kafka_broker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A Kafka for the whole session; use other topics and groups in each test."""
    servers = request.config.getoption("kafka_bootstrap_servers")
    if servers:
        from dateline_broker.external import ExternalBroker

        yield ExternalBroker(bootstrap_servers=servers)
        return
    with start_in(tmp_path_factory, request.config) as broker:
        yield broker


@pytest.fixture
def own_kafka_broker(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., RunningBroker]]:
    """A function that starts a broker of the test's own, to be stopped, killed and restarted.

    Its keyword arguments are those of `BrokerSettings`.
    """
    brokers: list[RunningBroker] = []

    def start(**settings: object) -> RunningBroker:
        brokers.append(start_in(tmp_path_factory, request.config, **settings))
        return brokers[-1]

    yield start
    for broker in brokers:
        broker.kill()


def start_in(folders: pytest.TempPathFactory, config: pytest.Config, **settings: object) -> RunningBroker:
    """Start a broker in a temporary folder, on a free port unless one is asked for.

    The first one ever is downloaded before, which is shown in spite of pytest's capture.
    """
    import sys

    from dateline_broker import BrokerSettings, install, progress_for, start_broker
    from dateline_broker.ports import free_ports

    chosen: dict[str, object] = {"data_dir": folders.mktemp("kafka"), "port": free_ports(1)[0]} | settings
    wanted = BrokerSettings(**chosen)  # type: ignore[arg-type]
    capture = config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled() if capture else nullcontext():
        install(wanted.cache_dir, aot=wanted.aot, progress=progress_for(sys.stderr))
    return start_broker(wanted)
