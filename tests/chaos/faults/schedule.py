"""The schedule of faults, drawn from a seed before anything runs."""

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from chaos.replicas.control import POINTS, Point
from chaos.replicas.fleet import SERVICES

__all__ = ["BROKER_KINDS", "KINDS", "LANES", "Fault", "choices_of", "draw_faults", "seconds_of"]

LANES = (*SERVICES, "broker")
"""Faults of one lane are sequential; faults of different lanes overlap."""

KINDS = {
    "kill": 10,
    "kill-at-point": 30,
    "freeze": 6,
    "freeze-at-point": 16,
    "terminate": 7,
    "rolling-restart": 4,
    "add-and-remove": 7,
    "rescale": 6,
    "cut": 6,
    "delay": 4,
    "half-open": 7,
    "clock": 5,
    "poison": 4,
}
"""Kinds of faults of replicas, with their weights in the draw."""

BROKER_KINDS = {"broker-kill": 5, "broker-kill-at-point": 6, "broker-restart": 3, "broker-away": 3, "disk-full": 2}
"""Kinds of faults of the broker, with their weights in the draw."""

BROKER_SHARE = 0.07
"""Share of broker faults in all faults; each stops every service for up to ten seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault.

    `victim` (0 to 1) selects one of the replicas, `pause` is the number of seconds to wait before the fault. If
    `settled` is true, the fault also waits until the service works again after the previous fault.
    """

    number: int
    lane: str
    kind: str
    pause: float
    victim: float
    point: str = "produced"
    seconds: float = 0.0
    settled: bool = True
    choices: dict[str, Any] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """Return the fault as a JSON object."""
        return asdict(self)


def draw_faults(
    seed: str,
    count: int,
    *,
    session: float,
    disk: bool = True,
    kinds: Sequence[str] = (),
    lanes: Sequence[str] = (),
    points: Sequence[Point] = (),
) -> list[Fault]:
    """Return `count` faults, the same for the same arguments.

    Args:
        seed: any text.
        count: number of faults.
        session: session time-out of the replicas in seconds; some faults last longer, some shorter.
        disk: whether the broker's disk can be filled.
        kinds: draw only these kinds; all if empty.
        lanes: draw only faults of these services, or of the broker; all if empty.
        points: draw only these points of a transaction; all if empty, most often those inside the transaction.
    """
    rng = random.Random(f"{seed}/{session}/{','.join(kinds)}")
    services = [service for service in SERVICES if not lanes or service in lanes]
    of_replicas = {kind: weight for kind, weight in KINDS.items() if not kinds or kind in kinds}
    of_broker = {kind: weight for kind, weight in BROKER_KINDS.items() if not kinds or kind in kinds}
    if lanes and "broker" not in lanes:
        of_broker = {}
    if not services:
        of_replicas = {}
    if not disk:
        of_broker.pop("disk-full", None)
    faults = []
    for number in range(count):
        at_broker = bool(of_broker) and (not of_replicas or rng.random() < BROKER_SHARE)
        lane = "broker" if at_broker else services[number % len(services)]
        weights = of_broker if at_broker else of_replicas
        kind = rng.choices(list(weights), list(weights.values()))[0]
        faults.append(
            Fault(
                number=number,
                lane=lane,
                kind=kind,
                pause=rng.uniform(3.0, 9.0) if at_broker else rng.uniform(0.2, 1.0),
                victim=rng.random(),
                point=rng.choice(points or (POINTS[1:4] if rng.random() < 0.85 else (POINTS[0], POINTS[4]))),
                seconds=seconds_of(kind, session, rng),
                settled=rng.random() < 0.9,
                choices=choices_of(kind, rng),
            )
        )
    return faults


def seconds_of(kind: str, session: float, rng: random.Random) -> float:
    """Draw how long a fault of this kind lasts."""
    match kind:
        case "kill" | "kill-at-point":
            # The replica restarts at once, within the session time-out, or after it.
            return rng.choice((0.0, rng.uniform(0.1, 1.0) * session, rng.uniform(1.0, 1.6) * session))
        case "freeze" | "freeze-at-point" | "cut" | "half-open":
            return session * (rng.uniform(1.2, 2.0) if rng.random() < 0.7 else rng.uniform(0.2, 0.9))
        case "delay" | "add-and-remove" | "clock":
            return session * rng.uniform(0.5, 1.5)
        case "broker-away":
            return session * rng.uniform(0.8, 2.0)
    return 0.0


def choices_of(kind: str, rng: random.Random) -> dict[str, Any]:
    """Draw the parameters of a fault of this kind."""
    match kind:
        case "cut":
            return {"held": rng.random() < 0.7}
        case "half-open":
            troubles = ("mute", "deaf", "half-open")
            return {"held": rng.random() < 0.7, "trouble": rng.choice(troubles), "reset": rng.random() < 0.5}
        case "rescale":
            return {"replicas": rng.choice((1, 2, 3)), "gently": rng.random() < 0.5}
        case "clock":
            return {"offset": rng.choice((-1, 1)) * rng.choice((2.0, 60.0, 1800.0))}
        case "poison":
            return {"partition": rng.randrange(4), "what": rng.choice(("bytes", "model", "article"))}
    return {}
