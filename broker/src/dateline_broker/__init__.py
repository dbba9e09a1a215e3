"""A real Apache Kafka for demos and tests, from package registries alone.

In a test suite, with the package installed, ask for a fixture:

    async def test_order_is_kept(kafka_broker):           # one broker for the session
        producer = AIOKafkaProducer(bootstrap_servers=kafka_broker.bootstrap_servers)

    def test_restart(own_kafka_broker):                   # a function that starts one for this test
        broker = own_kafka_broker(heap_mb=256)            # keyword arguments of BrokerSettings
        broker.kill()                                     # like kill -9
        broker.restart()                                  # same data, same ports

`pytest --kafka-bootstrap-servers HOST:PORT` makes `kafka_broker` use another Kafka.

A broker that ends with this process, even if this process is killed:

    with start_broker(BrokerSettings(data_dir=Path("data")), progress=None) as broker: -> RunningBroker
        broker.bootstrap_servers, broker.port, broker.listeners, broker.pid, broker.cluster_id,
        broker.kafka_version, broker.data_dir, broker.log_path, broker.is_running
        broker.stop(timeout_seconds=20.0) -> bool; broker.kill(); broker.restart(progress=None)

A broker that keeps running (`dateline broker start | stop | status | logs`):

    start_daemon(settings, progress=None) -> BrokerStatus    # leaves a running broker alone
    stop_daemon(data_dir, timeout_seconds=20.0) -> bool      # BrokerNotRunningError, BrokerOwnedError
    broker_status(data_dir) -> BrokerStatus                  # state: running, stopped, ended; problem: why

    BrokerSettings(data_dir=Path(".dateline/kafka"), port=None, heap_mb=384, listeners={}, properties={},
                   cache_dir=None, min_free_mb=256, start_timeout_seconds=60.0, aot=True)

Every call blocks; in asynchronous code use `asyncio.to_thread`. Every failure is a `BrokerError` whose message
says what to do. `install()` downloads ahead of time what the first start would download. `Progress` shows long
steps; `progress_for(sys.stderr)` returns bars on a terminal and plain lines elsewhere.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dateline_broker.errors import (
        BrokerConfigError,
        BrokerError,
        BrokerNotRunningError,
        BrokerOwnedError,
        BrokerStartError,
        CorruptDataError,
        DataDirInUseError,
        DataDirUnusableError,
        DiskFullError,
        DownloadError,
        PortInUseError,
        UnsupportedPlatformError,
    )
    from dateline_broker.installation.installation import Installation, default_cache_dir
    from dateline_broker.lifecycle.broker import Broker, RunningBroker, start_broker
    from dateline_broker.lifecycle.daemon import start_daemon, stop_daemon
    from dateline_broker.lifecycle.installer import install
    from dateline_broker.lifecycle.status import BrokerStatus, broker_status
    from dateline_broker.progress import Progress, progress_for
    from dateline_broker.settings import DEFAULT_DATA_DIR, BrokerSettings

__all__ = [
    "DEFAULT_DATA_DIR",
    "Broker",
    "BrokerConfigError",
    "BrokerError",
    "BrokerNotRunningError",
    "BrokerOwnedError",
    "BrokerSettings",
    "BrokerStartError",
    "BrokerStatus",
    "CorruptDataError",
    "DataDirInUseError",
    "DataDirUnusableError",
    "DiskFullError",
    "DownloadError",
    "Installation",
    "PortInUseError",
    "Progress",
    "RunningBroker",
    "UnsupportedPlatformError",
    "broker_status",
    "default_cache_dir",
    "install",
    "progress_for",
    "start_broker",
    "start_daemon",
    "stop_daemon",
]

MODULES = {
    "DEFAULT_DATA_DIR": "settings",
    "Broker": "lifecycle.broker",
    "BrokerSettings": "settings",
    "BrokerStatus": "lifecycle.status",
    "Installation": "installation.installation",
    "Progress": "progress",
    "RunningBroker": "lifecycle.broker",
    "broker_status": "lifecycle.status",
    "default_cache_dir": "installation.installation",
    "install": "lifecycle.installer",
    "progress_for": "progress",
    "start_broker": "lifecycle.broker",
    "start_daemon": "lifecycle.daemon",
    "stop_daemon": "lifecycle.daemon",
}
"""The module of each public name; the names that are missing here are errors."""


def __getattr__(name: str) -> object:
    # Imported on first use: the pytest plugin loads this package in every test run of the environment, and
    # before coverage begins.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{MODULES.get(name, 'errors')}"), name)
