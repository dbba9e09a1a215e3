"""A real Apache Kafka for demos and tests, from package registries alone.

In a test suite, with the package installed, ask for a fixture:

    async def test_order_is_kept(kafka_broker):           # one broker for the session
        producer = AIOKafkaProducer(bootstrap_servers=kafka_broker.bootstrap_servers)

    def test_restart(own_kafka_broker):                   # a function that starts one for this test
        broker = own_kafka_broker(heap_mb=256)            # keyword arguments of BrokerSettings
        broker.kill()                                     # like kill -9
        broker.restart()                                  # same data, same ports

`pytest --kafka-bootstrap-servers HOST:PORT` gives `kafka_broker` another Kafka.

A broker that ends with this process, even if that is killed:

    with start_broker(BrokerSettings(data_dir=Path("data")), progress=None) as broker: -> RunningBroker
        broker.bootstrap_servers, broker.port, broker.listeners, broker.pid, broker.cluster_id,
        broker.kafka_version, broker.data_dir, broker.log_path, broker.is_running
        broker.stop(timeout=20.0) -> bool; broker.kill(); broker.restart(progress=None)

A broker that goes on (`dateline broker start | stop | status | logs`):

    start_daemon(settings, progress=None) -> BrokerStatus    # the running one, if there is one
    stop_daemon(data_dir, timeout=20.0) -> bool              # BrokerNotRunningError, BrokerOwnedError
    broker_status(data_dir) -> BrokerStatus                  # state: running, stopped, ended; problem: why

    BrokerSettings(data_dir=Path(".dateline/kafka"), port=None, heap_mb=384, listeners={}, properties={},
                   cache_dir=None, min_free_mb=256, start_timeout_s=60.0, aot=True)

Everything blocks: in asynchronous code use `asyncio.to_thread`. Whatever goes wrong is a `BrokerError` whose
message says what to do. `install()` fetches ahead of time what the first start would fetch. `Progress` is what
shows long steps; `progress_for(sys.stderr)` gives bars on a terminal and plain lines elsewhere.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dateline_broker.broker import Broker, RunningBroker, start_broker
    from dateline_broker.daemon import BrokerStatus, broker_status, start_daemon, stop_daemon
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
    from dateline_broker.installation import Installation, default_cache_dir, install
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

MODULES = ("broker", "daemon", "errors", "installation", "progress", "settings")
"""Where the public names live."""


def __getattr__(name: str) -> object:
    # Imported on first use: the pytest plugin loads this package in every test run of the environment, and
    # before coverage begins.
    if name in __all__:
        for module in MODULES:
            found = import_module(f"{__name__}.{module}")
            if name in found.__all__:
                return getattr(found, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
