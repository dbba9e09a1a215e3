"""Runs Kafka and all services as processes of their own, for `dateline up` and the demo."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dateline.concurrency.backoff import Backoff
from dateline.concurrency.deadline import sleep_unless
from dateline.errors import DatelineError
from dateline.service.process import EXIT_SETTINGS, EXIT_STAGE
from dateline.settings import BOOTSTRAP, found_settings, load

__all__ = ["Pipeline", "embedded_broker", "own_kafka", "service_modules", "service_url"]

STOP_SECONDS = 15.0
"""How long a service may take to stop before it is killed."""

Show = Callable[[str, str], None]
"""Is told the name of a service and a line that it wrote."""


def own_kafka() -> str | None:
    """Return the address of a Kafka of the user's own, or None where the embedded one is to be started."""
    found = found_settings().get(BOOTSTRAP)
    return found[0] if found else None


def service_modules() -> dict[str, str]:
    """Return the module of each installed service by its name."""
    return {entry.name: entry.value for entry in sorted(entry_points(group="dateline.services"))}


def service_url(name: str) -> str | None:
    """Return the address that a service listens on by its settings, or None where it has none."""
    for entry in entry_points(group="dateline.settings"):
        if entry.name == name:
            (settings,) = load(entry.load())
            host, port = getattr(settings, "host", None), getattr(settings, "port", None)
            if host and port:
                return f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"
    return None


@contextlib.asynccontextmanager
async def embedded_broker(data_dir: Path) -> Any:
    """Start the embedded broker, show its progress, and stop it at the end; it never outlives this process.

    Raises:
        DatelineError: when it does not start; the message says what to do.
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
    process: asyncio.subprocess.Process | None = None
    keeper: asyncio.Task[None] | None = None


@dataclass(slots=True, kw_only=True)
class Pipeline:
    """Services as child processes: their lines are shown, those that fail are started again.

    A service that stopped because of its settings, or stopped itself, is not started again: `failed`
    is set, and `failure` says which.
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

    def start(self, name: str, module: str) -> None:
        """Start `python -m module` and keep it running."""
        service = _Service(name)
        service.keeper = asyncio.ensure_future(self._keep(service, module))
        self._services.append(service)

    def pids(self) -> dict[str, int]:
        """Return the process id of each service that runs."""
        return {s.name: s.process.pid for s in self._services if s.process and s.process.returncode is None}

    async def stop(self) -> None:
        """Stop all services, at once and in order: SIGTERM, and SIGKILL for those that do not react."""
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
            self.show(service.name, f"ended with exit code {code}; starting it again in {pause:.1f} s")
            await sleep_unless(self._stopping, pause)

    async def _run(self, service: _Service, module: str) -> int:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            # The service reads its standard input to the end, which comes when this process dies, however it does.
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=os.environ | self.environment | {"DATELINE_PARENT_PIPE": "1"},
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
