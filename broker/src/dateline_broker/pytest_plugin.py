"""Fixtures that give any test suite a real Kafka.

Nothing is imported before a fixture is asked for, so that the plugin costs other test suites nothing and
coverage sees the package's own import.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dateline_broker import Broker, RunningBroker

__all__ = [
    "kafka_broker",
    "own_kafka_broker",
    "pytest_addoption",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_report_header",
]

VARIABLE = "PYTEST_KAFKA_BOOTSTRAP_SERVERS"
"""Names a Kafka that is there already, where no option does."""

SHARED = "kafka_broker: uses the session's Kafka and harms it in no way, so that any Kafka will do"
"""The mark that tests get by themselves which ask for `kafka_broker` and for no broker of their own."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that choose a Kafka."""
    group = parser.getgroup("kafka")
    group.addoption(
        "--kafka-bootstrap-servers",
        metavar="HOST:PORT",
        help=f"use this Kafka for the fixture kafka_broker instead of starting one (also by {VARIABLE})",
    )
    group.addoption(
        "--kafka-container",
        action="store_true",
        help="start the Kafka of the fixture kafka_broker in a container (needs Docker and testcontainers)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", SHARED)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark the tests that any Kafka will do for, so that `-m kafka_broker` chooses them."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "kafka_broker" in fixtures and "own_kafka_broker" not in fixtures:
            item.add_marker("kafka_broker")


def pytest_report_header(config: pytest.Config) -> str:
    """Say which Kafka the fixtures give."""
    servers = given_servers(config)
    if servers:
        given = "--kafka-bootstrap-servers" if config.getoption("kafka_bootstrap_servers") else VARIABLE
        return f"kafka: {servers} (given by {given})"
    from dateline_broker.lock import read_lock

    kafka = f"kafka: Apache Kafka {read_lock().kafka_version}"
    where = " in a container by testcontainers" if config.getoption("kafka_container") else ""
    return f"{kafka}{where}, started when a test asks for it"


def given_servers(config: pytest.Config) -> str | None:
    """Return the address of a Kafka that is there already; the options win over the environment."""
    import os

    option: str | None = config.getoption("kafka_bootstrap_servers")
    return option or (None if config.getoption("kafka_container") else os.environ.get(VARIABLE))


@pytest.fixture(scope="session")
def kafka_broker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A Kafka for the whole session; use other topics and groups in each test."""
    servers = given_servers(request.config)
    if servers:
        from dateline_broker.external import ExternalBroker

        yield ExternalBroker(bootstrap_servers=servers)
        return
    if request.config.getoption("kafka_container"):
        from dateline_broker.container import KafkaContainer

        with KafkaContainer() as container:
            yield container
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
