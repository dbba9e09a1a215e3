"""The replicas of a piece: processes of several services that are started, watched and stopped."""

import asyncio
import itertools
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chaos.journal import Journal
from chaos.replicas.control import Control
from chaos.replicas.nursery import Nursery

__all__ = ["SERVICES", "Fleet", "Replica"]

SERVICES: tuple[str, ...] = ("ingest", "pages", "enrich", "digest")
"""The services, in the order in which articles pass through them."""

EXPECTED_CODES = {0, -signal.SIGKILL, -signal.SIGTERM}
"""Exit codes that are not errors; SIGTERM ends a replica that has not installed its handler yet."""


@dataclass(slots=True, eq=False)
class Replica:
    """One process of a service; `clients` are the names by which the proxy knows its connections."""

    service: str
    slot: int
    pid: int
    control: Control
    log: Path
    clients: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name for messages: service, slot and process id."""
        return f"{self.service}-{self.slot}/{self.pid}"


@dataclass(slots=True, kw_only=True)
class Fleet:
    """All replicas of a piece, by service; their logs, journals and control files are in `folder`."""

    nursery: Nursery
    folder: Path
    environment: Mapping[str, str]
    journal: Journal
    static: frozenset[str] = frozenset()
    """Services whose replicas use static membership."""
    replicas: dict[str, list[Replica]] = field(default_factory=lambda: {service: [] for service in SERVICES})
    unexpected: list[str] = field(default_factory=list)
    """Exits that no fault explains."""
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    async def start(self, service: str) -> Replica:
        """Start a replica in the lowest free slot."""
        taken = {replica.slot for replica in self.replicas[service]}
        slot = next(n for n in itertools.count() if n not in taken)
        agent = f"{service}-{slot}-{next(self._numbers):04d}"
        stem = self.folder / agent
        environment = {
            **self.environment,
            "CHAOS_CONTROL": str(stem.with_suffix(".control")),
            "CHAOS_JOURNAL": str(stem.with_suffix(".journal")),
            "CHAOS_NAME": f"{service}-{slot}",
            # The sites tell replicas apart by it.
            "DATELINE_PAGES__USER_AGENT": agent,
        }
        clients: tuple[str, ...] = ()
        if service in self.static:
            environment["DATELINE_KAFKA__INSTANCE_ID"] = f"{service}-{slot}"
            clients = (f"{service}-{slot}",)
        control = Control.create(stem.with_suffix(".control"))
        log = stem.with_suffix(".log")
        pid = await self.nursery.spawn(service, environment, log)
        replica = Replica(service, slot, pid, control, log, (str(pid), *clients))
        self.replicas[service].append(replica)
        self.journal.write("replica", name=replica.name, agent=agent)
        return replica

    async def signal(self, replica: Replica, number: signal.Signals) -> bool:
        """Send a signal; return False if the process has ended."""
        return await self.nursery.send(replica.pid, number)

    async def ended(self, replica: Replica, seconds: float) -> int | None:
        """Wait for the exit code and forget the replica; return None if it still runs after `seconds`."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while True:
            code = await self.nursery.ended(replica.pid)
            if code is not None:
                self._forget(replica, code)
                return code
            if loop.time() > until:
                return None
            await asyncio.sleep(0.02)

    async def kill(self, replica: Replica) -> None:
        """Kill a replica."""
        await self.signal(replica, signal.SIGKILL)
        await self.ended(replica, 10)

    async def terminate(self, replica: Replica, seconds: float = 15.0) -> int | None:
        """Send SIGTERM and wait; a replica that does not stop is killed and noted as unexpected."""
        await self.signal(replica, signal.SIGTERM)
        code = await self.ended(replica, seconds)
        if code is None:
            self.unexpected.append(f"{replica.name} did not stop within {seconds:g} s of SIGTERM")
            await self.kill(replica)
        return code

    async def look(self) -> None:
        """Forget replicas that have exited by themselves, and note unexpected exits."""
        for replica in [each for them in self.replicas.values() for each in them]:
            await self.ended(replica, 0)

    def _forget(self, replica: Replica, code: int) -> None:
        if replica not in self.replicas[replica.service]:
            return
        self.replicas[replica.service].remove(replica)
        self.journal.write("ended", name=replica.name, code=code)
        if code not in EXPECTED_CODES:
            tail = replica.log.read_text(errors="replace")[-600:] if replica.log.exists() else "no log"
            self.unexpected.append(f"{replica.name} ended with {code}: {tail}")
