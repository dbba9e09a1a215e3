"""The nemesis: injects the scheduled faults, and records whether each interrupted an open transaction."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from chaos.broker.cluster import Cluster
from chaos.broker.proxy import Trouble
from chaos.faults.schedule import Fault
from chaos.journal import Journal
from chaos.replicas.control import Action, Point
from chaos.replicas.fleet import SERVICES, Fleet, Replica

__all__ = ["Nemesis"]

POINT_SECONDS = 8.0
"""A fault waits this long for a transaction to reach its point, and then strikes without it."""

WORKING_SECONDS = 20.0
"""The next fault waits this long for the service to recover, and then strikes anyway."""

FULL_SECONDS = 4.0
"""A broker with a full disk that has not exited after this many seconds is killed."""

Poisoner = Callable[[Fault], Awaitable[None]]
"""Writes a record that has to become a dead letter."""


class FurtherLane(Protocol):
    """A lane of faults that strike neither a replica nor the broker."""

    services: Sequence[str]
    """The services that have to work again before the next fault."""

    async def strike(self, fault: Fault, nemesis: "Nemesis") -> dict[str, Any]:
        """Inject a fault, and return what it found."""


@dataclass(slots=True, kw_only=True)
class Nemesis:
    """Injects faults: those of one lane in sequence, the lanes in parallel."""

    fleet: Fleet
    cluster: Cluster
    journal: Journal
    poison: Poisoner
    services: Sequence[str] = SERVICES
    further: Mapping[str, FurtherLane] = field(default_factory=dict)
    done: list[dict[str, Any]] = field(default_factory=list)

    async def warm_up(self) -> None:
        """Wait until every service has committed a transaction."""
        await self._working(self.services)

    async def run(self, faults: Sequence[Fault]) -> None:
        """Inject `faults`: those of one lane in order, the lanes at the same time."""
        lanes = [
            [fault for fault in faults if fault.lane == lane] for lane in dict.fromkeys(fault.lane for fault in faults)
        ]
        async with asyncio.TaskGroup() as group:
            for lane in lanes:
                group.create_task(self._run_lane(lane))

    async def _run_lane(self, faults: Sequence[Fault]) -> None:
        for fault in faults:
            await asyncio.sleep(fault.pause)
            await self.fleet.look()
            if fault.settled:
                await self._working(self._concerned(fault.lane))
            if fault.lane in self.services and not self.fleet.replicas[fault.lane]:
                await self.fleet.start(fault.lane)
            began = time.monotonic()
            told = {name: value for name, value in fault.told().items() if name != "kind"}
            self.journal.write("fault", fault=fault.kind, **told)
            found = await self._strike(fault)
            self.journal.write("healed", number=fault.number, fault=fault.kind, **found)
            seconds = round(time.monotonic() - began, 3)
            self.done.append(
                {
                    "number": fault.number,
                    "lane": fault.lane,
                    "kind": fault.kind,
                    "began": began,
                    "seconds": seconds,
                    **found,
                }
            )

    async def _working(self, services: Sequence[str]) -> None:
        """Wait until each service commits, so that there is work to interrupt."""
        until = time.monotonic() + WORKING_SECONDS
        before = {replica: replica.control.transactions for replica in self._replicas(services)}
        idle = set(services)
        while idle and time.monotonic() < until:
            for replica in self._replicas(services):
                if replica.control.transactions != before.get(replica, 0):
                    idle.discard(replica.service)
            await asyncio.sleep(0.02)

    def _concerned(self, lane: str) -> Sequence[str]:
        if lane in self.services:
            return [lane]
        return self.further[lane].services if lane in self.further else self.services

    def _replicas(self, services: Sequence[str]) -> list[Replica]:
        return [replica for service in services for replica in self.fleet.replicas[service]]

    async def _strike(self, fault: Fault) -> dict[str, Any]:
        if fault.lane in self.further:
            return await self.further[fault.lane].strike(fault, self)
        match fault.kind:
            case "kill" | "kill-at-point":
                return await self._kill(fault)
            case "freeze" | "freeze-at-point":
                return await self._freeze(fault)
            case "terminate":
                return await self._terminate([self._victim(fault)])
            case "rolling-restart":
                return await self._terminate(list(self.fleet.replicas[fault.lane]))
            case "add-and-remove":
                return await self._add_and_remove(fault)
            case "rescale":
                return await self._rescale(fault)
            case "cut" | "delay" | "half-open":
                return await self._disturb(fault)
            case "clock":
                return await self._shift_clock(fault)
            case "poison":
                await self.poison(fault)
                return {"open": False}
        return await self._strike_broker(fault)

    def _victim(self, fault: Fault) -> Replica:
        replicas = self.fleet.replicas[fault.lane]
        return replicas[int(fault.victim * len(replicas))]

    async def at_point(self, replicas: Sequence[Replica], point: str, action: Action) -> Replica | None:
        """Order `action` for the next transaction that reaches `point`; return the replica that reached it, or None."""
        where: Point = point  # type: ignore[assignment]
        for replica in replicas:
            replica.control.arm(where, action)
        until = time.monotonic() + POINT_SECONDS
        while time.monotonic() < until:
            reached = next((replica for replica in replicas if replica.control.reached), None)
            if reached is not None:
                break
            await asyncio.sleep(0.005)
        else:
            reached = None
        for replica in replicas:
            if replica is not reached:
                replica.control.disarm()
        return reached

    async def _stop(self, victim: Replica, fault: Fault) -> dict[str, Any]:
        """Stop the victim, at the fault's point if it has one; while it is stopped its counters are exact."""
        reached = None
        if fault.kind.endswith("at-point"):
            reached = await self.at_point([victim], fault.point, "stop")
        if reached is None:
            await self.fleet.signal(victim, signal.SIGSTOP)
            await asyncio.sleep(0.01)
        found: dict[str, Any] = {"victim": victim.name, "open": victim.control.open_transactions > 0}
        return found | ({"point": fault.point} if reached else {})

    async def _kill(self, fault: Fault) -> dict[str, Any]:
        victim = self._victim(fault)
        found = await self._stop(victim, fault)
        killed = time.monotonic()
        await self.fleet.kill(victim)
        await asyncio.sleep(fault.seconds)
        await self.fleet.start(fault.lane)
        return found | {"killed": killed, "pid": victim.pid}

    async def _freeze(self, fault: Fault) -> dict[str, Any]:
        victim = self._victim(fault)
        found = await self._stop(victim, fault)
        await asyncio.sleep(fault.seconds)
        await self.fleet.signal(victim, signal.SIGCONT)
        return found

    async def _terminate(self, victims: Sequence[Replica]) -> dict[str, Any]:
        for victim in victims:
            await self.fleet.terminate(victim)
            await self.fleet.start(victim.service)
        return {"open": False}

    async def _add_and_remove(self, fault: Fault) -> dict[str, Any]:
        guest = await self.fleet.start(fault.lane)
        await asyncio.sleep(fault.seconds)
        await self.fleet.terminate(guest)
        return {"open": False}

    async def _rescale(self, fault: Fault) -> dict[str, Any]:
        replicas = list(self.fleet.replicas[fault.lane])
        interrupted = False
        if fault.choices["gently"]:
            await asyncio.gather(*(self.fleet.terminate(replica) for replica in replicas))
        else:
            for replica in replicas:
                interrupted |= (await self._stop(replica, fault))["open"]
                await self.fleet.kill(replica)
        for _ in range(fault.choices["replicas"]):
            await self.fleet.start(fault.lane)
        return {"open": interrupted, "replicas": fault.choices["replicas"]}

    async def _disturb(self, fault: Fault) -> dict[str, Any]:
        victim = self._victim(fault)
        held = fault.choices.get("held") and await self.at_point([victim], fault.point, "hold")
        interrupted = fault.kind != "delay" and victim.control.open_transactions > 0
        trouble: Trouble = fault.choices.get("trouble", fault.kind)
        for client in victim.clients:
            self.cluster.proxy.begin(client, trouble)
        victim.control.disarm()
        await asyncio.sleep(fault.seconds)
        for client in victim.clients:
            if fault.choices.get("reset"):
                self.cluster.proxy.reset(client)
            self.cluster.proxy.end(client)
        found: dict[str, Any] = {"victim": victim.name, "open": interrupted, "trouble": trouble}
        return found | ({"point": fault.point} if held else {})

    async def _shift_clock(self, fault: Fault) -> dict[str, Any]:
        victim = self._victim(fault)
        victim.control.clock_offset = fault.choices["offset"]
        await asyncio.sleep(fault.seconds)
        victim.control.clock_offset = 0.0
        return {"victim": victim.name, "open": False, "offset": fault.choices["offset"]}

    async def _strike_broker(self, fault: Fault) -> dict[str, Any]:
        replicas = self._replicas(self.services)
        found: dict[str, Any] = {}
        held = None
        if fault.kind == "broker-kill-at-point":
            service = self.services[int(fault.victim * len(self.services))]
            held = await self.at_point(list(self.fleet.replicas[service]), fault.point, "hold")
            found = {"point": fault.point} if held else {}
        interrupted = fault.kind != "broker-restart" and any(each.control.open_transactions for each in replicas)
        if fault.kind == "broker-restart":
            await self.cluster.stop()
        elif fault.kind == "disk-full":
            self.cluster.disk.fill()
            found["died"] = await self.cluster.ended(FULL_SECONDS)
            await self.cluster.kill()
            self.cluster.disk.free()
        else:
            await self.cluster.kill()
        if held is not None:
            held.control.disarm()
        await asyncio.sleep(fault.seconds)
        await self.cluster.start()
        return found | {"open": interrupted}
