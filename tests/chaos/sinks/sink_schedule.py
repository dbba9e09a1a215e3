"""The schedule of faults of sinks and their targets, drawn from a seed before anything runs."""

import random
from collections.abc import Sequence

from chaos.faults.schedule import BROKER_KINDS, Fault, choices_of, seconds_of
from chaos.replicas.control import POINTS, SINK_POINTS, Point
from chaos.sinks.lanes import SINKS

__all__ = ["SERVER", "SERVER_KINDS", "SINK_KINDS", "draw_sink_faults"]

SERVER = "server"
"""The lane of PostgreSQL itself."""

SINK_KINDS = {
    "kill": 10,
    "kill-at-point": 34,
    "freeze": 6,
    "freeze-at-point": 20,
    "terminate": 8,
    "rolling-restart": 3,
    "add-and-remove": 7,
    "rescale": 5,
    "cut": 3,
    "delay": 2,
    "half-open": 4,
}
"""Kinds of faults of replicas, with their weights in the draw."""

SERVER_KINDS = {
    "server-kill": 5,
    "server-kill-at-point": 7,
    "server-restart": 4,
    "server-away": 3,
    "server-backends": 6,
}
"""Kinds of faults of PostgreSQL: killed at once or in the middle of a transaction, stopped and started, down for
longer or shorter than a session, and its sessions ended."""

SERVER_SHARE, BROKER_SHARE = 0.14, 0.03
"""Shares of faults of the server, and of the broker, which stops every sink for up to ten seconds."""


def draw_sink_faults(
    seed: str,
    count: int,
    *,
    session: float,
    kinds: Sequence[str] = (),
    lanes: Sequence[str] = (),
    points: Sequence[Point] = (),
) -> list[Fault]:
    """Return `count` faults, the same for the same arguments.

    Args:
        seed: any text.
        count: number of faults.
        session: session time-out of the replicas in seconds; some faults last longer, some shorter.
        kinds: draw only these kinds; all if empty.
        lanes: draw only faults of these sinks, of the `server` or of the `broker`; all if empty.
        points: draw only these points; all if empty, mostly those of a write.
    """
    rng = random.Random(f"{seed}/{session}/{','.join(kinds)}")
    weights = dict.fromkeys(SINKS, SINK_KINDS) | {SERVER: SERVER_KINDS, "broker": BROKER_KINDS}
    of_lane = {
        lane: {kind: n for kind, n in of.items() if (not kinds or kind in kinds) and kind != "disk-full"}
        for lane, of in weights.items()
        if not lanes or lane in lanes
    }
    sinks = [lane for lane, of in of_lane.items() if of and lane in SINKS]
    others = {lane: share for lane, share in ((SERVER, SERVER_SHARE), ("broker", BROKER_SHARE)) if of_lane.get(lane)}
    faults = []
    for number in range(count):
        lane = _lane(rng, sinks, others, number)
        kind = rng.choices(list(of_lane[lane]), list(of_lane[lane].values()))[0]
        slow = lane == "broker"
        faults.append(
            Fault(
                number=number,
                lane=lane,
                kind=kind,
                pause=rng.uniform(3.0, 9.0) if slow else rng.uniform(0.1, 0.7),
                victim=rng.random(),
                point=rng.choice(points or (SINK_POINTS if rng.random() < 0.88 else POINTS)),
                seconds=_seconds(kind, session, rng),
                settled=rng.random() < 0.9,
                choices=choices_of(kind, rng),
            )
        )
    return faults


def _lane(rng: random.Random, sinks: Sequence[str], others: dict[str, float], number: int) -> str:
    drawn = rng.random()
    for lane, share in others.items():
        if drawn < share:
            return lane
        drawn -= share
    return sinks[number % len(sinks)] if sinks else list(others)[number % len(others)]


def _seconds(kind: str, session: float, rng: random.Random) -> float:
    match kind:
        case "server-away":
            return session * rng.uniform(0.5, 1.6)
        case "server-kill" | "server-kill-at-point" | "server-restart":
            return rng.uniform(0.0, 0.5)
        case "freeze" | "freeze-at-point":
            # Long enough for the next owner to open, on a busy machine as well: only then does a zombie wake.
            return session * (rng.uniform(1.2, 3.5) if rng.random() < 0.75 else rng.uniform(0.2, 0.9))
    return seconds_of(kind, session, rng)
