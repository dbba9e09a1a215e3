"""Faults of PostgreSQL: it is killed, stopped and started, and its sessions are ended."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from chaos.faults.nemesis import Nemesis
from chaos.faults.schedule import Fault
from dateline_sinks.servers.postgres import PostgresServer

__all__ = ["ServerFaults"]

END_SESSIONS = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE application_name LIKE 'dateline %%' AND (%s OR pid %% 2 = 0)
"""
"""End the sessions of the sinks, all or about half of them."""


@dataclass(slots=True, kw_only=True)
class ServerFaults:
    """The lane of the server."""

    server: PostgresServer
    services: Sequence[str] = ("postgres",)

    async def strike(self, fault: Fault, nemesis: Nemesis) -> dict[str, Any]:
        """Inject a fault, and return whether it interrupted an open transaction."""
        replicas = [each for service in self.services for each in nemesis.fleet.replicas[service]]
        found: dict[str, Any] = {}
        held = None
        if fault.kind == "server-kill-at-point":
            held = await nemesis.at_point(replicas, fault.point, "hold")
            found = {"point": fault.point} if held else {}
        open_now = any(each.control.open_transactions for each in replicas)
        match fault.kind:
            case "server-backends":
                await asyncio.to_thread(self._end_sessions, fault.victim < 0.5)
            case "server-restart":
                await self._away(self.server.stop, fault.seconds)
            case "server-away" if fault.victim < 0.5:
                await self._away(self.server.stop, fault.seconds)
            case _:
                await self._away(self.server.kill, fault.seconds, held)
        return found | {"open": open_now}

    async def _away(self, end: Any, seconds: float, held: Any = None) -> None:
        await asyncio.to_thread(end)
        if held is not None:
            held.control.disarm()
        await asyncio.sleep(seconds)
        await asyncio.to_thread(self.server.start)

    def _end_sessions(self, every: bool) -> None:
        with (
            contextlib.suppress(psycopg.OperationalError),
            psycopg.connect(self.server.url(), autocommit=True) as connection,
        ):
            connection.execute(END_SESSIONS, [every])
