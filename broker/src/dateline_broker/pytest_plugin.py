"""Fixtures that give any test suite a real Kafka.

The package is imported only when a fixture is requested, so that the plugin costs other test suites nothing and
coverage sees the import.
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
"""The environment variable that names a running Kafka; the command line options override it."""

SHARED = "kafka_broker: uses the session's Kafka without harming it, so that any Kafka will do"
"""The marker of tests that use `kafka_broker` and no broker of their own; the plugin sets it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that choose a Kafka."""
    group = parser.getgroup("kafka")
    group.addoption(
        "--kafka-bootstrap-servers",
        metavar="HOST:PORT",
        help=f"use this Kafka for the fixture kafka_broker instead of starting one (variable: {VARIABLE})",
    )
    group.addoption(
        "--kafka-container",
        action="store_true",
        help="start the Kafka of the fixture kafka_broker in a container (needs Docker and testcontainers)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", SHARED)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark the tests that can run on any Kafka, so that `-m kafka_broker` selects them."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "kafka_broker" in fixtures and "own_kafka_broker" not in fixtures:
            item.add_marker("kafka_broker")


def pytest_report_header(config: pytest.Config) -> str:
    """Return the line that names the Kafka of the fixtures."""
    servers = given_servers(config)
    if servers:
        given = "--kafka-bootstrap-servers" if config.getoption("kafka_bootstrap_servers") else VARIABLE
        return f"kafka: {servers} (given by {given})"
    from dateline_broker.lock.lockfile import read_lock

    kafka = f"kafka: Apache Kafka {read_lock().kafka_version}"
    where = " in a container by testcontainers" if config.getoption("kafka_container") else ""
    return f"{kafka}{where}, started when a test asks for it"


def given_servers(config: pytest.Config) -> str | None:
    """Return the address of a Kafka that runs already, or None; the options override the environment."""
    import os

    option: str | None = config.getoption("kafka_bootstrap_servers")
    return option or (None if config.getoption("kafka_container") else os.environ.get(VARIABLE))


@pytest.fixture(scope="session")
def kafka_broker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A Kafka for the whole session; each test has to use its own topics and groups."""
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
    """A function that starts a broker for this test alone, which may stop, kill and restart it.

    The function takes the keyword arguments of `BrokerSettings`.
    """
    brokers: list[RunningBroker] = []

    def start(**settings: object) -> RunningBroker:
        brokers.append(start_in(tmp_path_factory, request.config, **settings))
        return brokers[-1]

    yield start
    for broker in brokers:
        broker.kill()


def start_in(folders: pytest.TempPathFactory, config: pytest.Config, **settings: object) -> RunningBroker:
    """Start a broker in a temporary folder, on a free port unless the settings name one.

    The first start on a machine downloads Kafka, which is shown despite pytest's capture.
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
