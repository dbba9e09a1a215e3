"""Runs Kafka and all services as child processes, for `dateline up` and the demo."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dateline.concurrency.backoff import Backoff
from dateline.concurrency.deadline import sleep_unless
from dateline.errors import DatelineError
from dateline.service.process import EXIT_SETTINGS, EXIT_STAGE
from dateline.settings import BOOTSTRAP, RuntimeSettings, found_settings, load

__all__ = ["Pipeline", "embedded_broker", "metrics_ports", "own_kafka", "service_modules", "service_url"]

STOP_SECONDS = 15.0
"""A service that has not stopped by then is killed."""

Show = Callable[[str, str], None]
"""A function that shows a line of a service; it takes the name of the service and the line."""


def own_kafka() -> str | None:
    """Return the address of Kafka that is set, or None if the embedded broker has to be started."""
    found = found_settings().get(BOOTSTRAP)
    return found[0] if found else None


def service_modules() -> dict[str, str]:
    """Return the names of all installed services with their modules."""
    return {entry.name: entry.value for entry in sorted(entry_points(group="dateline.services"))}


def service_url(name: str) -> str | None:
    """Return the URL that a service listens on according to its settings, or None if it does not listen."""
    for entry in entry_points(group="dateline.settings"):
        if entry.name == name:
            (settings,) = load(entry.load())
            host, port = getattr(settings, "host", None), getattr(settings, "port", None)
            if host and port:
                return f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"
    return None


def metrics_ports(names: Iterable[str]) -> dict[str, int]:
    """Return the port of `/metrics` of each service: the one that is set, and those that follow it.

    Without a port, and with 0, which means any free port, every service can have the same setting: the result is empty.
    """
    (runtime,) = load(RuntimeSettings)
    if not runtime.metrics_port:
        return {}
    return {name: runtime.metrics_port + number for number, name in enumerate(names)}


@contextlib.asynccontextmanager
async def embedded_broker(data_dir: Path) -> Any:
    """Run the embedded broker while the block runs; it never outlives this process.

    Raises:
        DatelineError: the broker does not start; the message says what to do.
    """
    try:
        from dateline_broker import BrokerError, BrokerSettings, progress_for, start_broker
    except ImportError as error:
        raise DatelineError(
            f"the embedded broker is not installed: install dateline-broker, or set {BOOTSTRAP} to a Kafka of your own"
        ) from error
    settings = BrokerSettings(data_dir=data_dir)
    try:
        broker = await asyncio.to_thread(start_broker, settings, progress=progress_for(sys.stderr))
    except BrokerError as error:
        raise DatelineError(str(error)) from error
    try:
        yield broker
    finally:
        await asyncio.to_thread(broker.stop)


@dataclass(slots=True)
class _Service:
    name: str
    environment: dict[str, str]
    process: asyncio.subprocess.Process | None = None
    keeper: asyncio.Task[None] | None = None


@dataclass(slots=True, kw_only=True)
class Pipeline:
    """Services as child processes: their output is shown, and a service that dies is restarted.

    A service that exits because of its settings, or because its stage stopped itself, is not restarted:
    `failed` is set, and `failure` names the service.
    """

    show: Show
    environment: Mapping[str, str] = field(default_factory=dict)
    failed: asyncio.Event = field(default_factory=asyncio.Event)
    failure: str | None = None
    _services: list[_Service] = field(default_factory=list)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def start(self, name: str, module: str, *, metrics_port: int | None = None) -> None:
        """Start `python -m module`, and restart it whenever it dies.

        Args:
            name: the name of the service.
            module: its module.
            metrics_port: the port of its `/metrics`, if it differs from the one that is set.
        """
        own = {} if metrics_port is None else {"DATELINE_RUNTIME__METRICS_PORT": str(metrics_port)}
        service = _Service(name, environment=own)
        service.keeper = asyncio.ensure_future(self._keep(service, module))
        self._services.append(service)

    def pids(self) -> dict[str, int]:
        """Return the process id of each running service."""
        return {s.name: s.process.pid for s in self._services if s.process and s.process.returncode is None}

    async def stop(self) -> None:
        """Send SIGTERM to all services, and SIGKILL to those that are still running after `STOP_SECONDS`."""
        self._stopping.set()
        for service in self._services:
            _signal(service.process, signal.SIGTERM)
        keepers = {service.keeper for service in self._services if service.keeper}
        if keepers:
            _, late = await asyncio.wait(keepers, timeout=STOP_SECONDS)
            if late:
                for service in self._services:
                    _signal(service.process, signal.SIGKILL)
                await asyncio.wait(late)

    async def _keep(self, service: _Service, module: str) -> None:
        backoff = Backoff(initial_seconds=1.0, longest_seconds=10.0)
        while not self._stopping.is_set():
            began = asyncio.get_running_loop().time()
            code = await self._run(service, module)
            if self._stopping.is_set():
                return
            if code in (EXIT_SETTINGS, EXIT_STAGE):
                self.failure = f"{service.name} stopped (exit code {code}); its last lines say why"
                self.failed.set()
                return
            if asyncio.get_running_loop().time() - began > 60:
                backoff.reset()
            pause = backoff.next_seconds()
            self.show(service.name, f"ended with exit code {code}; restarting it in {pause:.1f} s")
            await sleep_unless(self._stopping, pause)

    async def _run(self, service: _Service, module: str) -> int:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            # Standard input ends when this process dies, even by SIGKILL; the service then stops by itself.
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=os.environ | self.environment | service.environment | {"DATELINE_PARENT_PIPE": "1"},
            start_new_session=True,
            limit=1024 * 1024,
        )
        service.process = process
        if self._stopping.is_set():
            _signal(process, signal.SIGTERM)
        assert process.stdout is not None
        async for line in process.stdout:
            self.show(service.name, line.decode("utf-8", "replace").rstrip())
        return await process.wait()


def _signal(process: asyncio.subprocess.Process | None, number: signal.Signals) -> None:
    if process is not None and process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
